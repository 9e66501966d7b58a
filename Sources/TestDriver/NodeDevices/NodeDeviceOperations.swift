internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

extension TestDriver {
  /// What the driver does with node devices.
  static var nodeDeviceOperations: [Operation<TestDriver>] {
    [
      .nodeNumOfDevices { $0.numberOfDevices }, .nodeListDevices { $0.deviceNames }, .connectListAllNodeDevices { $0.list },
      .nodeDeviceLookupByName { $0.lookUpDevice }, .nodeDeviceLookupSCSIHostByWWN { $0.lookUpDevice },
      .nodeDeviceGetParent { $0.parent }, .nodeDeviceNumOfCaps { $0.numberOfCapabilities },
      .nodeDeviceListCaps { $0.capabilities }, .nodeDeviceGetXMLDesc { $0.describe },
      .nodeDeviceCreateXML { $0.createDevice }, .nodeDeviceDestroy { $0.destroy },
      .nodeDeviceDefineXML { $0.defineDevice }, .nodeDeviceUndefine { $0.undefine }, .nodeDeviceCreate { $0.start },
      .nodeDeviceIsActive { $0.isActive }, .nodeDeviceIsPersistent { $0.isPersistent },
      .nodeDeviceGetAutostart { $0.startsWithHost }, .nodeDeviceSetAutostart { $0.setAutostart },
      .nodeDeviceUpdate { $0.update }, .nodeDeviceDettach { $0.detach }, .nodeDeviceDetachFlags { $0.detach },
      .nodeDeviceReAttach { $0.reattach }, .nodeDeviceReset { $0.reset },
    ]
  }

  /// Stops a mediated device; takes any other one from the host. Devices without a parent stay.
  private func destroy(_ device: NodeDevice) throws(VirtError) {
    let definition = try object(device).definition
    if definition.kinds.contains(.mediated) { return try stop(device) }
    guard let parent = definition.parent, world.nodeDevices.find(name: parent) != nil else { return }
    try with(device) { $0.isPersistent = false }
    try stop(device)
  }

  private func undefine(_ device: NodeDevice, _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "nodeDeviceUndefine")
    let object = try object(device)
    let definition = try object.record.withLock { (record) throws(VirtError) -> NodeDeviceDefinition in
      let name = record.definition.name
      guard record.isPersistent else { throw NodeDevice.refusal(name, "is not defined") }
      guard record.definition.kinds.contains(.mediated) else {
        throw NodeDevice.unsupported(.configUnsupported, name, "is no mediated device")
      }
      record.isPersistent = false
      record.startsWithHost = false
      return record.definition
    }
    world.nodeDevices.remove(object) { !$0.isActive && !$0.isPersistent }
    NodeDevice.tell(world.events, definition, .undefined)
  }

  private func start(_ device: NodeDevice, _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "nodeDeviceCreate")
    try start(device)
  }

  private func setAutostart(_ device: NodeDevice, _ starts: Int32) throws(VirtError) {
    try with(device) { (record) throws(VirtError) in
      let name = record.definition.name
      guard record.definition.kinds.contains(.mediated) else {
        throw NodeDevice.unsupported(.operationUnsupported, name, "is no mediated device")
      }
      guard record.isPersistent else { throw NodeDevice.refusal(name, "is not defined") }
      record.startsWithHost = starts != 0
    }
  }
}

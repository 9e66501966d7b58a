internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension TestDriver {
  /// Changes a mediated device's type and attributes.
  func update(_ device: NodeDevice, _ text: BorrowedText, _ flags: NodeDeviceUpdateFlags) throws(VirtError) {
    try accept(flags, only: .known, in: "nodeDeviceUpdate")
    let element = try XMLReader.read(text.bytes, for: .nodedev)
    let updated = try with(device) { (record) throws(VirtError) -> NodeDeviceDefinition in
      let name = record.definition.name
      guard record.definition.kinds.contains(.mediated) else {
        throw NodeDevice.unsupported(.configUnsupported, name, "is no mediated device")
      }
      let wanted = try NodeDeviceDefinition.read(element, isNew: true)
      let live = flags.contains(.live) || (flags.isEmpty && record.isActive)
      let configuration = flags.contains(.config) || (flags.isEmpty && !record.isActive)
      if live, !record.isActive { throw NodeDevice.refusal(name, "is not active") }
      if configuration, !record.isPersistent { throw NodeDevice.refusal(name, "is not defined") }
      try record.change(live: live, configuration: configuration) { (definition) throws(VirtError) in
        try definition.taking(wanted)
      }
      return record.definition
    }
    NodeDevice.tellUpdate(world.events, updated)
  }

  /// Takes a device from the host's driver.
  func detach(_ device: NodeDevice) throws(VirtError) { try detach(device, driver: nil, flags: 0) }

  /// Takes a device from the host's driver and gives it to that of that name.
  func detach(_ device: NodeDevice, driver: BorrowedText?, flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "nodeDeviceDetachFlags")
    let name = driver?.string ?? "vfio"
    guard name.hasPrefix("vfio") else {
      let isKnown = name == "kvm" || name == "xen"
      throw VirtError(isKnown ? .argumentUnsupported : .invalidArg, .test, "there is no such driver for guests:", name)
    }
    try changePCI(device) { record in
      if !record.contents.isDetached { record.contents = DeviceState(isDetached: true, hostDriver: record.definition.driver) }
      return name == "vfio" ? "vfio-pci" : name
    }
  }

  /// Gives a device back to the host's driver.
  func reattach(_ device: NodeDevice) throws(VirtError) {
    try changePCI(device) { record in
      let driver = record.contents.isDetached ? record.contents.hostDriver : record.definition.driver
      record.contents = DeviceState()
      return driver
    }
  }

  /// Resets a device, which changes nothing that could be seen.
  func reset(_ device: NodeDevice) throws(VirtError) { try changePCI(device) { $0.definition.driver } }

  /// Gives a PCI device the driver that the body names.
  private func changePCI(_ device: NodeDevice, _ driver: (inout NodeDevice.Record) -> String?) throws(VirtError) {
    let changed = try with(device) { (record) throws(VirtError) -> NodeDeviceDefinition? in
      guard record.definition.kinds.contains(.pci) else {
        throw VirtError(.invalidArg, .test, "", "node device '\(record.definition.name)' is no PCI device")
      }
      let driver = driver(&record)
      guard driver != record.definition.driver else { return nil }
      record.change(live: true, configuration: false) { $0.with(driver: driver) }
      return record.definition
    }
    if let changed { NodeDevice.tellUpdate(world.events, changed) }
  }
}

extension NodeDeviceDefinition {
  /// The same mediated device with type and attributes of another document.
  func taking(_ wanted: NodeDeviceDefinition) throws(VirtError) -> NodeDeviceDefinition {
    guard let own = capability("mdev"), let other = wanted.capability("mdev") else {
      throw NodeDevice.unsupported(.configUnsupported, name, "becomes no other kind of device")
    }
    let uuid = other.first("uuid")?.text
    guard uuid == nil || uuid == own.first("uuid")?.text, wanted.parent == nil || wanted.parent == parent else {
      throw VirtError(.operationFailed, .nodedev, "an update cannot change UUID or parent of node device", name)
    }
    let isTaken = { (part: XMLElement) in part.isNamed("type") || part.isNamed("attr") }
    var changed = own.filtered { !isTaken($0) }
    for part in other.elements where isTaken(part) { changed = changed.appending(part) }
    return try NodeDeviceDefinition.read(element.replacing("capability", with: changed))
  }
}

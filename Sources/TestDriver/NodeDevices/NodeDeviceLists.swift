internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

extension TestDriver {
  /// How many active devices there are, or of them those that can do something.
  func numberOfDevices(_ capability: BorrowedText?, _ flags: UInt32) throws(VirtError) -> Int32 {
    try acceptNone(flags, in: "nodeNumOfDevices")
    return Int32(clamping: activeDevices(capability).count)
  }

  /// The names of active devices, or of those that can do something.
  func deviceNames(_ capability: BorrowedText?, _ most: Int, _ flags: UInt32) throws(VirtError) -> [String] {
    try acceptNone(flags, in: "nodeListDevices")
    return activeDevices(capability).prefix(most).map(\.name)
  }

  private func activeDevices(_ capability: BorrowedText?) -> [NodeDeviceDefinition] {
    let kinds = capability.map { DeviceKinds(named: $0.string) }
    return world.nodeDevices.all().filter { $0.id >= 0 }.map(\.definition).filter { definition in
      kinds.map { !definition.kinds.isDisjoint(with: $0) } ?? true
    }
  }

  /// Lists devices.
  func list(_ list: inout HandleList<NodeDevice>, _ flags: ConnectListAllNodeDeviceFlags) throws(VirtError) {
    try accept(flags, only: .known, in: "connectListAllNodeDevices")
    let kinds = DeviceKinds(rawValue: flags.rawValue).intersection(.all)
    try self.list(&list, ObjectFilter(0)) { record in
      if !kinds.isEmpty, record.definition.kinds.isDisjoint(with: kinds) { return false }
      let own: ConnectListAllNodeDeviceFlags = [
        record.isActive ? .active : .inactive, record.isPersistent ? .persistent : .transient,
      ]
      let pairs: [ConnectListAllNodeDeviceFlags] = [[.active, .inactive], [.persistent, .transient]]
      return pairs.allSatisfy { flags.isDisjoint(with: $0) || !flags.intersection($0).isDisjoint(with: own) }
    }
  }

  /// The device of that name.
  func lookUpDevice(name: BorrowedText) throws(VirtError) -> NodeDevice {
    guard let object = world.nodeDevices.find(name: name.bytes) else { throw NodeDevice.none(named: name.string) }
    return try NodeDevice.handle(object.definition, on: connection)
  }

  /// The adapter of those two numbers.
  func lookUpDevice(node: BorrowedText, port: BorrowedText, flags: UInt32) throws(VirtError) -> NodeDevice {
    try acceptNone(flags, in: "nodeDeviceLookupSCSIHostByWWN")
    guard let found = adapter(where: { $0.matches(node: node.string, port: port.string) }) else {
      throw VirtError(.noNodeDevice, .test, "", "there is no SCSI host '\(node.string)':'\(port.string)'")
    }
    return try NodeDevice.handle(found, on: connection)
  }

  /// The first adapter of a storage network, by name, that the condition holds for.
  func adapter(where isIt: (NodeDeviceDefinition) -> Bool) -> NodeDeviceDefinition? {
    world.nodeDevices.all().map(\.definition).filter { $0.kinds.contains(.fibreChannel) && isIt($0) }.min { $0.name < $1.name }
  }

  // MARK: - One device

  /// Nothing: what has a parent says so in its handle.
  func parent(of device: NodeDevice) throws(VirtError) -> BorrowedText? {
    _ = try object(device)
    return nil
  }

  /// How many capabilities a device has.
  func numberOfCapabilities(_ device: NodeDevice) throws(VirtError) -> Int32 {
    Int32(clamping: try object(device).definition.types.count)
  }

  /// The types of a device's capabilities.
  func capabilities(_ device: NodeDevice, _ most: Int) throws(VirtError) -> [String] {
    Array(try object(device).definition.types.prefix(most))
  }

  /// A device's document.
  func describe(_ device: NodeDevice, _ flags: NodeDeviceXMLFlags) throws(VirtError) -> HostString {
    try accept(flags, only: .known, in: "nodeDeviceGetXMLDesc")
    let definition = try with(device) { flags.contains(.inactive) ? $0.configuration : $0.definition }
    return try HostString(definition.text)
  }
}

extension NodeDeviceDefinition {
  /// Whether it is the adapter of those two numbers.
  func matches(node: String, port: String) -> Bool {
    guard let own = fibreChannel else { return false }
    return own.first("wwnn")?.text == node && own.first("wwpn")?.text == port
  }
}

internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension TestDriver {
  /// What the driver does with the devices of domains.
  static var deviceOperations: [Operation<TestDriver>] {
    [
      .domainAttachDevice { $0.attach }, .domainAttachDeviceFlags { $0.attach }, .domainDetachDevice { $0.detach },
      .domainDetachDeviceFlags { $0.detach }, .domainDetachDeviceAlias { $0.detachAlias }, .domainUpdateDeviceFlags { $0.update },
    ]
  }

  func attach(_ domain: Domain, _ text: BorrowedText) throws(VirtError) { try attach(domain, text, .live) }

  func attach(_ domain: Domain, _ text: BorrowedText, _ flags: DomainDeviceModifyFlags) throws(VirtError) {
    let element = try description(domain, text, flags, only: [.live, .config], in: "domainAttachDeviceFlags")
    let context = world.context
    var added: String?
    try changeDevices(domain, flags) { (record, present, isLive) throws(VirtError) in
      let plug = DevicePlug(present: present, isLive: isLive, record: record)
      let device = try plug.checked(try Device.read(element, beside: present.hardware, context))
      guard isLive else { return try present.hardware.plugging(device, context) }
      let alias = device.alias ?? present.hardware.freeAlias(for: device)
      added = alias
      return try present.hardware.plugging(device.named(alias), context)
    }
    if let added { try tell(domain) { world.events.domainDeviceAdded($0, devAlias: added) } }
  }

  func detach(_ domain: Domain, _ text: BorrowedText) throws(VirtError) { try detach(domain, text, .live) }

  func detach(_ domain: Domain, _ text: BorrowedText, _ flags: DomainDeviceModifyFlags) throws(VirtError) {
    let element = try description(domain, text, flags, only: [.live, .config], in: "domainDetachDeviceFlags")
    try detach(domain, flags) { (unplug) throws(VirtError) in try unplug.place(of: element, self.world.context) }
  }

  func detachAlias(_ domain: Domain, _ alias: BorrowedText, _ flags: DomainDeviceModifyFlags) throws(VirtError) {
    try check(domain, flags, only: [.live, .config], in: "domainDetachDeviceAlias")
    let alias = alias.string
    try detach(domain, flags) { (unplug) throws(VirtError) in
      guard let place = unplug.present.hardware.index(ofAlias: alias) else {
        throw VirtError(.internalError, .domain, "", "'\(unplug.present.name)' has no device with the alias '\(alias)'")
      }
      return place
    }
  }

  private func detach(
    _ domain: Domain, _ flags: DomainDeviceModifyFlags, _ find: (DevicePlug) throws(VirtError) -> Int
  ) throws(VirtError) {
    var removed: String?
    try changeDevices(domain, flags) { (record, present, isLive) throws(VirtError) in
      let plug = DevicePlug(present: present, isLive: isLive, record: record)
      let place = try find(plug)
      try plug.checkRemoval(at: place)
      if isLive { removed = present.hardware.devices[place].alias }
      return present.hardware.unplugging(at: place)
    }
    if let removed { try tell(domain) { world.events.domainDeviceRemoved($0, devAlias: removed) } }
  }

  func update(_ domain: Domain, _ text: BorrowedText, _ flags: DomainDeviceModifyFlags) throws(VirtError) {
    let element = try description(domain, text, flags, only: [.live, .config, .force], in: "domainUpdateDeviceFlags")
    let context = world.context
    try changeDevices(domain, flags) { (_, present, isLive) throws(VirtError) in
      try DeviceUpdate(present: present, isLive: isLive).applied(element, context)
    }
  }

  /// The document that a call has about a device of a domain, once the domain is in a state for it.
  private func description(
    _ domain: Domain, _ text: BorrowedText, _ flags: DomainDeviceModifyFlags, only known: DomainDeviceModifyFlags,
    in operation: StaticString
  ) throws(VirtError) -> XMLElement {
    try check(domain, flags, only: known, in: operation)
    return try XMLReader.read(text.bytes, for: .domain)
  }

  /// Refuses flags that do not fit the domain's state, and those that an operation does not have.
  private func check(
    _ domain: Domain, _ flags: DomainDeviceModifyFlags, only known: DomainDeviceModifyFlags, in operation: StaticString
  ) throws(VirtError) {
    _ = try with(domain) { (record) throws(VirtError) in try Impact(flags.rawValue & 3, of: record) }
    try accept(flags, only: known, in: operation)
  }

  /// Changes the hardware in the definitions that the flags mean; in both or in none.
  private func changeDevices(
    _ domain: Domain, _ flags: DomainDeviceModifyFlags,
    _ change: (DomainRecord, DomainValues, _ isLive: Bool) throws(VirtError) -> DomainHardware
  ) throws(VirtError) {
    try with(domain) { (record) throws(VirtError) in
      let impact = try Impact(flags.rawValue & 3, of: record)
      let known = record
      try record.changeHardware(live: impact.live, configuration: impact.configuration) { (present, isLive) throws(VirtError) in
        try change(known, present, isLive)
      }
    }
  }

  private func tell(_ domain: Domain, _ body: (ObjectIdentity) -> Void) throws(VirtError) {
    let object = try object(domain)
    let (name, id) = object.record.withLock { ($0.definition.name, $0.id) }
    body(ObjectIdentity(name, uuid: object.uuid, id: id))
  }
}

internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

extension TestDriver {
  /// What the agent tells in groups; 0 asks for all.
  func guestInformation(_ domain: Domain, _ types: UInt32, _ flags: UInt32) throws(VirtError) -> [TypedParameter] {
    try acceptNone(flags, in: "domainGetGuestInfo")
    let asked = types == 0 ? DomainGuestInfoTypes.known : DomainGuestInfoTypes(rawValue: types)
    guard DomainGuestInfoTypes.known.isSuperset(of: asked) else {
      throw VirtError(.argumentUnsupported, .test, "", "the agent has no groups 0x\(String(types, radix: 16))")
    }
    let record = try running(domain) { $0 }
    var answer: [TypedParameter] = []
    for (type, group) in groups where asked.contains(type) {
      answer += try group(record).map { TypedParameter($0.0, $0.1) }
    }
    return answer
  }

  private typealias Values = [(String, TypedParameter.Value)]
  private var groups: [(DomainGuestInfoTypes, (DomainRecord) throws(VirtError) -> Values)] {
    [
      (.users, { (_) throws(VirtError) in Self.users }), (.os, { (record) throws(VirtError) in Self.system(record) }),
      (.timezone, { (_) throws(VirtError) in [("timezone.name", .string("UTC")), ("timezone.offset", .int(0))] }),
      (.hostname, { (record) throws(VirtError) in [("hostname", .string(Self.guestName(record)))] }),
      (.filesystem, { (record) throws(VirtError) in Self.fileSystems(record) }),
      (.disks, { (record) throws(VirtError) in Self.disks(record) }),
      (.interfaces, { (record) throws(VirtError) in try self.interfaces(record) }), (.load, { (_) throws(VirtError) in Self.load }),
      (.devices, { (_) throws(VirtError) in [("device.count", .uint(0))] }),
    ]
  }

  private static var users: Values {
    [
      ("user.count", .uint(1)), ("user.0.name", .string("root")),
      ("user.0.login-time", .ullong(UInt64(clamping: GuestState.birth) * 1000)),
    ]
  }

  private static func system(_ record: DomainRecord) -> Values {
    [
      ("os.id", .string("test")), ("os.name", .string("Test")), ("os.pretty-name", .string("Test 1.0")),
      ("os.version", .string("1.0")), ("os.version-id", .string("1.0")), ("os.kernel-release", .string("1.0-test")),
      ("os.kernel-version", .string("#1")), ("os.machine", .string(record.definition.values.hardware.system.architecture)),
      ("os.variant", .string("Guest")), ("os.variant-id", .string("guest")),
    ]
  }

  private static var load: Values { [("load.1m", .double(0.25)), ("load.5m", .double(0.5)), ("load.15m", .double(0.75))] }

  private static func fileSystems(_ record: DomainRecord) -> Values {
    guard let disk = GuestFileSystem.disk(record.definition.values) else { return [("fs.count", .uint(0))] }
    var values: Values = [("fs.count", .uint(UInt32(clamping: GuestFileSystem.allCases.count)))]
    for (number, place) in GuestFileSystem.allCases.enumerated() {
      values += [
        ("fs.\(number).mountpoint", .string(place.rawValue)), ("fs.\(number).name", .string("\(disk)\(place.partition)")),
        ("fs.\(number).fstype", .string(GuestFileSystem.type)), ("fs.\(number).total-bytes", .ullong(DiskFigures.capacity / 2)),
        ("fs.\(number).used-bytes", .ullong(DiskFigures.capacity / 4)), ("fs.\(number).disk.count", .uint(1)),
        ("fs.\(number).disk.0.alias", .string(disk)), ("fs.\(number).disk.0.device", .string("/dev/\(disk)")),
      ]
    }
    return values
  }

  private static func disks(_ record: DomainRecord) -> Values {
    let disks = record.definition.values.hardware.devices.filter { $0.kind == .disk }
    var values: Values = [("disk.count", .uint(UInt32(clamping: disks.count)))]
    for (number, disk) in disks.enumerated() {
      let name = Disk.target(disk.element)
      values += [
        ("disk.\(number).name", .string("/dev/\(name)")), ("disk.\(number).partition", .boolean(false)),
        ("disk.\(number).dependency.count", .uint(0)), ("disk.\(number).alias", .string(name)),
      ]
      if let serial = disk.element.first("serial")?.text { values.append(("disk.\(number).serial", .string(serial))) }
      if let bus = disk.element.first("target")?["bus"] { values.append(("disk.\(number).guest_bus", .string(bus))) }
    }
    return values
  }

  private func interfaces(_ record: DomainRecord) throws(VirtError) -> Values {
    let addresses = try GuestAddress.all(record, in: world)
    var values: Values = [("if.count", .uint(UInt32(clamping: addresses.count)))]
    for (number, address) in addresses.enumerated() {
      values += [
        ("if.\(number).name", .string("eth\(number)")), ("if.\(number).hwaddr", .string(address.hardware)),
        ("if.\(number).addr.count", .uint(1)), ("if.\(number).addr.0.type", .string("ipv4")),
        ("if.\(number).addr.0.addr", .string(address.address)), ("if.\(number).addr.0.prefix", .uint(GuestAddress.prefix)),
      ]
    }
    return values
  }
}

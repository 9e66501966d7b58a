internal import CVirt
internal import Glibc
internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

extension TestDriver {
  /// How somebody looks at guests, and what else reaches their devices.
  static var graphicsOperations: [Operation<TestDriver>] {
    [
      .domainOpenGraphics { $0.openGraphics }, .domainOpenGraphicsFD { $0.openGraphics },
      .domainGraphicsReload { $0.reloadGraphics }, .domainAnnounceInterface { $0.announce }, .domainFDAssociate { $0.associate },
    ]
  }

  /// The type of a console of a running domain that can be looked at.
  private func screen(_ record: DomainRecord, _ number: UInt32) throws(VirtError) -> String {
    let screens = record.definition.values.hardware.devices.filter { $0.kind == .graphics }
    guard let index = Int(exactly: number), screens.indices.contains(index) else {
      throw VirtError(.internalError, .test, "", "'\(record.definition.name)' has no graphical console \(number)")
    }
    let type = screens[index].element["type"] ?? ""
    guard ["vnc", "spice", "dbus"].contains(type) else {
      throw VirtError(.configUnsupported, .test, "nobody can be let into a console of the type", type)
    }
    return type
  }

  /// Takes a copy of one end of a pair of sockets; the far end keeps its own.
  private func openGraphics(
    _ domain: Domain, _ number: UInt32, _ descriptor: Int32, _ flags: DomainOpenGraphicsFlags
  ) throws(VirtError) {
    try accept(flags, only: .known, in: "domainOpenGraphics")
    let object = try runningObject(domain)
    try withUnsafePointer(to: descriptor) { (pointer) throws(VirtError) in
      try greet(object, number, try Descriptors(copying: UnsafeBufferPointer(start: pointer, count: 1)))
    }
  }

  /// Makes such a pair, and gives one end away.
  private func openGraphics(_ domain: Domain, _ number: UInt32, _ flags: UInt32) throws(VirtError) -> Int32 {
    let flags = DomainOpenGraphicsFlags(rawValue: flags)
    try accept(flags, only: .known, in: "domainOpenGraphicsFD")
    let object = try runningObject(domain)
    _ = try object.record.withLock { (record) throws(VirtError) in try screen(record, number) }
    var pair: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else {
      throw VirtError(.systemError, .test, "there is no pair of sockets", details: ErrorDetails("", integers: (errno, -1)))
    }
    let own = pair[0], given = pair[1]
    do throws(VirtError) {
      try greet(object, number, Descriptors(taking: [own]))
    } catch {
      Glibc.close(given)
      throw error
    }
    return given
  }

  /// Says what a server says first, and keeps the connection until the domain stops.
  private func greet(_ object: DomainObject, _ number: UInt32, _ descriptors: Descriptors) throws(VirtError) {
    let type = try object.record.withLock { (record) throws(VirtError) -> String in
      let type = try screen(record, number)
      record.viewers.append(descriptors)
      return type
    }
    // Servers of the other kinds wait for what comes.
    if type == "vnc", let descriptor = descriptors.all.first {
      var greeting = "RFB 003.008\n"
      greeting.withUTF8 { _ = send(descriptor, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL)) }
    }
    tellViewer(object)
  }

  /// Tells that somebody looks, and who, as far as the connection said.
  private func tellViewer(_ object: DomainObject) {
    guard world.events.wantsDomainGraphics else { return }
    let names = identity.withLock { $0 }.compactMap { parameter -> (String, String)? in
      if case .string(let text) = parameter.value { (parameter.name, text) } else { nil }
    }
    var texts: [UnsafeMutablePointer<CChar>?] = names.flatMap { [strdup($0.0), strdup($0.1)] }
    texts += [strdup("localhost"), strdup("")]
    defer { for text in texts { free(text) } }
    var identities = names.indices.map { virDomainEventGraphicsSubjectIdentity(type: texts[2 * $0], name: texts[2 * $0 + 1]) }
    var address = virDomainEventGraphicsAddress()
    address.family = DomainEventGraphicsAddressType.unix.rawValue
    address.node = texts[texts.count - 2]
    address.service = texts[texts.count - 1]
    let domain = world.identity(object), events = world.events
    identities.withUnsafeMutableBufferPointer { identities in
      var subject = virDomainEventGraphicsSubject()
      subject.nidentity = Int32(clamping: identities.count)
      subject.identities = identities.baseAddress
      for phase: DomainEventGraphicsPhase in [.connect, .initialize] {
        events.domainGraphics(
          domain, phase: phase.rawValue, local: &address, remote: &address, authScheme: "none", subject: &subject)
      }
    }
  }

  /// Certificates are read again: there are none.
  private func reloadGraphics(_ domain: Domain, _ type: UInt32, _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "domainGraphicsReload")
    guard type <= UInt32(bitPattern: DomainGraphicsReloadType.vnc.rawValue) else {
      throw VirtError(.invalidArg, .test, "there is no type of graphical consoles with the number", "\(type)")
    }
    let object = try runningObject(domain)
    try object.record.withLock { (record) throws(VirtError) in
      guard record.definition.values.hardware.devices.contains(where: { $0.kind == .graphics && $0.element["type"] == "vnc" })
      else {
        throw VirtError(.operationUnsupported, .test, "the domain has no console with certificates:", record.definition.name)
      }
    }
  }

  /// Has the guest say where it is; it says so on its consoles, too.
  private func announce(
    _ domain: Domain, _ device: BorrowedText, _ parameters: [TypedParameter], _ flags: UInt32
  ) throws(VirtError) {
    try acceptNone(flags, in: "domainAnnounceInterface")
    let values = try ParameterValues(parameters, [("initial", .uint), ("max", .uint), ("rounds", .uint), ("step", .uint)])
    let object = try runningObject(domain), name = device.string
    let address = try object.record.withLock { (record) throws(VirtError) -> String in
      let hardware = record.definition.values.hardware
      let named = hardware.devices.firstIndex { $0.kind == .interface && $0.element.first("alias")?["name"] == name }
      guard let index = named ?? hardware.interface(name) else {
        throw VirtError(.invalidArg, .test, "the domain has no network interface", name)
      }
      return hardware.devices[index].element.first("mac")?["address"] ?? name
    }
    world.lines.say("announce \(address), \(values.uint("rounds") ?? 5) times", by: object)
  }
}

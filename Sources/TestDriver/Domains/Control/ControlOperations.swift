internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

extension TestDriver {
  /// What is done to a guest from outside.
  static var controlOperations: [Operation<TestDriver>] {
    [
      .domainReset { $0.reset }, .domainInjectNMI { $0.interrupt }, .domainSendKey { $0.press },
      .domainSetLifecycleAction { $0.setAction },
      .domainCreateWithFiles { $0.start }, .domainCreateXMLWithFiles { $0.create },
    ]
  }

  /// A running domain, for what only its guest notices.
  func runningObject(_ domain: Domain) throws(VirtError) -> DomainObject {
    let object = try object(domain)
    try object.record.withLock { (record) throws(VirtError) in
      guard record.isActive else { throw Impact.notRunning(record) }
    }
    return object
  }

  /// Restarts the guest as if by a button; a paused one stays paused.
  private func reset(_ domain: Domain, _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "domainReset")
    let object = try runningObject(domain)
    world.lines.say("reset", by: object)
    if world.events.wantsDomainReboot { world.events.domainReboot(world.identity(object)) }
  }

  private func interrupt(_ domain: Domain, _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "domainInjectNMI")
    world.lines.say("interrupt", by: try runningObject(domain))
  }

  /// Presses keys all at once; the guest says which on its consoles.
  private func press(
    _ domain: Domain, _ set: UInt32, _ milliseconds: UInt32, _ keys: UnsafeBufferPointer<UInt32>, _ flags: UInt32
  ) throws(VirtError) {
    try acceptNone(flags, in: "domainSendKey")
    guard let codes = KeyCodes(set) else {
      throw VirtError(
        .invalidArg, .domain, "there is no set of key codes with the number", "\(set)",
        details: ErrorDetails("virDomainSendKey", "codeset", integers: (0, 0)))
    }
    let object = try runningObject(domain)
    guard keys.count <= Self.mostKeys else {
      throw VirtError(.invalidArg, .test, "so many keys cannot be pressed at once:", "\(keys.count)")
    }
    for key in keys where !codes.has(key) {
      throw VirtError(.internalError, .test, "", "the key codes '\(codes.name)' do not have \(key)")
    }
    world.lines.say("keys \(codes.name) \(keys.map(String.init).joined(separator: " ")), \(milliseconds) ms", by: object)
  }
  /// `VIR_DOMAIN_SEND_KEY_MAX_KEYS`.
  private static let mostKeys = 16

  private func setAction(
    _ domain: Domain, _ event: UInt32, _ action: UInt32, _ flags: DomainModificationImpact
  ) throws(VirtError) {
    try LifecycleActions.check(action, after: event)
    try accept(flags, only: [.live, .config], in: "domainSetLifecycleAction")
    _ = try LifecycleActions().setting(action, after: event)
    try with(domain) { (record) throws(VirtError) in
      let impact = try Impact(flags.rawValue, of: record)
      try record.changeHardware(live: impact.live, configuration: impact.configuration) { (present, _) throws(VirtError) in
        try present.hardware.changing(action: action, after: event)
      }
    }
  }
}

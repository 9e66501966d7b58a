internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine

extension TestDriver {
  /// What the agent in a guest answers.
  static var agentOperations: [Operation<TestDriver>] {
    [
      .domainGetHostname { $0.guestName }, .domainGetTime { $0.guestTime }, .domainSetTime { $0.setGuestTime },
      .domainFSFreeze { $0.freeze }, .domainFSThaw { $0.thaw }, .domainFSTrim { $0.trim }, .domainGetFSInfo { $0.fileSystems },
      .domainInterfaceAddresses { $0.addresses }, .domainGetGuestInfo { $0.guestInformation },
      .domainSetUserPassword { $0.setPassword }, .domainAuthorizedSSHKeysGet { $0.keys },
      .domainAuthorizedSSHKeysSet { $0.setKeys },
      .domainGetGuestVcpus { $0.guestProcessors }, .domainSetGuestVcpus { $0.setGuestProcessors },
      .domainSetVcpu { $0.setProcessor },
      .domainAgentSetResponseTimeout { $0.setAgentTimeout }, .domainSendProcessSignal { $0.signal },
      .domainGetLaunchSecurityInfo { $0.launchSecurity }, .domainSetLaunchSecurityState { $0.setLaunchSecret },
    ]
  }

  /// What a guest calls itself.
  static func guestName(_ record: DomainRecord) -> String { "\(record.definition.name)host" }

  func guestName(_ domain: Domain, _ flags: DomainGetHostnameFlags) throws(VirtError) -> String {
    try accept(flags, only: [], in: "domainGetHostname")
    return try running(domain) { Self.guestName($0) }
  }

  /// A guest's clock stands still at what it was set to.
  func guestTime(_ domain: Domain, _ flags: UInt32) throws(VirtError) -> (seconds: Int64, nseconds: UInt32) {
    try acceptNone(flags, in: "domainGetTime")
    return try with(domain) { (record) throws(VirtError) in
      guard record.state == .running else {
        throw VirtError(.operationInvalid, .test, "the domain does not run:", record.definition.name)
      }
      return (record.guest.seconds, record.guest.nanoseconds)
    }
  }

  func setGuestTime(
    _ domain: Domain, _ seconds: Int64, _ nanoseconds: UInt32, _ flags: DomainSetTimeFlags
  ) throws(VirtError) {
    try accept(flags, only: .sync, in: "domainSetTime")
    try running(domain) { record in
      record.guest.seconds = seconds
      record.guest.nanoseconds = nanoseconds
    }
  }

  /// Seconds; the negative values of the API are kept as they are.
  func setAgentTimeout(_ domain: Domain, _ timeout: Int32, _ flags: UInt32) throws(VirtError) -> Int32 {
    try acceptNone(flags, in: "domainAgentSetResponseTimeout")
    guard timeout >= DomainAgentResponseTimeoutValues.block.rawValue else {
      throw VirtError(.invalidArg, .test, "the agent cannot be given so much time:", "\(timeout)")
    }
    try with(domain) { $0.guest.agentTimeout = timeout }
    return 0
  }

  /// Every process takes every signal.
  func signal(_ domain: Domain, _ process: Int64, _ number: UInt32, _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "domainSendProcessSignal")
    guard number <= UInt32(bitPattern: DomainProcessSignal.rt32.rawValue) else {
      throw VirtError(.invalidArg, .test, "there is no signal", "\(number)")
    }
    try with(domain) { _ in }
  }
}

internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine

extension TestDriver {
  /// Does an action; when the domain is in no state for it, throws what `refusal` says, or else the table.
  func act(
    _ object: DomainObject, _ action: DomainAction, refusal: ((String) -> VirtError)? = nil
  ) throws(VirtError) {
    try world.act(object, action, refusal: refusal)
  }

  /// The same, and keeps the application's handle up to date.
  private func act(_ domain: Domain, _ action: DomainAction) throws(VirtError) {
    let object = try object(domain)
    try act(object, action)
    domain.setID(object.record.withLock { $0.id })
  }

  func start(_ domain: Domain) throws(VirtError) {
    try act(domain, .start)
  }

  func start(_ domain: Domain, _ flags: DomainCreateFlags) throws(VirtError) {
    try accept(flags, only: [], in: "domainCreateWithFlags")
    try start(domain)
  }

  /// The same, with descriptors for the guest's first process.
  func start(_ domain: Domain, _ files: UnsafeBufferPointer<Int32>, _ flags: DomainCreateFlags) throws(VirtError) {
    try accept(flags, only: [], in: "domainCreateWithFiles")
    let files = try Descriptors(copying: files)
    try start(domain)
    try with(domain) { if $0.isActive { $0.files = files } }
  }

  func suspend(_ domain: Domain) throws(VirtError) {
    try act(domain, .suspend)
  }

  func resume(_ domain: Domain) throws(VirtError) {
    try act(domain, .resume)
  }

  func shutDown(_ domain: Domain) throws(VirtError) {
    // A domain may say that its guest starts again.
    let restarts = try with(domain) { $0.definition.restartsOnPowerOff }
    try act(domain, restarts ? .reboot : .shutDown)
  }

  func shutDown(_ domain: Domain, _ flags: DomainShutdownFlagValues) throws(VirtError) {
    try accept(flags, only: [], in: "domainShutdownFlags")
    try shutDown(domain)
  }

  func destroy(_ domain: Domain) throws(VirtError) { try act(domain, .destroy) }

  func destroy(_ domain: Domain, _ flags: DomainDestroyFlagsValues) throws(VirtError) {
    try accept(flags, only: .graceful, in: "domainDestroyFlags")
    try destroy(domain)
  }

  func reboot(_ domain: Domain, _ flags: DomainRebootFlagValues) throws(VirtError) {
    try accept(flags, only: .known, in: "domainReboot")
    let object = try object(domain)
    // A domain may say that rebooting ends it.
    let ends = object.record.withLock { $0.definition.endsOnReboot }
    try act(domain, ends ? .shutDown : .reboot)
    if !ends, world.events.wantsDomainReboot { world.events.domainReboot(world.identity(object)) }
  }
}

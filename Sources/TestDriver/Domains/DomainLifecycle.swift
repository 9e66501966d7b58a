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

  func suspend(_ domain: Domain) throws(VirtError) {
    try act(domain, .suspend)
  }

  func resume(_ domain: Domain) throws(VirtError) {
    try act(domain, .resume)
  }

  func shutDown(_ domain: Domain) throws(VirtError) {
    try act(domain, .shutDown)
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
    try act(object, ends ? .shutDown : .reboot)
  }
}

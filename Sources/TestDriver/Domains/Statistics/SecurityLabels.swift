internal import CVirt
internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine

extension TestDriver {
  private static func label(_ isActive: Bool) -> virSecurityLabel {
    var label = virSecurityLabel()
    guard isActive else { return label }
    // The text is the first field; Swift sees no array of its size.
    withUnsafeMutableBytes(of: &label) { $0.copyBytes(from: "libvirt-test".utf8) }
    label.enforcing = 1
    return label
  }

  /// All that runs has the same label.
  func securityLabel(_ domain: Domain) throws(VirtError) -> virSecurityLabel {
    Self.label(try with(domain) { $0.isActive })
  }

  /// One for each security model of the host, which has one.
  func securityLabels(_ domain: Domain) throws(VirtError) -> [virSecurityLabel] {
    let isActive = try with(domain) { $0.isActive }
    return isActive ? [Self.label(true)] : []
  }

  /// Measures how much memory changes; the figures are told with the statistics of all domains.
  func measureChanges(_ domain: Domain, _ seconds: Int32, _ flags: DomainDirtyRateCalcFlags) throws(VirtError) {
    try accept(flags, only: .known, in: "domainStartDirtyRateCalc")
    guard (1...60).contains(seconds) else {
      throw VirtError(.invalidArg, .test, "a measurement takes from 1 to 60 seconds, not", "\(seconds)")
    }
    try running(domain) { (record) throws(VirtError) in
      let now = Int64(clamping: HostClock.seconds)
      if let present = record.guest.measurement, now < present.end {
        throw VirtError(.operationInvalid, .test, "the domain is being measured:", record.definition.name)
      }
      record.guest.measurement = GuestState.Measurement(start: now, period: seconds, mode: flags.rawValue)
    }
  }
}

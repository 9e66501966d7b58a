internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension TestDriver {
  /// What protects a guest's memory from its host: the element of the document.
  private func protection(_ record: DomainRecord, _ types: [String]) throws(VirtError) -> XMLElement {
    guard let element = record.definition.values.hardware.other("launchSecurity"), types.contains(element["type"] ?? "") else {
      throw VirtError(.operationUnsupported, .test, "nothing protects the domain's memory:", record.definition.name)
    }
    return element
  }

  func launchSecurity(_ domain: Domain, _ flags: UInt32) throws(VirtError) -> [TypedParameter] {
    try acceptNone(flags, in: "domainGetLaunchSecurityInfo")
    let element = try running(domain) { (record) throws(VirtError) in try protection(record, ["sev", "sev-snp"]) }
    let policy = element.first("policy").flatMap { Self.number($0.text) } ?? 0
    let firmware = [
      TypedParameter("sev-api-major", .uint(1)), TypedParameter("sev-api-minor", .uint(0)),
      TypedParameter("sev-build-id", .uint(1)),
    ]
    if element["type"] == "sev-snp" { return firmware + [TypedParameter("sev-snp-policy", .ullong(policy))] }
    // 32 bytes, none of them set.
    let measurement = String(repeating: "A", count: 43) + "="
    return [TypedParameter("sev-measurement", .string(measurement))] + firmware
      + [TypedParameter("sev-policy", .uint(UInt32(truncatingIfNeeded: policy)))]
  }

  /// A number in decimal or, behind 0x, in hexadecimal digits.
  private static func number(_ text: String) -> UInt64? {
    text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
  }

  /// A guest takes a secret before it runs, while it is paused.
  func setLaunchSecret(_ domain: Domain, _ parameters: [TypedParameter], _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "domainSetLaunchSecurityState")
    let values = try ParameterValues(
      parameters, [("sev-secret-header", .string), ("sev-secret", .string), ("sev-secret-set-address", .ullong)])
    guard values.string("sev-secret-header") != nil, values.string("sev-secret") != nil else {
      throw VirtError(.invalidArg, .test, "a secret comes with its header")
    }
    try running(domain) { (record) throws(VirtError) in
      _ = try protection(record, ["sev"])
      guard record.state == .paused else {
        throw VirtError(.operationInvalid, .test, "a secret is set before the guest runs:", record.definition.name)
      }
    }
  }
}

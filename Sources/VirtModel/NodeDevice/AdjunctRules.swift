internal import VirtCore

extension DeviceRules {
  /// A cryptographic adapter.
  static let adjunctCard = capability("ap_card", [adapter])

  /// A domain of such an adapter.
  static let adjunctQueue = capability("ap_queue", [adapter, part("ap-domain", upTo: 255, width: 4)])

  /// What hands such queues to guests.
  static let adjunctMatrix: ElementRule = {
    var rule = capability("ap_matrix", [mediatedTypes])
    rule.missingKind = malformed
    return rule
  }()

  private static let adapter = part("ap-adapter", upTo: UInt64(UInt32.max), width: 2)

  private static func part(_ name: String, upTo most: UInt64, width: Int) -> ElementRule {
    ElementRule.value(name, .number(0, upTo: most, width: width).with(missing: unsupported, wrong: unsupported))
      .present(.required(.configUnsupported, .nodedev))
  }
}

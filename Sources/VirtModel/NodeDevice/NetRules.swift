internal import VirtCore

extension DeviceRules {
  /// A network interface.
  static let net: ElementRule = {
    var rule = capability(
      "net",
      [
        text("interface"), .value("address"),
        link,
        ElementRule.attributes("feature", [("name", .choice(features).with(missing: malformed, wrong: malformed))])
          .present(.repeated),
        capability("80203", []), capability("80211", []),
      ])
    rule.missingKind = .leftOut
    rule.emptyKindIsMissing = true
    rule.unknownKind = unsupported
    return rule
  }()

  private static let link: ElementRule = {
    let states = ["unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up"]
    var rule = ElementRule.attributes(
      "link",
      [
        ("speed", .number(0).with(wrong: badAttribute, emptyIsMissing: false)),
        ("state", .choice(states).with(wrong: badAttribute)),
      ])
    rule.needsSomething = true
    return rule
  }()

  /// What hardware may do for the kernel.
  private static let features = [
    "rx", "tx", "sg", "tso", "gso", "gro", "lro", "rxvlan", "txvlan", "ntuple", "rxhash", "rdma", "txudptnl", "switchdev",
  ]
}

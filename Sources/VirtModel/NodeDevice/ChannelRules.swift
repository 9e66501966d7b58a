internal import VirtCore

extension DeviceRules {
  /// A device of the channel subsystem.
  static let channel = capability(
    "ccw",
    [.value("state", .choice(["online", "offline"]).with(wrong: unsupported))] + channelAddress
      + [channelDeviceAddress, capability("ccwgroup_member", [.value("group_device")])])

  /// A subchannel.
  static let subchannel: ElementRule = {
    var rule = capability("css", channelAddress + [channelDeviceAddress, mediatedTypes])
    rule.missingKind = malformed
    return rule
  }()

  /// Several channel devices that make one.
  static let channelGroup = capability(
    "ccwgroup",
    [.value("state", .choice(["online", "offline"]).with(wrong: unsupported))] + channelAddress
      + [
        .parts("members", [ElementRule(name: "ccw_device", presence: .repeated, attributes: [("ref", .text)])]),
        networkCard("qeth_generic"), networkCard("qeth_layer2"), networkCard("qeth_layer3"),
      ])

  private static func networkCard(_ type: String) -> ElementRule {
    capability(type, [.value("card_type"), .value("chpid")])
  }

  private static let channelDeviceAddress = ElementRule.parts("channel_dev_addr", channelAddress)

  private static let channelAddress = [part("cssid", 0, 1), part("ssid", 0, 1), part("devno", 16, 4)]

  private static func part(_ name: String, _ radix: Int, _ width: Int) -> ElementRule {
    ElementRule.value(name, .number(radix, width: width).with(missing: unsupported, wrong: unsupported))
      .present(.required(.configUnsupported, .nodedev))
  }
}

internal import VirtCore

extension DeviceRules {
  /// A mediated device: a part of a device that is shared.
  static let mediated = capability(
    "mdev",
    [
      ElementRule.attributes("type", [("id", .text.with(missing: unsupported))])
        .present(.required(.configUnsupported, .nodedev)),
      .value("uuid", .uuid.with(wrong: refused)), .value("parent_addr"),
      ElementRule(
        name: "iommuGroup", attributes: [("number", .number().with(missing: .taken("0"), wrong: refused))]),
      ElementRule.attributes(
        "attr", [("name", .text.with(missing: .elementLeftOut)), ("value", .text.with(missing: .elementLeftOut))]
      ).present(.repeated),
    ])
}

internal import VirtCore

extension DeviceRules {
  /// A block device. What has removable media says its size there.
  static let storage: ElementRule = {
    var rule = capability(
      "storage",
      [
        text("block"), .value("bus"), .value("drive_type"), .value("model"), .value("vendor"), .value("serial"),
        ElementRule.value("size", .number(upTo: .max).with(missing: refused, wrong: refused)), blockSize, blocks,
        capability(
          "removable",
          [
            ElementRule.value("media_available", .flag).present(.always),
            number("media_size", upTo: .max), .value("media_label"), blockSize, blocks,
          ]),
        capability("hotpluggable", []),
      ])
    rule.missingKind = refused
    rule.unknownKind = refused
    return rule
  }()

  private static let blockSize = ElementRule.value("logical_block_size", .number(upTo: .max))
  private static let blocks = ElementRule.value("num_blocks", .number(upTo: .max))
}

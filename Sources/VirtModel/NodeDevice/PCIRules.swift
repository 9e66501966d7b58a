internal import VirtCore

extension DeviceRules {
  /// A function of a PCI device.
  static let pci: ElementRule = {
    var rule = capability(
      "pci",
      [
        .value("class", .number(16, upTo: 0xff_ffff, width: 6).ignoringNegatives.with(wrong: refused)),
        number("domain"), number("bus"), number("slot"), number("function"), identified("product"), identified("vendor"),
        physicalFunction, virtualFunctions, capability("pci-bridge", []), capability("cardbus-bridge", []), mediatedTypes,
        vitalData,
        ElementRule(
          name: "iommuGroup", attributes: [("number", .number(0).with(missing: badAttribute, wrong: badAttribute))],
          content: .parts([address()])),
        .attributes("numa", [("node", .number().ignoringNegatives.with(missing: .elementLeftOut, wrong: refused))]),
        .parts("pci-express", [link]),
      ])
    rule.missingKind = malformed
    return rule
  }()

  private static let physicalFunction = ElementRule(
    name: "capability", kind: "phys_function", content: .parts([address(.required(.xmlError, .nodedev))]))

  private static let virtualFunctions = ElementRule(
    name: "capability", kind: "virt_functions", attributes: [("maxCount", .number().with(wrong: malformed))],
    content: .parts([address()]))

  private static let link = ElementRule.attributes(
    "link",
    [
      ("validity", .choice(["cap", "sta"]).with(missing: .elementLeftOut, wrong: .elementLeftOut)),
      ("port", .number(0).with(wrong: badAttribute, emptyIsMissing: false)),
      ("speed", .choice(["2.5", "5", "8", "16", "32", "64"]).with(wrong: badAttribute)),
      ("width", .number(0).with(missing: badAttribute, wrong: badAttribute)),
    ]
  ).present(.repeated)

  private static let vitalData = capability(
    "vpd",
    [
      ElementRule.value("name", .text.with(missing: malformed)).present(.required(.xmlError, .nodedev)),
      ElementRule(
        name: "fields", presence: .repeated,
        attributes: [
          (
            "access",
            ValueRule.choice(["readonly", "readwrite"]).with(missing: .elementLeftOut, wrong: malformed, emptyIsMissing: false)
          )
        ],
        content: .parts([
          .value("change_level"), .value("manufacture_id"), .value("part_number"), .value("serial_number"), .value("asset_tag"),
          indexed("vendor_field", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
          indexed("system_field", "0123456789BCDEFGHIJKLMNOPQRSTUVWXYZ"),
        ])),
    ])

  /// A field with a sign of its own. Without one, or without a text, it is left out.
  private static func indexed(_ name: String, _ signs: String) -> ElementRule {
    ElementRule(
      name: name, presence: .repeated,
      attributes: [("index", .choice(signs.map { String($0) }).with(missing: .elementLeftOut, wrong: .elementLeftOut))],
      content: .text(.text.with(missing: .elementLeftOut)))
  }
}

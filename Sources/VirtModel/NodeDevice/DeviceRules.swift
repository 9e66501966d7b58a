internal import VirtCore

/// What the capabilities of node devices say: one rule per type of capability, and what many of them have in common.
enum DeviceRules {
  /// All types, by name.
  static let all: [String: ElementRule] = Dictionary(
    uniqueKeysWithValues: [
      system, pci, usbDevice, usbInterface, net, scsiHost, scsiTarget, scsi, scsiGeneric, storage, drm, mediated, channel,
      subchannel, channelGroup, vdpa, adjunctCard, adjunctQueue, adjunctMatrix,
    ].compactMap { rule in rule.kind.map { ($0, rule) } })

  /// The usual refusal of a value.
  static let refused = ValueRule.Lack.refused(.internalError, .nodedev)
  /// The refusal of what younger types ask for.
  static let unsupported = ValueRule.Lack.refused(.configUnsupported, .nodedev)
  /// The refusal of what newer parts of old types ask for.
  static let malformed = ValueRule.Lack.refused(.xmlError, .nodedev)
  /// The refusal of attributes.
  static let badAttribute = ValueRule.Lack.refused(.xmlError, .xml)

  /// A capability of that type.
  static func capability(_ type: String, _ parts: [ElementRule]) -> ElementRule {
    ElementRule(name: "capability", kind: type, content: .parts(parts))
  }

  /// A number that must be there.
  static func number(_ name: String, upTo most: UInt64 = UInt64(UInt32.max)) -> ElementRule {
    ElementRule.value(name, .number(upTo: most).with(missing: refused, wrong: refused))
      .present(.required(.internalError, .nodedev))
  }

  /// A text that must be there.
  static func text(_ name: String) -> ElementRule {
    ElementRule.value(name, .text.with(missing: refused)).present(.required(.internalError, .nodedev))
  }

  /// A maker or a product: a number, and perhaps a name.
  static func identified(_ name: String) -> ElementRule {
    ElementRule(
      name: name, presence: .required(.internalError, .nodedev),
      attributes: [("id", .number(16, width: 4).with(missing: refused, wrong: refused))], content: .text(.text))
  }

  /// An address on a PCI bus.
  static func address(_ presence: ElementRule.Presence = .repeated) -> ElementRule {
    func part(_ width: Int, _ most: UInt64) -> ValueRule {
      ValueRule.number(0, upTo: most, width: width)
        .with(missing: .taken(ValueRule.hexadecimal(0, width)), wrong: badAttribute, emptyIsMissing: false)
    }
    return ElementRule.attributes(
      "address",
      [
        ("domain", part(4, UInt64(UInt32.max))), ("bus", part(2, 0xff)), ("slot", part(2, 0x1f)), ("function", part(1, 7)),
      ]
    ).present(presence)
  }

  /// What mediated devices could be made of the device.
  static let mediatedTypes = capability(
    "mdev_types",
    [
      ElementRule(
        name: "type", presence: .repeated, attributes: [("id", .text.with(missing: malformed))],
        content: .parts([
          .value("name"), ElementRule.value("deviceAPI", .text.with(missing: malformed)).present(.required(.xmlError, .nodedev)),
          ElementRule.value("availableInstances", .number().with(missing: malformed, wrong: malformed))
            .present(.required(.xmlError, .nodedev)),
        ]))
    ])

  /// The whole computer.
  static let system = capability(
    "system",
    [
      .value("product"),
      ElementRule.parts(
        "hardware",
        [
          .value("vendor"), .value("version"), .value("serial"),
          ElementRule.value("uuid", .uuid.with(missing: refused, wrong: refused)).present(.required(.internalError, .nodedev)),
        ]
      ).present(.always),
      ElementRule.parts("firmware", [.value("vendor"), .value("version"), .value("release_date")]).present(.always),
    ])

  /// A device of the kernel's graphics.
  static let drm = capability(
    "drm",
    [
      ElementRule.value("type", .choice(["primary", "control", "render"]).with(missing: unsupported, wrong: unsupported))
        .present(.required(.configUnsupported, .nodedev))
    ])

  /// A virtio device that the kernel shows to guests.
  static let vdpa = capability("vdpa", [text("chardev")])
}

internal import VirtCore

extension DeviceRules {
  /// A SCSI host adapter.
  static let scsiHost: ElementRule = {
    var rule = capability(
      "scsi_host",
      [
        number("host"),
        .value("unique_id", .number(upTo: UInt64(Int32.max)).ignoringNegatives.with(wrong: refused)),
        capability("fc_host", [text("wwnn"), text("wwpn"), .value("fabric_wwn")]),
        capability(
          "vport_ops",
          [
            ElementRule.value("max_vports", .number().with(missing: .taken("0"), wrong: .taken("0"))).present(.always),
            ElementRule.value("vports", .number().with(missing: .taken("0"), wrong: .taken("0"))).present(.always),
          ]),
      ])
    rule.missingKind = refused
    rule.unknownKind = refused
    return rule
  }()

  /// A target behind such an adapter.
  static let scsiTarget: ElementRule = {
    var rule = capability("scsi_target", [text("target"), capability("fc_remote_port", [text("rport"), text("wwpn")])])
    rule.missingKind = refused
    rule.unknownKind = refused
    return rule
  }()

  /// A unit of a target.
  static let scsi = capability("scsi", [number("host"), number("bus"), number("target"), number("lun"), .value("type")])

  /// The character device of a unit.
  static let scsiGeneric = capability("scsi_generic", [text("char")])
}

internal import VirtCore
internal import VirtXML

/// Reads what a device is or can do. The grammar says what values may be; here is what readers pass over or add.
enum NodeDeviceCapability {
  /// Capabilities that stand in others only.
  private static let parts = ["fc_host", "vports", "mdev_types", "vpd", "ccwgroup_member"]
  /// Kinds of capabilities in others, in the order in which they are written.
  private static let order = [
    "phys_function", "virt_functions", "pci-bridge", "cardbus-bridge", "mdev_types", "vpd", "80203", "80211", "fc_host",
    "vport_ops", "fc_remote_port", "removable", "hotpluggable", "ccwgroup_member", "qeth_generic", "qeth_layer2", "qeth_layer3",
  ]

  /// Reads one capability of a device.
  ///
  /// - Parameter isNew: Whether the device is still to be made: a host adapter's number comes later.
  static func read(_ element: XMLElement, isNew: Bool) throws(VirtError) -> XMLElement {
    let type = element["type"] ?? ""
    if parts.contains(type) { throw element.noSuchValue("type", type, .internalError, .nodedev) }
    let grammar = DocumentGrammar.nodedevDocument["capability"]
    var element = try element.replacingElements { (part) throws(VirtError) in try counted(part, in: type) }
    if isNew, type == "scsi_host", element.first("host") == nil { element = element.appending(XMLElement("host", text: "0")) }
    try grammar.check(element)
    element = try complete(grammar.taken(element), in: type)
    if type == "system", element.first("firmware") == nil { element = element.appending(XMLElement("firmware")) }
    let capabilities = element.all("capability")
    if let plain = capabilities.first(where: { $0["type"] == nil }), ["pci", "css", "ap_matrix"].contains(type) {
      throw plain.wrong(.xmlError, "'type' is missing", .nodedev)
    }
    if type == "storage", element.first("size") == nil, !capabilities.contains(where: { $0.has("type", "removable") }) {
      throw element.wrong(.internalError, "<size> is missing", .nodedev)
    }
    let rest = element.elements.filter { !$0.isNamed("capability") }
    return grammar.arranged(element.with(content: (rest + sorted(capabilities)).map { .element($0) }))
  }

  /// The part without what is passed over in it; nil when it is passed over itself.
  private static func counted(_ part: XMLElement, in type: String) throws(VirtError) -> XMLElement? {
    let isCounted =
      switch part.name {
      case "class" where type == "pci", "unique_id": !isNegative(part.text)
      case "numa": part.nonempty("node").map { !isNegative($0) } ?? false
      case "logical_block_size", "num_blocks": UInt64(number: part.text) != nil
      case "attr": part.nonempty("name") != nil && part.nonempty("value") != nil
      case "link" where type == "pci": part.has("validity", "cap") || part.has("validity", "sta")
      case "fields": part["access"] != nil
      case "vendor_field": part.hasText && hasIndex(part)
      case "system_field": part.hasText && hasIndex(part) && !part.has("index", "A")
      case "capability" where type == "net": part.nonempty("type") != nil
      default: true
      }
    if !isCounted { return nil }
    return try part.replacingElements { (below) throws(VirtError) in try counted(below, in: type) }
  }

  /// Whether a text is a number below 0.
  private static func isNegative(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { NumberText($0, base: 0)?.isNegative == true }
  }

  /// Whether a field of vital product data has a sign: a digit or a capital letter.
  private static func hasIndex(_ field: XMLElement) -> Bool {
    guard let index = field["index"]?.utf8, index.count == 1, let sign = index.first else { return false }
    return (0x30...0x39).contains(sign) || (0x41...0x5a).contains(sign)
  }

  /// The part with what is assumed where it is silent, and without what then says nothing.
  private static func complete(_ part: XMLElement, in type: String) throws(VirtError) -> XMLElement {
    var part = part
    switch part.name {
    case "uuid":
      guard let uuid = UUID(part.text) else { throw part.wrong(.internalError, "this is no UUID: '\(part.text)'", .nodedev) }
      return XMLElement("uuid", text: "\(uuid)")
    case "media_available": return XMLElement("media_available", text: part.text == "1" ? "1" : "0")
    case "max_vports", "vports": return XMLElement(part.name, text: String(UInt32(number: part.text) ?? 0))
    case "address" where type == "pci":
      let zeros: [(StaticString, String)] = [("domain", "0x0000"), ("bus", "0x00"), ("slot", "0x00"), ("function", "0x0")]
      for (name, zero) in zeros where part[name] == nil { part = part.setting(name, zero) }
      return part
    case "iommuGroup" where type == "mdev" && part["number"] == nil: return part.setting("number", "0")
    case "capability":
      let needed: [String] =
        part.has("type", "vport_ops") ? ["max_vports", "vports"] : part.has("type", "removable") ? ["media_available"] : []
      for name in needed where part.first(name) == nil { part = part.appending(XMLElement(name)) }
      if part.has("type", "phys_function"), let address = part.first("address") {
        part = part.filtered { !$0.isNamed("address") }.appending(address)
      }
    default: break
    }
    return try part.replacingElements { (below) throws(VirtError) in
      if type == "net", below.isNamed("link"), below.attributeCount == 0, below.isEmpty { return nil }
      return try complete(below, in: type)
    }
  }

  /// The first of each kind, and all that nobody knows behind them.
  private static func sorted(_ capabilities: [XMLElement]) -> [XMLElement] {
    let known = order.compactMap { kind in capabilities.first { $0["type"] == kind } }
    return known + capabilities.filter { !order.contains($0["type"] ?? "") }
  }
}

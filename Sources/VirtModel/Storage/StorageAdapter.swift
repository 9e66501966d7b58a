internal import VirtCore
internal import VirtXML

/// The adapter of a host that a pool's devices hang from.
enum StorageAdapter {
  /// Checks and completes <adapter>; nil when it names none.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement? {
    guard let type = try element.choice("type", ["default", "scsi_host", "fc_host"]), type != "default" else {
      guard element["wwnn"] == nil, element["wwpn"] == nil, element["parent"] == nil else {
        throw element.wrong(.xmlError, "with 'wwnn', 'wwpn' or 'parent' it needs a 'type'", .storage)
      }
      return element["name"] == nil ? nil : DocumentGrammar.adapter.arranged(element.setting("type", "scsi_host", inFront: true))
    }
    return DocumentGrammar.adapter.arranged(type == "fc_host" ? try fibreChannel(element) : try scsi(element))
  }

  private static func scsi(_ element: XMLElement) throws(VirtError) -> XMLElement {
    let plain = element.with(
      attributes: element.attributes.filter { !["parent", "managed", "wwnn", "wwpn"].contains($0.name) && !isParent($0.name) })
    guard let parent = element.first("parentaddr") else {
      guard element["name"] != nil else { throw element.wrong(.xmlError, "'name' or <parentaddr> is missing", .storage) }
      return plain
    }
    guard element["name"] == nil else { throw element.wrong(.xmlError, "there is 'name' or <parentaddr>, not both", .storage) }
    guard let address = parent.first("address") else { throw parent.wrong(.xmlError, "<address> is missing", .storage) }
    let complete = try PCIAddress.complete(address)
    guard let text = parent["unique_id"], let number = UInt32(number: text) else {
      throw parent.wrong(.xmlError, "'unique_id' is a number", .storage)
    }
    return plain.replacing(
      "parentaddr", with: parent.saying("unique_id", String(number)).replacing("address", with: complete))
  }

  private static func isParent(_ name: String) -> Bool { name.hasPrefix("parent_") }

  private static func fibreChannel(_ element: XMLElement) throws(VirtError) -> XMLElement {
    _ = try element.yesNo("managed")
    guard let node = element["wwnn"], let port = element["wwpn"] else {
      throw element.wrong(.xmlError, "'wwnn' or 'wwpn' is missing", .storage)
    }
    for name in [node, port, element["parent_wwnn"], element["parent_wwpn"], element["parent_fabric_wwn"]] {
      if let name, !isWorldWideName(name) {
        throw element.wrong(.internalError, "this is no world wide name: '\(name)'", .none)
      }
    }
    guard (element["parent_wwnn"] == nil) == (element["parent_wwpn"] == nil) else {
      throw element.wrong(.xmlError, "there are both 'parent_wwnn' and 'parent_wwpn' or none", .storage)
    }
    return element.setting("name", nil).filtered { !$0.isNamed("parentaddr") }
  }

  private static func isWorldWideName(_ text: String) -> Bool {
    let digits = text.hasPrefix("0x") ? text.dropFirst(2) : text[...]
    return digits.utf8.count == 16 && digits.utf8.allSatisfy { NumberText.digit($0) != nil }
  }

  /// What makes two adapters one; nil when that cannot be told from the document.
  static func identity(_ element: XMLElement) -> String? {
    if element.has("type", "fc_host") { return "\(element["wwnn"] ?? "")\0\(element["wwpn"] ?? "")" }
    if let parent = element.first("parentaddr"), let address = parent.first("address") {
      let places = [parent["unique_id"], address["domain"], address["bus"], address["slot"], address["function"]]
      return places.map { $0 ?? "" }.joined(separator: "\0")
    }
    guard let name = element["name"] else { return nil }
    let digits = name.hasPrefix("scsi_host") ? name.dropFirst(9) : name.hasPrefix("host") ? name.dropFirst(4) : ""
    return UInt32(digits).map { "host\($0)" }
  }
}

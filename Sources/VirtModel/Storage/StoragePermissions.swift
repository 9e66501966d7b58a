internal import VirtCore
internal import VirtXML

/// Who may use a pool's folder or a volume.
enum StoragePermissions {
  /// Checks and completes <permissions>; nil when nothing is left.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement? {
    let complete = try element.replacingElements { (part) throws(VirtError) in
      switch part.name {
      case "mode":
        if part.isEmpty { return nil }
        guard let mode = UInt32(part.text, radix: 8), mode <= 0o777 else { throw wrong(part) }
        return XMLElement("mode", text: "0" + String(mode, radix: 8))
      case "owner", "group":
        if part.text == "-1" || part.text == "4294967295" { return nil }
        guard let number = UInt32(part.text) else { throw wrong(part) }
        return XMLElement(part.name, text: String(number))
      case "label": return part.isEmpty ? nil : part
      default: return part
      }
    }
    return complete.isEmpty ? nil : DocumentGrammar.permissions.arranged(complete)
  }

  private static func wrong(_ part: XMLElement) -> VirtError {
    part.wrong(.xmlError, "it has no such value: '\(part.text)'", .storage)
  }
}

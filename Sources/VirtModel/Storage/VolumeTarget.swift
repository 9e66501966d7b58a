internal import VirtCore
internal import VirtXML

/// How a volume looks to the host.
enum VolumeTarget {
  /// The format that an element names, or the usual one; nil when volumes of the kind have none.
  static func format(_ element: XMLElement?, _ formats: [String]) throws(VirtError) -> String? {
    guard let standard = formats.first else { return nil }
    guard let element, let format = element.nonempty("type") else { return standard }
    guard formats.contains(format) else { throw element.noSuchValue("type", format, .configUnsupported, .storage) }
    return format
  }

  /// Checks, completes and arranges everything in a <target> but path and format.
  static func parts(_ element: XMLElement) throws(VirtError) -> [XMLElement] {
    var parts: [XMLElement] = []
    for part in element.elements where !part.isNamed(oneOf: values) {
      if let complete = try complete(part) { parts.append(complete) }
    }
    if parts.isEmpty { return parts }
    if parts.contains(where: { $0.isNamed("features") }), !parts.contains(where: { $0.isNamed("compat") }) {
      parts.append(XMLElement("compat", text: "1.1"))
    }
    parts.sort(byRank: { DocumentGrammar.storagevolDocument["target"].place($0) })
    return parts
  }

  private static func complete(_ part: XMLElement) throws(VirtError) -> XMLElement? {
    switch part.name {
    case "permissions": return try StoragePermissions.complete(part)
    case "encryption": return try VolumeEncryption.complete(part)
    case "compat":
      if part.isEmpty { return nil }
      let numbers = part.text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      guard numbers.count == 2, numbers.allSatisfy({ !$0.isEmpty && $0.allSatisfy { 48...57 ~= $0 } }) else {
        throw part.wrong(.xmlError, "this is no version: '\(part.text)'", .storage)
      }
      return part
    case "clusterSize":
      if part.isEmpty { return nil }
      guard let number = UInt64(part.text) else { throw part.wrong(.xmlError, "this is no size: '\(part.text)'", .xml) }
      let bytes = try ScaledSize.bytes(number, of: part)
      return bytes == 0 ? nil : XMLElement("clusterSize", [XMLAttribute("unit", "B")], [.text(String(bytes))])
    case "features":
      let features = DocumentGrammar.storagevolDocument["target"]["features"]
      for feature in part.elements where !features.knows(feature) {
        throw feature.wrong(.configUnsupported, "volumes have no such feature", .storage)
      }
      return features.arranged(part)
    default: return part
    }
  }

  /// What is read into values, or is told rather than asked for.
  private static let values: [StaticString] = ["path", "format", "timestamps", "nocow"]
}

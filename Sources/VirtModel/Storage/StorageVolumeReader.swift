package import VirtCore
package import VirtXML

extension StorageVolumeDefinition {
  private static let types = ["file", "block", "dir", "network", "netdir", "ploop"]

  /// Reads a volume's document.
  ///
  /// - Parameters:
  ///   - pool: What the volume is to be in.
  ///   - isPlaced: Whether the document says where the volume is; else its pool says it.
  /// - Throws: What is wrong with it, with the element and its line.
  package static func read(
    _ element: XMLElement, in pool: StoragePoolDefinition, isPlaced: Bool = false
  ) throws(VirtError) -> StorageVolumeDefinition {
    guard element.isNamed("volume") else { throw VirtError(.xmlError, .xml, "the document is no <volume> but a", element.name) }
    guard let name = element.nonemptyText("name") else { throw VirtError(.xmlError, .storage, "the volume has no <name>") }
    let type = element.nonempty("type")
    if let type, !types.contains(type) {
      throw VirtError(.configUnsupported, .storage, "there is no type of volumes named", type)
    }
    let formats = pool.kind.volumeFormats
    let backing: XMLElement? = if let part = element.first("backingStore") { try completeBacking(part, formats) } else { nil }
    guard let capacity = try size(element.first("capacity")) else {
      throw VirtError(.xmlError, .storage, "the volume has no <capacity>")
    }
    var values = StorageVolumeValues(
      name: name, capacity: capacity, allocation: try size(element.first("allocation")) ?? capacity)
    if let type { values.type = type }
    let target = element.first("target")
    values.format = try VolumeTarget.format(target?.first("format"), formats)
    if let target { values.target = try VolumeTarget.parts(target) }
    if element.attributeCount > (type == nil ? 0 : 1) { values.attributes = element.attributes.filter { $0.name != "type" } }
    values.path = isPlaced ? target?.nonemptyText("path") ?? "" : ""
    if values.path.isEmpty { values.path = pool.place(of: name) }
    values.key = isPlaced ? element.nonemptyText("key") ?? values.path : values.path
    for part in element.elements where !StorageShape.volumeValues.knows(part) && !part.isNamed("backingStore") {
      values.parts.append(part)
    }
    if let backing { values.parts.insert(backing, at: 0) }
    return StorageVolumeDefinition(values)
  }

  /// The size in an element, in bytes; nil when there is none.
  private static func size(_ element: XMLElement?) throws(VirtError) -> UInt64? {
    guard let element, !element.isEmpty else { return nil }
    guard let number = UInt64(element.text) else {
      throw VirtError(.xmlError, .storage, "<\(element.name)> holds no size: ", element)
    }
    return try ScaledSize.bytes(number, element["unit"])
  }

  /// Checks and completes what the volume is based on; nil when it names nothing.
  private static func completeBacking(_ element: XMLElement, _ formats: [String]) throws(VirtError) -> XMLElement? {
    guard element.nonemptyText("path") != nil else { return nil }
    let format = try VolumeTarget.format(element.first("format"), formats)
    let complete = try element.replacingElements { (part) throws(VirtError) in
      switch part.name {
      case "permissions": return try StoragePermissions.complete(part)
      case "timestamps", "format": return nil
      default: return part
      }
    }
    guard let format else { return StorageShape.backing.arranged(complete) }
    return StorageShape.backing.arranged(complete.appending(XMLElement("format", [XMLAttribute("type", format)])))
  }
}

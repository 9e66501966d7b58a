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
    try element.expect("volume")
    let parts = Parts(element)
    let name = parts.name?.text ?? ""
    guard !name.isEmpty else { throw element.wrong(.xmlError, "<name> is missing", .storage) }
    let type = element.nonempty("type")
    if let type, !types.contains(type) { throw element.noSuchValue("type", type, .configUnsupported, .storage) }
    let formats = pool.kind.volumeFormats
    let backing: XMLElement? = if let part = parts.backing { try completeBacking(part, formats) } else { nil }
    guard let capacity = try size(parts.capacity) else { throw element.wrong(.xmlError, "<capacity> is missing", .storage) }
    var values = StorageVolumeValues(
      name: name, capacity: capacity, allocation: try size(parts.allocation) ?? capacity)
    if let type { values.type = type }
    let target = parts.target
    values.format = try VolumeTarget.format(target?.first("format"), formats)
    if let target { values.target = try VolumeTarget.parts(target) }
    if element.attributeCount > (type == nil ? 0 : 1) { values.attributes = element.attributes.filter { $0.name != "type" } }
    values.path = isPlaced ? target?.nonemptyText("path") ?? "" : ""
    if values.path.isEmpty { values.path = pool.place(of: name) }
    values.key = isPlaced ? element.nonemptyText("key") ?? values.path : values.path
    values.parts = parts.others
    if let backing { values.parts.insert(backing, at: 0) }
    return StorageVolumeDefinition(values)
  }

  /// The parts of a document, found in one go; of each the first counts.
  private struct Parts {
    var name, capacity, allocation, target, backing: XMLElement?
    /// What this library does not know.
    var others: [XMLElement] = []

    init(_ element: XMLElement) {
      for part in element.elements {
        if part.isNamed("name") {
          if name == nil { name = part }
        } else if part.isNamed("capacity") {
          if capacity == nil { capacity = part }
        } else if part.isNamed("allocation") {
          if allocation == nil { allocation = part }
        } else if part.isNamed("target") {
          if target == nil { target = part }
        } else if part.isNamed("backingStore") {
          if backing == nil { backing = part }
        } else if !part.isNamed("key"), !part.isNamed("source"), !part.isNamed("physical") {
          // Those three are told, not asked for.
          others.append(part)
        }
      }
    }
  }

  /// The size in an element, in bytes; nil when there is none.
  private static func size(_ element: XMLElement?) throws(VirtError) -> UInt64? {
    guard let element, !element.isEmpty else { return nil }
    guard let number = UInt64(element.text) else {
      throw element.wrong(.xmlError, "this is no size: '\(element.text)'", .storage)
    }
    return try ScaledSize.bytes(number, of: element)
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
    guard let format else { return DocumentGrammar.storagevolDocument["backingStore"].arranged(complete) }
    return DocumentGrammar.storagevolDocument["backingStore"].arranged(
      complete.appending(XMLElement("format", [XMLAttribute("type", format)])))
  }
}

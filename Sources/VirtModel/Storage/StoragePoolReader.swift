package import VirtCore
package import VirtXML

extension StoragePoolDefinition {
  /// Reads a pool's document.
  ///
  /// - Throws: What is wrong with it, with the element and its line.
  package static func read(_ element: XMLElement) throws(VirtError) -> StoragePoolDefinition {
    try element.expect("pool")
    guard let type = element["type"] else { throw element.wrong(.xmlError, "'type' is missing", .xml) }
    guard let kind = StoragePoolKind(rawValue: type) else { throw element.noSuchValue("type", type) }
    let asked = try StoragePoolSource.complete(element.first("source") ?? XMLElement("source"), kind)
    guard let name = element.nonemptyText("name") else { throw element.wrong(.xmlError, "<name> is missing", .storage) }
    guard !name.utf8.contains(UInt8(ascii: "/")) else {
      throw element.part("name", .xmlError, "a name has no slash: '\(name)'", .storage)
    }
    let uuid = try element.uuid(.xmlError, .storage)
    let features: XMLElement? = if let part = element.first("features") { try complete(features: part, kind) } else { nil }
    let source = try StoragePoolSource.complete(asked, kind, of: name)
    let target = try completeTarget(element.first("target"), kind, source)
    var parts = [features, source, target].compactMap { $0 }
    if let part = element.first("refresh"), let refresh = try complete(refresh: part) { parts.append(refresh) }
    for part in element.elements where !DocumentGrammar.storagepoolDocument.knows(part) {
      parts.append(part)
    }
    return StoragePoolDefinition(
      name: name, uuid: uuid ?? .random(), kind: kind, path: target?.first("path")?.text,
      attributes: DocumentGrammar.storagepoolDocument.arranged(XMLElement("pool", element.attributes)).attributes, parts: parts)
  }

  private static func complete(features element: XMLElement, _ kind: StoragePoolKind) throws(VirtError) -> XMLElement? {
    if let cow = element.first("cow") {
      guard try cow.yesNo("state") == nil || kind == .dir || kind == .fs else {
        throw cow.wrong(.noSupport, "it is for pools of the types 'dir' and 'fs'", .storage)
      }
    }
    let complete = element.filtered { !$0.isNamed("cow") || $0["state"] != nil }
    return complete.isEmpty ? nil : complete
  }

  private static func complete(refresh element: XMLElement) throws(VirtError) -> XMLElement? {
    if let volume = element.first("volume"), let way = volume["allocation"], way != "default", way != "capacity" {
      throw volume.noSuchValue("allocation", way, .configUnsupported, .storage)
    }
    let complete = element.filtered { !$0.isNamed("volume") || $0["allocation"] != nil }
    return complete.isEmpty ? nil : complete
  }

  private static func completeTarget(
    _ element: XMLElement?, _ kind: StoragePoolKind, _ source: XMLElement
  ) throws(VirtError) -> XMLElement? {
    let given = element ?? XMLElement("target")
    let path: String
    switch kind.place {
    case .nowhere: return nil
    case .below(let folder): path = folder + "/" + (source.first("name")?.text ?? "")
    case .given:
      guard let text = given.nonemptyText("path") else { throw given.wrong(.xmlError, "<path> is missing", .storage) }
      path = StoragePath.clean(text)
    }
    let complete = try given.replacingElements { (part) throws(VirtError) in
      part.isNamed("permissions") ? try StoragePermissions.complete(part) : part.isNamed("path") ? nil : part
    }
    return DocumentGrammar.storagepoolDocument["target"].arranged(complete.appending(XMLElement("path", text: path)))
  }
}

package import VirtCore
package import VirtXML

extension StoragePoolDefinition {
  /// Reads a pool's document.
  ///
  /// - Throws: What is wrong with it, with the element and its line.
  package static func read(_ element: XMLElement) throws(VirtError) -> StoragePoolDefinition {
    guard element.isNamed("pool") else { throw VirtError(.xmlError, .xml, "the document is no <pool> but a", element.name) }
    guard let type = element["type"] else { throw VirtError(.xmlError, .xml, "a <pool> needs a 'type'") }
    guard let kind = StoragePoolKind(rawValue: type) else { throw element.noSuchValue("type", type) }
    let asked = try StoragePoolSource.complete(element.first("source") ?? XMLElement("source"), kind)
    guard let name = element.nonemptyText("name") else { throw wrong("the pool has no <name>") }
    guard !name.utf8.contains(UInt8(ascii: "/")) else { throw wrong("a pool's name must not contain a slash:", name) }
    let uuid = try element.nonemptyText("uuid").map { (text) throws(VirtError) in
      guard let uuid = UUID(text) else { throw wrong("this is no UUID of a pool:", text) }
      return uuid
    }
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
        throw VirtError(.noSupport, .storage, "the feature 'cow' is for pools of the types 'dir' and 'fs'")
      }
    }
    let complete = element.filtered { !$0.isNamed("cow") || $0["state"] != nil }
    return complete.isEmpty ? nil : complete
  }

  private static func complete(refresh element: XMLElement) throws(VirtError) -> XMLElement? {
    if let way = element.first("volume")?["allocation"], way != "default", way != "capacity" {
      throw VirtError(.configUnsupported, .storage, "there is no such way to find allocations:", way)
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
      guard let text = given.nonemptyText("path") else { throw wrong("the pool's <target> has no <path>") }
      path = StoragePath.clean(text)
    }
    let complete = try given.replacingElements { (part) throws(VirtError) in
      part.isNamed("permissions") ? try StoragePermissions.complete(part) : part.isNamed("path") ? nil : part
    }
    return DocumentGrammar.storagepoolDocument["target"].arranged(complete.appending(XMLElement("path", text: path)))
  }

  private static func wrong(_ text: StaticString, _ subject: String = "") -> VirtError {
    VirtError(.xmlError, .storage, text, subject)
  }
}

package import VirtCore
package import VirtXML

/// Where a pool's storage comes from.
package enum StoragePoolSource {
  /// Checks and completes a <source>, or what is asked when looking for sources.
  ///
  /// - Returns: The source; what pools of the type do not have is left out.
  static func complete(_ source: XMLElement, _ kind: StoragePoolKind) throws(VirtError) -> XMLElement {
    if kind == .rbd, source.nonemptyText("name") == nil {
      throw source.wrong(.xmlError, "a pool of type 'rbd' needs a <name> here", .storage)
    }
    let grammar = DocumentGrammar.storagepoolDocument["source"]
    var known: Set<String> = []
    let checked = try source.replacingElements { (part) throws(VirtError) in
      if grammar.knows(part), !part.isNamed(oneOf: ["host", "device"]), !known.insert(part.name).inserted { return nil }
      return try Self.part(part, kind)
    }
    var complete = checked
    if !kind.formats.isEmpty, complete.first("format") == nil {
      complete = complete.appending(XMLElement("format", [XMLAttribute("type", kind.defaultFormat ?? "")]))
    }
    if let version = complete.first("protocol")?["ver"], kind == .netfs, let format = complete.first("format")?["type"],
      format != "nfs", format != "auto"
    {
      throw source.part("protocol", .configUnsupported, "the format '\(format)' has no version \(version)", .storage)
    }
    return DocumentGrammar.storagepoolDocument["source"].arranged(complete)
  }

  private static func part(_ part: XMLElement, _ kind: StoragePoolKind) throws(VirtError) -> XMLElement? {
    let parts = kind.parts
    switch part.name {
    case "host":
      guard part["name"] != nil else { throw part.wrong(.xmlError, "'name' is missing", .storage) }
      let port = try part.number("port", Int32.self)
      return parts.contains(.host) ? part.saying("port", port == 0 ? nil : port.map { String($0) }) : nil
    case "device":
      guard part["path"] != nil else { throw part.wrong(.xmlError, "'path' is missing", .storage) }
      _ = try part.yesNo("part_separator")
      return parts.contains(.device) ? part.filtered { !$0.isNamed("freeExtent") } : nil
    case "dir":
      guard parts.contains(.directory), let path = part.nonempty("path") else { return nil }
      return part.saying("path", StoragePath.clean(path))
    case "adapter":
      let adapter = try StorageAdapter.complete(part)
      return parts.contains(.adapter) ? adapter : nil
    case "name": return parts.contains(.name) && !part.text.isEmpty ? part : nil
    case "initiator":
      return parts.contains(.initiator) && part.first("iqn")?.nonempty("name") != nil ? part : nil
    case "format":
      guard !kind.formats.isEmpty else { return nil }
      guard let type = part.nonempty("type") else { return part.setting("type", kind.defaultFormat) }
      guard kind.formats.contains(type) else { throw part.noSuchValue("type", type, .configUnsupported, .storage) }
      return part
    case "auth": return try StorageAuthentication.complete(part)
    case "protocol": return part.nonempty("ver") == nil ? nil : part
    case "vendor", "product": return part.nonempty("name") == nil ? nil : part
    default: return part
    }
  }

  /// Checks that a source says what pools of its type need, and gives it what the pool's name makes up for.
  static func complete(_ source: XMLElement, _ kind: StoragePoolKind, of pool: String) throws(VirtError) -> XMLElement {
    let needed = kind.needed
    func missing(_ name: StaticString, _ code: ErrorCode = .xmlError) -> VirtError {
      source.wrong(code, "a pool of type '\(kind.rawValue)' needs a <\(name)> here", .storage)
    }
    if needed.contains(.host), source.first("host") == nil { throw missing("host") }
    if needed.contains(.initiator), source.first("initiator") == nil { throw missing("initiator", .configUnsupported) }
    if needed.contains(.directory), source.first("dir") == nil { throw missing("dir") }
    if needed.contains(.adapter), source.first("adapter") == nil { throw missing("adapter") }
    if needed.contains(.device), source.first("device") == nil { throw missing("device") }
    var complete = source
    if kind == .gluster, complete.first("dir") == nil {
      complete = complete.appending(XMLElement("dir", [XMLAttribute("path", "/")]))
    }
    if kind.parts.contains(.name), complete.first("name") == nil { complete = complete.appending(XMLElement("name", text: pool)) }
    return DocumentGrammar.storagepoolDocument["source"].arranged(complete)
  }

  /// Reads what is asked when looking for sources: the name of the host to look at, nil when none is given.
  package static func host(asked element: XMLElement, _ type: String) throws(VirtError) -> String? {
    try element.expect("source")
    guard let kind = StoragePoolKind(rawValue: type) else {
      throw VirtError(.internalError, .storage, "there is no type of pools named", type)
    }
    return try complete(element, kind).first("host")?["name"]
  }
}

package import VirtCore
package import VirtXML

/// Where a pool's storage comes from.
package enum StoragePoolSource {
  /// Checks and completes a <source>, or what is asked when looking for sources.
  ///
  /// - Returns: The source; what pools of the type do not have is left out.
  static func complete(_ source: XMLElement, _ kind: StoragePoolKind) throws(VirtError) -> XMLElement {
    if kind == .rbd, source.nonemptyText("name") == nil { throw wrong("a pool of type 'rbd' needs a <name> in its source") }
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
      throw VirtError(.configUnsupported, .storage, "", "the format '\(format)' has no protocol version \(version)")
    }
    return DocumentGrammar.storagepoolDocument["source"].arranged(complete)
  }

  private static func part(_ part: XMLElement, _ kind: StoragePoolKind) throws(VirtError) -> XMLElement? {
    let parts = kind.parts
    switch part.name {
    case "host":
      guard part["name"] != nil else { throw wrong("a <host> has no name") }
      let port = try part.signedNumber("port")
      return parts.contains(.host) ? part.saying("port", port == 0 ? nil : port.map { String($0) }) : nil
    case "device":
      guard part["path"] != nil else { throw wrong("a <device> has no path") }
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
      guard kind.formats.contains(type) else {
        throw VirtError(.configUnsupported, .storage, "", "a pool of type '\(kind.rawValue)' has no format '\(type)'")
      }
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
    if needed.contains(.host), source.first("host") == nil { throw wrong("the pool's source needs a <host>") }
    if needed.contains(.initiator), source.first("initiator") == nil {
      throw VirtError(.configUnsupported, .storage, "the pool's source needs an <initiator>")
    }
    if needed.contains(.directory), source.first("dir") == nil { throw wrong("the pool's source needs a <dir>") }
    if needed.contains(.adapter), source.first("adapter") == nil { throw wrong("the pool's source needs an <adapter>") }
    if needed.contains(.device), source.first("device") == nil { throw wrong("the pool's source needs a <device>") }
    var complete = source
    if kind == .gluster, complete.first("dir") == nil {
      complete = complete.appending(XMLElement("dir", [XMLAttribute("path", "/")]))
    }
    if kind.parts.contains(.name), complete.first("name") == nil { complete = complete.appending(XMLElement("name", text: pool)) }
    return DocumentGrammar.storagepoolDocument["source"].arranged(complete)
  }

  private static func wrong(_ text: StaticString) -> VirtError { VirtError(.xmlError, .storage, text) }

  /// Reads what is asked when looking for sources: the name of the host to look at, nil when none is given.
  package static func host(asked element: XMLElement, _ type: String) throws(VirtError) -> String? {
    guard element.isNamed("source") else {
      throw VirtError(.xmlError, .xml, "the document is no <source> but a", element.name)
    }
    guard let kind = StoragePoolKind(rawValue: type) else {
      throw VirtError(.internalError, .storage, "there is no type of pools named", type)
    }
    return try complete(element, kind).first("host")?["name"]
  }
}

extension XMLElement {
  /// The value of an attribute that is a number as C reads it: white space and a sign may stand in front.
  func signedNumber(_ name: StaticString) throws(VirtError) -> Int32? {
    guard let value = self[name] else { return nil }
    guard let number = Int32(String(value.drop { $0 == " " || $0 == "\t" || $0 == "\n" })) else {
      throw noSuchValue(name, value)
    }
    return number
  }
}

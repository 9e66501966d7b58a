internal import VirtCore
internal import VirtXML

/// How a volume is encrypted.
enum VolumeEncryption {
  /// Checks and completes <encryption>.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement {
    guard let format = element.nonempty("format") else { throw VirtError(.xmlError, .storage, "<encryption> has no format") }
    guard ["default", "qcow", "luks", "luks2", "luks-any"].contains(format) else {
      throw VirtError(.configUnsupported, .storage, "<encryption> has no such format:", format)
    }
    _ = try element.choice("engine", ["qemu", "librbd"])
    let takesCipher = format == "luks"
    let hasCipher = element.first("cipher") != nil
    let complete = try element.replacingElements { (part) throws(VirtError) in
      switch part.name {
      case "secret": return try secret(part)
      case "cipher": return takesCipher ? try cipher(part) : nil
      case "ivgen":
        guard takesCipher else { return nil }
        guard hasCipher else { throw VirtError(.xmlError, .storage, "<encryption> has an <ivgen> but no <cipher>") }
        guard part["name"] != nil else { throw VirtError(.xmlError, .storage, "an <ivgen> has no name") }
        return part
      default: return part
      }
    }
    return DocumentGrammar.encryption.arranged(complete)
  }

  private static func secret(_ part: XMLElement) throws(VirtError) -> XMLElement {
    guard let type = part["type"] else { throw VirtError(.xmlError, .storage, "a <secret> has no type") }
    guard type == "passphrase" else { throw VirtError(.configUnsupported, .storage, "a <secret> has no such type:", type) }
    return try StorageAuthentication.completeSecret(part)
  }

  private static func cipher(_ part: XMLElement) throws(VirtError) -> XMLElement {
    guard part["name"] != nil else { throw VirtError(.xmlError, .storage, "a <cipher> has no name") }
    guard let size: UInt32 = try part.number("size") else { throw VirtError(.xmlError, .xml, "a <cipher> has no size") }
    return part.saying("size", String(size))
  }
}

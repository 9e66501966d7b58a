internal import VirtCore
internal import VirtXML

/// How a volume is encrypted.
enum VolumeEncryption {
  /// Checks and completes <encryption>.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement {
    guard let format = element.nonempty("format") else { throw element.wrong(.xmlError, "'format' is missing", .storage) }
    guard ["default", "qcow", "luks", "luks2", "luks-any"].contains(format) else {
      throw element.noSuchValue("format", format, .configUnsupported, .storage)
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
        guard hasCipher else { throw element.wrong(.xmlError, "an <ivgen> needs a <cipher>", .storage) }
        guard part["name"] != nil else { throw part.wrong(.xmlError, "'name' is missing", .storage) }
        return part
      default: return part
      }
    }
    return DocumentGrammar.encryption.arranged(complete)
  }

  private static func secret(_ part: XMLElement) throws(VirtError) -> XMLElement {
    guard let type = part["type"] else { throw part.wrong(.xmlError, "'type' is missing", .storage) }
    guard type == "passphrase" else { throw part.noSuchValue("type", type, .configUnsupported, .storage) }
    return try StorageAuthentication.completeSecret(part)
  }

  private static func cipher(_ part: XMLElement) throws(VirtError) -> XMLElement {
    guard part["name"] != nil else { throw part.wrong(.xmlError, "'name' is missing", .storage) }
    guard let size: UInt32 = try part.number("size") else { throw part.wrong(.xmlError, "'size' is missing", .xml) }
    return part.saying("size", String(size))
  }
}

internal import VirtCore
internal import VirtXML

/// How a host proves to a server of storage who it is.
enum StorageAuthentication {
  /// Checks and completes <auth>.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement {
    guard element.nonempty("username") != nil else {
      throw VirtError(.xmlError, .storage, "<auth> has no user name")
    }
    let type = element["type"]
    guard type == nil || type == "none" || type == "chap" || type == "ceph" else {
      throw VirtError(.configUnsupported, .storage, "<auth> has no such type:", type ?? "")
    }
    guard let secret = element.first("secret") else { throw VirtError(.xmlError, .storage, "<auth> names no secret") }
    let complete = try completeSecret(secret)
    guard type == "chap" || type == "ceph" else { throw VirtError(.configUnsupported, .storage, "<auth> has no type") }
    return element.replacing("secret", with: complete)
  }

  /// Checks that an element names a secret, in one of two ways.
  static func completeSecret(_ element: XMLElement) throws(VirtError) -> XMLElement {
    let usage = element["usage"]
    guard let text = element["uuid"] else {
      guard usage != nil else { throw VirtError(.xmlError, .none, "a secret needs a UUID or a usage") }
      return element
    }
    guard usage == nil else { throw VirtError(.xmlError, .none, "a secret has a UUID or a usage, not both") }
    guard let uuid = UUID(text) else { throw VirtError(.xmlError, .none, "this is no UUID of a secret:", text) }
    return element.saying("uuid", "\(uuid)")
  }
}

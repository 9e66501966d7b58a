internal import VirtCore
internal import VirtXML

/// How a host proves to a server of storage who it is.
enum StorageAuthentication {
  /// Checks and completes <auth>.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement {
    guard element.nonempty("username") != nil else { throw element.wrong(.xmlError, "'username' is missing", .storage) }
    let type = element["type"]
    guard type == nil || type == "none" || type == "chap" || type == "ceph" else {
      throw element.noSuchValue("type", type ?? "", .configUnsupported, .storage)
    }
    guard let secret = element.first("secret") else { throw element.wrong(.xmlError, "<secret> is missing", .storage) }
    let complete = try completeSecret(secret)
    guard type == "chap" || type == "ceph" else { throw element.wrong(.configUnsupported, "'type' is missing", .storage) }
    return element.replacing("secret", with: complete)
  }

  /// Checks that an element names a secret, in one of two ways.
  static func completeSecret(_ element: XMLElement) throws(VirtError) -> XMLElement {
    let usage = element["usage"]
    guard let text = element["uuid"] else {
      guard usage != nil else { throw element.wrong(.xmlError, "'uuid' or 'usage' is missing", .none) }
      return element
    }
    guard usage == nil else { throw element.wrong(.xmlError, "there is 'uuid' or 'usage', not both", .none) }
    guard let uuid = UUID(text) else { throw element.wrong(.xmlError, "this is no UUID: '\(text)'", .none) }
    return element.saying("uuid", "\(uuid)")
  }
}

internal import VirtCore
internal import VirtXML

/// Where the content of a disk is: the element `source` and what belongs to it.
enum DiskSource {
  private static let ports: [String: String] = [
    "nbd": "10809", "http": "80", "https": "443", "ftp": "21", "ftps": "990", "tftp": "69", "ssh": "22",
  ]
  /// The attribute that says where a disk of a type is; nil where it is not one attribute.
  private static func part(_ type: String) -> StaticString? {
    switch type {
    case "file": "file"
    case "block": "dev"
    case "dir": "dir"
    default: nil
    }
  }

  /// Whether nothing is said about the place.
  static func isEmpty(_ source: XMLElement, _ type: String) -> Bool {
    part(type).map { source.nonempty($0) == nil } ?? false
  }

  /// Fills in what the document leaves out.
  static func complete(_ source: XMLElement, _ type: String) throws(VirtError) -> XMLElement {
    // The index is the hypervisor's.
    let source = source["index"] == nil ? source : source.setting("index", nil)
    switch type {
    case "network": return try network(source)
    case "volume":
      try checkVolume(source)
      return source
    case "nvme":
      if let name = source["namespace"], UInt64(number: name) == 0 {
        throw source.wrong(.configUnsupported, "'namespace' is not 0")
      }
      return try source.changingFirst("address") { (address) throws(VirtError) in try DeviceAddress.pciSource(address) }
    default: return source
    }
  }

  private static func checkVolume(_ source: XMLElement) throws(VirtError) {
    guard source["pool"] != nil, source["volume"] != nil else {
      throw source.wrong(.xmlError, "a volume is known by 'pool' and 'volume'")
    }
  }

  /// A place that a protocol leads to.
  static func network(_ source: XMLElement) throws(VirtError) -> XMLElement {
    guard let kind = source["protocol"] else { return source }
    if kind == "rbd" || kind == "gluster", let name = source["name"] {
      guard let slash = name.utf8.firstIndex(of: UInt8(ascii: "/")), slash > name.startIndex else {
        throw source.wrong(.xmlError, "'name' is that of a pool, a slash and that of an image: '\(name)'")
      }
    }
    return try source.replacingElements { (below) throws(VirtError) in
      guard below.isNamed("host") else { return below }
      guard !below.has("transport", "unix"), below["port"] == nil, let port = ports[kind] else { return below }
      return below.setting("port", port)
    }
  }

  /// What a disk reads behind its source.
  static func checkStore(_ disk: XMLElement) throws(VirtError) {
    var store = disk.first("backingStore")
    while let present = store, present.saysSomething {
      guard present.first("format")?["type"] != nil else { throw present.wrong(.xmlError, "a <format> is missing") }
      guard let source = present.first("source") else { throw present.wrong(.xmlError, "a <source> is missing") }
      try checkSecrets(source)
      try SourceLabels.check(source)
      if present.has("type", "volume") { try checkVolume(source) }
      if present.has("type", "network") { _ = try network(source) }
      store = present.first("backingStore")
    }
  }

  /// Refuses secrets that are not named, and what only new volumes are told of encryption.
  static func checkSecrets(_ element: XMLElement?) throws(VirtError) {
    guard let element else { return }
    if let auth = element.first("auth") {
      guard let secret = auth.first("secret") else { throw auth.wrong(.xmlError, "<secret> is missing", .storage) }
      _ = try StorageAuthentication.completeSecret(secret)
    }
    guard let encryption = element.first("encryption") else { return }
    for secret in encryption.elements where secret.isNamed("secret") { _ = try StorageAuthentication.completeSecret(secret) }
    guard !encryption.has("format", "luks") || encryption.first("cipher") == nil else {
      throw encryption.wrong(.configUnsupported, "only new volumes have a <cipher>")
    }
  }
}

internal import VirtCore
internal import VirtXML

/// Folders of the host that a guest sees.
enum FileSystem {
  private static let sources: [String: StaticString] = [
    "mount": "dir", "bind": "dir", "file": "file", "block": "dev", "ram": "usage", "template": "name", "volume": "pool",
  ]

  /// Checks one and fills in what the document leaves out.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement {
    let type = element["type"] ?? "mount"
    let source = element.first("source")
    let hasSocket = source?["socket"] != nil
    if let name = sources[type], source?[name] == nil, !hasSocket {
      throw element.part("source", type == "ram" ? .xmlError : .noSource, "'\(name)' is missing", .domain)
    }
    guard element.first("target")?.nonempty("dir") != nil else {
      throw element.part("target", .noTarget, "'dir' is missing", .domain)
    }
    var complete = element.defaulting("type", type, inFront: true)
    if !hasSocket { complete = complete.defaulting("accessmode", "passthrough") }
    for name in ["fmode", "dmode"] as [StaticString] {
      guard let mode = element[name], mode.utf8.count < 4, UInt32(mode, radix: 8) != nil else { continue }
      complete = complete.setting(name, String(repeating: "0", count: 4 - mode.utf8.count) + mode)
    }
    if type == "ram", let source, let usage = source["usage"].flatMap({ UInt64($0) }) {
      let bytes = try ScaledSize.bytes(usage, of: source, unit: "units", usual: "KiB")
      complete = complete.replacing("source", with: source.saying("usage", "\(bytes / 1024)").saying("units", "KiB"))
    }
    for name in ["space_hard_limit", "space_soft_limit"] as [StaticString] {
      complete = try complete.changingFirst(name) { (limit) throws(VirtError) in
        guard let number = UInt64(limit.text) else { return limit }
        let bytes = try ScaledSize.bytes(number, of: limit)
        return XMLElement("\(name)", [XMLAttribute("unit", "bytes")], [.text("\(bytes)")])
      }
    }
    return complete
  }
}

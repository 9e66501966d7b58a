internal import VirtCore
internal import VirtXML

/// How an interface gets its addresses of one version.
enum InterfaceProtocol {
  /// Checks and completes a <protocol>.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement {
    guard let family = element["family"] else { throw element.wrong(.xmlError, "'family' is missing", .interface) }
    guard family == "ipv4" || family == "ipv6" else {
      throw element.noSuchValue("family", family, .xmlError, .interface)
    }
    var known: Set<String> = []
    return try element.replacingElements { (below) throws(VirtError) in
      let name = below.name
      switch name {
      case "dhcp":
        _ = try below.yesNo("peerdns")
        return known.insert(name).inserted ? below : nil
      case "autoconf": return family == "ipv6" && known.insert(name).inserted ? below : nil
      case "ip": return try address(below)
      case "route": return below["gateway"] != nil && known.insert(name).inserted ? below : nil
      default: return below
      }
    }
  }

  private static func address(_ element: XMLElement) throws(VirtError) -> XMLElement? {
    var complete = element
    if let text = element["prefix"] {
      guard let prefix = Int32(text) else { throw element.noSuchValue("prefix", text) }
      complete = complete.saying("prefix", prefix == 0 ? nil : String(prefix))
    }
    return element["address"] == nil ? nil : complete
  }
}

internal import VirtCore
internal import VirtXML

/// Network interfaces: their addresses and what they are plugged into.
package enum NetworkInterface {
  private static let types: Set<String> = [
    "user", "ethernet", "vhostuser", "server", "client", "mcast", "network", "bridge", "internal", "direct", "hostdev", "udp",
    "vdpa", "null", "vds",
  ]
  /// What a type's source must say.
  private static let sources = ["network": "network", "bridge": "bridge", "direct": "dev", "vdpa": "dev", "internal": "name"]

  /// Fills in what the document leaves out.
  static func complete(_ element: XMLElement, number: Int, _ context: ModelContext) throws(VirtError) -> XMLElement {
    let type = element["type"] ?? "user"
    guard types.contains(type) else {
      throw VirtError(.xmlError, .xml, "attribute 'type' of <interface> has no such value", type)
    }
    if let attribute = sources[type], element.first("source")?[attribute] == nil {
      throw VirtError(.xmlError, .domain, "the interface needs a <source> with", attribute)
    }
    var complete = element["type"] == nil ? element.setting("type", type) : element
    if let mac = element.first("mac") {
      guard let address = mac["address"], isMAC(address) else {
        throw VirtError(.xmlError, .domain, "this is no MAC address", mac["address"] ?? "")
      }
    } else {
      complete = complete.appending(XMLElement("mac", [XMLAttribute("address", randomMAC())]))
    }
    guard let prefix = context.interfacePrefix else { return complete }
    let target = element.first("target")
    let name = target?["dev"]
    guard
      name == nil || name?.hasPrefix("vnet") == true
        || name?.hasPrefix(prefix) == true && name?.dropFirst(prefix.count).isEmpty == true
    else { return complete }
    return complete.replacing("target", with: (target ?? XMLElement("target")).setting("dev", "\(prefix)\(number)"))
  }

  /// Whether a text is six bytes in hexadecimal with colons between them, for one receiver.
  static func isMAC(_ text: String) -> Bool {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 6, let first = UInt8(parts[0], radix: 16), first & 1 == 0 else { return false }
    return parts.allSatisfy { (1...2).contains($0.utf8.count) && UInt8($0, radix: 16) != nil && $0.first != "+" }
  }

  /// An address from the range for virtual machines.
  package static func randomMAC() -> String {
    var generator = SystemRandomNumberGenerator()
    var text = "52:54:00"
    for _ in 0..<3 {
      let byte = UInt8.random(in: 0...255, using: &generator)
      text += byte < 16 ? ":0" : ":"
      text += String(byte, radix: 16)
    }
    return text
  }
}

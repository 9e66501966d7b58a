internal import VirtCore
internal import VirtXML

/// Network interfaces: their addresses and what they are plugged into.
package enum NetworkInterface {
  private static let types = [
    "user", "ethernet", "vhostuser", "server", "client", "mcast", "network", "bridge", "internal", "direct", "hostdev", "udp",
    "vdpa", "null", "vds",
  ]
  /// The types whose port on a switch is described.
  private static let portTypes = ["network", "bridge", "direct", "hostdev", "vds"]
  /// The types that need a source, whatever it says.
  private static let sourced = ["mcast", "udp", "server", "client", "vhostuser"]
  /// What a type's source must say.
  private static func source(of type: String) -> StaticString? {
    switch type {
    case "network": "network"
    case "bridge": "bridge"
    case "direct", "vdpa": "dev"
    case "internal": "name"
    default: nil
    }
  }

  /// Fills in what the document leaves out.
  static func complete(_ element: XMLElement, number: Int, _ context: ModelContext) throws(VirtError) -> XMLElement {
    let type = element["type"] ?? "user"
    guard types.contains(type) else { throw element.noSuchValue("type", type) }
    if let attribute = source(of: type), element.first("source")?[attribute] == nil {
      throw element.part("source", .xmlError, "a <source> with '\(attribute)' is missing", .domain)
    }
    if sourced.contains(type), element.first("source") == nil { throw element.wrong(.xmlError, "<source> is missing") }
    try check(element, type)
    var complete = try InterfaceBandwidth.complete(element["type"] == nil ? element.setting("type", type, inFront: true) : element)
    if complete["managed"] == "no" { complete = complete.setting("managed", nil) }
    if type == "direct", let source = complete.first("source"), source["mode"] == nil {
      complete = complete.replacing("source", with: source.setting("mode", "vepa"))
    }
    if type == "hostdev" {
      complete = try complete.changingFirst("source") { (source) throws(VirtError) in
        try source.changingFirst("address") { (address) throws(VirtError) in
          address.has("type", "pci") ? try DeviceAddress.pciSource(address) : address
        }
      }
    }
    if let port = complete.first("virtualport") {
      guard portTypes.contains(type) else { throw port.wrong(.configUnsupported, "an interface of the type '\(type)' has none") }
      let needs: VirtualPort.Needs = type == "network" ? .nothing : .parameters
      complete = try complete.changingFirst("virtualport") { (port) throws(VirtError) in
        try VirtualPort.complete(port, needs: needs)
      }
    }
    complete = try addressed(complete)
    complete = try complete.changingFirst("vlan") { (vlan) throws(VirtError) in try VLAN.complete(vlan) }
    if let source = complete.first("source"), type == "ethernet" {
      let said = try addressed(source)
      if said != source { complete = complete.replacing("source", with: said) }
    }
    if let mac = element.first("mac"), let address = mac["address"] {
      guard isMAC(address) else { throw mac.wrong(.xmlError, "this is no MAC address: '\(address)'") }
      if address.utf8.contains(where: { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "F") }) {
        complete = complete.replacing("mac", with: mac.setting("address", address.lowercased()))
      }
    } else {
      let mac = (element.first("mac") ?? XMLElement("mac")).setting("address", randomMAC(), inFront: true)
      complete = complete.replacing("mac", with: mac)
    }
    guard let prefix = context.interfacePrefix else { return complete }
    let target = element.first("target")
    let name = target?["dev"]
    // Names that the host chooses are not the guest's to keep.
    guard name == nil || name == prefix || name?.hasPrefix("vnet") == true else { return complete }
    return complete.replacing("target", with: (target ?? XMLElement("target")).setting("dev", "\(prefix)\(number)"))
  }

  /// Refuses what is missing or contradicts itself.
  private static func check(_ element: XMLElement, _ type: String) throws(VirtError) {
    switch type {
    case "vhostuser":
      guard element.isVirtio else { throw element.wrong(.internalError, "a <model> of virtio is missing") }
    case "hostdev":
      guard element.first("source")?.first("address")?["type"] != nil else {
        throw element.wrong(.xmlError, "<address> with 'type' is missing in its <source>")
      }
    default: break
    }
    if let model = element.first("model")?["type"] {
      guard
        model.utf8.allSatisfy({ ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7a || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x2d || $0 == 0x5f }
        )
      else { throw element.wrong(.invalidArg, "this is no name of a model: '\(model)'") }
    }
    if let size = element.first("mtu")?["size"], UInt32(size) == nil {
      throw element.wrong(.xmlError, "this is no <mtu>: '\(size)'")
    }
  }

  /// An address that the guest's end of the interface gets.
  /// An element with the addresses and the routes in it checked and completed.
  static func addressed(_ element: XMLElement) throws(VirtError) -> XMLElement {
    guard element.first("ip") != nil || element.first("route") != nil else { return element }
    return try element.replacingElements { (below) throws(VirtError) in
      if below.isNamed("ip") { return try completeAddress(below) }
      return below.isNamed("route") ? try NetworkRoute.complete(below, for: .network) : below
    }
  }

  private static func completeAddress(_ element: XMLElement) throws(VirtError) -> XMLElement {
    guard let text = element["address"], let address = IPAddress(text), !element.has("family", address.isV6 ? "ipv4" : "ipv6")
    else {
      throw element.wrong(.xmlError, "this is no address, or none of its family: '\(element["address"] ?? "")'")
    }
    if let prefix = element["prefix"] {
      guard let bits = UInt32(prefix), bits <= (address.isV6 ? 128 : 32) else {
        throw element.noSuchValue("prefix", prefix, .xmlError, .domain)
      }
    }
    if let peer = element["peer"] {
      guard IPAddress(peer)?.isV6 == address.isV6 else { throw element.noSuchValue("peer", peer, .invalidArg, .domain) }
    }
    var made = [XMLAttribute("address", text), XMLAttribute("family", element["family"] ?? (address.isV6 ? "ipv6" : "ipv4"))]
    if let prefix = element["prefix"] { made.append(XMLAttribute("prefix", prefix)) }
    return element.keepingOthers(behind: made)
  }

  /// Whether a text is six bytes in hexadecimal with colons between them, for one receiver.
  package static func isMAC(_ text: String) -> Bool {
    var digits = 0, bytes = 0, first: UInt8 = 0
    for character in text.utf8 {
      if character == UInt8(ascii: ":") {
        guard digits > 0 else { return false }
        digits = 0
        bytes += 1
      } else {
        guard let value = NumberText.digit(character), value < 16, digits < 2 else { return false }
        if bytes == 0 { first = first << 4 | UInt8(truncatingIfNeeded: value) }
        digits += 1
      }
    }
    return bytes == 5 && digits > 0 && first & 1 == 0
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

extension DomainDefinition {
  /// The hardware addresses of the guest's interfaces on a network, in lower case.
  package func macs(on network: String) -> [String] {
    values.hardware.devices.compactMap { device in
      guard device.kind == .interface, device.element.has("type", "network"),
        device.element.first("source")?["network"] == network
      else { return nil }
      return device.element.first("mac")?["address"]?.lowercased()
    }
  }
}

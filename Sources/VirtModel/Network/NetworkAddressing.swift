internal import VirtCore
internal import VirtXML

/// A network's own addresses.
enum NetworkAddressing {
  /// Checks and completes an <ip>.
  static func complete(_ element: XMLElement, _ network: String) throws(VirtError) -> XMLElement {
    _ = try element.yesNo("localPtr")
    let prefix = try element.number("prefix", UInt32.self)
    guard let text = element.nonempty("address") else { throw wrong("an <ip> has no 'address' in", network) }
    guard let address = IPAddress(text) else { throw wrong("an <ip> has a bad 'address':", text) }
    try checkFamily(element, address, text)
    guard prefix ?? 0 <= UInt32(address.width) else {
      throw VirtError(.configUnsupported, .network, "", "an <ip> has the prefix \(prefix ?? 0) in '\(network)'")
    }
    var complete = element.saying("address", address.text).saying("prefix", prefix.flatMap { $0 == 0 ? nil : String($0) })
    if let text = element["netmask"] {
      guard !address.isV6 else { throw unsupported("an <ip> of version 6 has a 'netmask' in", network) }
      guard prefix == nil else { throw unsupported("an <ip> has both 'prefix' and 'netmask' in", network) }
      guard let netmask = IPAddress(text), !netmask.isV6 else { throw wrong("an <ip> has a bad 'netmask':", text) }
      complete = complete.saying("netmask", netmask.text)
    }
    let place = (address, NetworkAddressing.prefix(complete, address))
    return try complete.replacingElements { (below) throws(VirtError) in
      switch below.name {
      case "tftp":
        if address.isV6 { throw unsupported("an <ip> of version 6 has a <tftp> in", network) }
        return below["root"] == nil ? nil : below
      case "dhcp": return try NetworkLeases.complete(below, in: place, network)
      default: return below
      }
    }
  }

  private static func checkFamily(_ element: XMLElement, _ address: IPAddress, _ text: String) throws(VirtError) {
    switch element["family"] {
    case nil, "ipv4":
      if address.isV6 { throw unsupported("an <ip> of version 6 does not say so:", text) }
    case "ipv6":
      if !address.isV6 { throw unsupported("an <ip> of version 4 says that it is of 6:", text) }
    case let family?: throw wrong("an <ip> has no such 'family':", family)
    }
  }

  /// The prefix that an <ip> has; nil when its netmask is none.
  static func prefix(_ element: XMLElement, _ address: IPAddress) -> Int? {
    if let prefix = element["prefix"].flatMap({ Int($0) }), prefix > 0 { return prefix }
    if let netmask = element["netmask"].flatMap({ IPAddress($0) }) { return netmask.netmaskBits }
    return address.classPrefix
  }

  private static func wrong(_ text: StaticString, _ subject: String) -> VirtError {
    VirtError(.xmlError, .network, text, subject)
  }

  private static func unsupported(_ text: StaticString, _ subject: String) -> VirtError {
    VirtError(.configUnsupported, .network, text, subject)
  }
}

internal import VirtCore
internal import VirtXML

/// A network's own addresses.
enum NetworkAddressing {
  /// Checks and completes an <ip>.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement {
    _ = try element.yesNo("localPtr")
    let prefix = try element.number("prefix", UInt32.self)
    guard let text = element.nonempty("address") else { throw element.wrong(.xmlError, "'address' is missing", .network) }
    guard let address = IPAddress(text) else { throw element.noSuchValue("address", text, .xmlError, .network) }
    try checkFamily(element, address, text)
    guard prefix ?? 0 <= UInt32(address.width) else {
      throw element.noSuchValue("prefix", "\(prefix ?? 0)", .configUnsupported, .network)
    }
    var complete = element.saying("address", address.text).saying("prefix", prefix.flatMap { $0 == 0 ? nil : String($0) })
    if let text = element["netmask"] {
      guard !address.isV6 else { throw element.wrong(.configUnsupported, "an address of version 6 has no 'netmask'", .network) }
      guard prefix == nil else { throw element.wrong(.configUnsupported, "there is 'prefix' or 'netmask', not both", .network) }
      guard let netmask = IPAddress(text), !netmask.isV6 else { throw element.noSuchValue("netmask", text, .xmlError, .network) }
      complete = complete.saying("netmask", netmask.text)
    }
    let place = (address, NetworkAddressing.prefix(complete, address))
    return try complete.replacingElements { (below) throws(VirtError) in
      switch below.name {
      case "tftp":
        if address.isV6 { throw below.wrong(.configUnsupported, "an address of version 6 has none", .network) }
        return below["root"] == nil ? nil : below
      case "dhcp": return try NetworkLeases.complete(below, in: place)
      default: return below
      }
    }
  }

  private static func checkFamily(_ element: XMLElement, _ address: IPAddress, _ text: String) throws(VirtError) {
    switch element["family"] {
    case nil, "ipv4":
      if address.isV6 { throw element.wrong(.configUnsupported, "the address is of 'family' ipv6: '\(text)'", .network) }
    case "ipv6":
      if !address.isV6 { throw element.wrong(.configUnsupported, "the address is of 'family' ipv4: '\(text)'", .network) }
    case let family?: throw element.noSuchValue("family", family, .xmlError, .network)
    }
  }

  /// The prefix that an <ip> has; nil when its netmask is none.
  static func prefix(_ element: XMLElement, _ address: IPAddress) -> Int? {
    if let prefix = element["prefix"].flatMap({ Int($0) }), prefix > 0 { return prefix }
    if let netmask = element["netmask"].flatMap({ IPAddress($0) }) { return netmask.netmaskBits }
    return address.classPrefix
  }
}

internal import VirtCore
internal import VirtXML

/// The addresses that a network gives to its guests.
enum NetworkLeases {
  /// An address of the network with its prefix; no prefix where its netmask is none.
  typealias Place = (address: IPAddress, prefix: Int?)

  /// Checks and completes a <dhcp>; nil when it says nothing.
  static func complete(_ element: XMLElement, in place: Place, _ network: String) throws(VirtError) -> XMLElement? {
    let complete = try element.replacingElements { (below) throws(VirtError) in
      switch below.name {
      case "range": try range(below, in: place, network)
      case "host": try host(below, in: place.address, network)
      case "bootp": try boot(below)
      default: below
      }
    }
    return complete.isEmpty ? nil : complete
  }

  /// Checks and completes a range of addresses.
  static func range(_ element: XMLElement, in place: Place, _ network: String) throws(VirtError) -> XMLElement {
    guard let start = element["start"] else { throw wrong("a DHCP range has no 'start' in", network) }
    guard let end = element["end"] else { throw wrong("a DHCP range has no 'end' in", network) }
    let first = try address(start), last = try address(end)
    try IPRange.check(first, last, in: place)
    return try leased(element.saying("start", first.text).saying("end", last.text))
  }

  /// Checks and completes a host that always gets the same address.
  ///
  /// - Parameter partial: Whether it only has to say which one is meant.
  static func host(
    _ element: XMLElement, in address: IPAddress, _ network: String, partial: Bool = false
  ) throws(VirtError) -> XMLElement {
    let mac = element["mac"], name = element["name"], id = element["id"]
    if let mac {
      if address.isV6 { throw wrong("a DHCP host of version 6 has a 'mac' in", network) }
      guard NetworkInterface.isMAC(mac) else { throw wrong("a DHCP host has a bad 'mac':", mac) }
    }
    if let id, let bad = id.unicodeScalars.first(where: { !$0.properties.isASCIIHexDigit && $0 != ":" }) {
      throw wrong("a DHCP host has a bad character in its 'id':", String(Character(bad)))
    }
    if let name {
      guard let first = name.unicodeScalars.first, first.isASCII,
        first.properties.isAlphabetic || first.properties.numericType != nil
      else { throw wrong("a DHCP host has a bad 'name':", name) }
    }
    var complete = element
    if let text = element["ip"] {
      guard let own = IPAddress(text) else { throw wrong("a DHCP host has a bad 'ip' in", network) }
      complete = complete.saying("ip", own.text)
    }
    if partial {
      guard mac != nil || name != nil || id != nil || element["ip"] != nil else {
        throw wrong("a DHCP host says nothing in", network)
      }
    } else {
      if mac == nil, name == nil, id == nil || !address.isV6 {
        throw wrong(
          address.isV6 ? "a DHCP host has no 'id' and no 'name' in" : "a DHCP host has no 'mac' and no 'name' in", network)
      }
      guard element["ip"] != nil else { throw wrong("a DHCP host has no 'ip' in", network) }
    }
    return try leased(complete)
  }

  /// Checks how long what an element is about is kept.
  private static func leased(_ element: XMLElement) throws(VirtError) -> XMLElement {
    try element.replacingElements { (below) throws(VirtError) in
      guard below.isNamed("lease") else { return below }
      guard let expiry = try below.number("expiry", UInt64.self) else { return nil }
      let unit = try below.choice("unit", ["seconds", "minutes", "hours"]) ?? "minutes"
      if expiry == 0 { return below.saying("expiry", "0").saying("unit", nil) }
      guard unit == "seconds" ? expiry >= 120 : unit == "minutes" ? expiry >= 2 : true else {
        throw VirtError(.configUnsupported, .network, "a lease lasts at least two minutes, not", "\(expiry) \(unit)")
      }
      return below.saying("expiry", String(expiry)).saying("unit", unit)
    }
  }

  private static func boot(_ element: XMLElement) throws(VirtError) -> XMLElement? {
    guard element.nonempty("file") != nil else { return nil }
    guard let server = element["server"] else { return element }
    return element.saying("server", try address(server).text)
  }

  private static func address(_ text: String) throws(VirtError) -> IPAddress {
    guard let address = IPAddress(text) else { throw VirtError(.systemError, .none, "this is no address:", text) }
    return address
  }

  private static func wrong(_ text: StaticString, _ subject: String) -> VirtError {
    VirtError(.xmlError, .network, text, subject)
  }
}

internal import VirtCore
internal import VirtXML

/// The addresses that a network gives to its guests.
enum NetworkLeases {
  /// An address of the network with its prefix; no prefix where its netmask is none.
  typealias Place = (address: IPAddress, prefix: Int?)

  /// Checks and completes a <dhcp>; nil when it says nothing.
  static func complete(_ element: XMLElement, in place: Place) throws(VirtError) -> XMLElement? {
    let complete = try element.replacingElements { (below) throws(VirtError) in
      switch below.name {
      case "range": try range(below, in: place)
      case "host": try host(below, in: place.address)
      case "bootp": try boot(below)
      default: below
      }
    }
    return complete.isEmpty ? nil : complete
  }

  /// Checks and completes a range of addresses.
  static func range(_ element: XMLElement, in place: Place) throws(VirtError) -> XMLElement {
    guard let start = element["start"] else { throw element.wrong(.xmlError, "'start' is missing", .network) }
    guard let end = element["end"] else { throw element.wrong(.xmlError, "'end' is missing", .network) }
    let first = try address(start, of: element), last = try address(end, of: element)
    try IPRange.check(element, first, last, in: place)
    return try leased(element.saying("start", first.text).saying("end", last.text))
  }

  /// Checks and completes a host that always gets the same address.
  ///
  /// - Parameter partial: Whether it only has to say which one is meant.
  static func host(
    _ element: XMLElement, in address: IPAddress, partial: Bool = false
  ) throws(VirtError) -> XMLElement {
    let mac = element["mac"], name = element["name"], id = element["id"]
    if let mac {
      if address.isV6 { throw element.wrong(.xmlError, "a host of version 6 has no 'mac'", .network) }
      guard NetworkInterface.isMAC(mac) else { throw element.noSuchValue("mac", mac, .xmlError, .network) }
    }
    if let id, let bad = id.unicodeScalars.first(where: { !$0.properties.isASCIIHexDigit && $0 != ":" }) {
      throw element.wrong(.xmlError, "'id' has no such character: '\(bad)'", .network)
    }
    if let name {
      guard let first = name.unicodeScalars.first, first.isASCII,
        first.properties.isAlphabetic || first.properties.numericType != nil
      else { throw element.noSuchValue("name", name, .xmlError, .network) }
    }
    var complete = element
    if let text = element["ip"] {
      guard let own = IPAddress(text) else { throw element.noSuchValue("ip", text, .xmlError, .network) }
      complete = complete.saying("ip", own.text)
    }
    if partial {
      guard mac != nil || name != nil || id != nil || element["ip"] != nil else {
        throw element.wrong(.xmlError, "it says nothing", .network)
      }
    } else {
      if mac == nil, name == nil, id == nil || !address.isV6 {
        throw element.wrong(.xmlError, "'\(address.isV6 ? "id" : "mac")' or 'name' is missing", .network)
      }
      guard element["ip"] != nil else { throw element.wrong(.xmlError, "'ip' is missing", .network) }
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
        throw below.wrong(.configUnsupported, "a lease lasts two minutes at least, not \(expiry) \(unit)", .network)
      }
      return below.saying("expiry", String(expiry)).saying("unit", unit)
    }
  }

  private static func boot(_ element: XMLElement) throws(VirtError) -> XMLElement? {
    guard element.nonempty("file") != nil else { return nil }
    guard let server = element["server"] else { return element }
    return element.saying("server", try address(server, of: element).text)
  }

  private static func address(_ text: String, of element: XMLElement) throws(VirtError) -> IPAddress {
    guard let address = IPAddress(text) else { throw element.wrong(.systemError, "this is no address: '\(text)'", .none) }
    return address
  }
}

internal import VirtCore
internal import VirtXML

/// Ways that a network's host knows to other networks.
enum NetworkRoute {
  /// Checks and completes a <route>.
  ///
  /// - Parameter domain: Who reports what is wrong with it.
  static func complete(_ element: XMLElement, for domain: ErrorDomain) throws(VirtError) -> XMLElement {
    let prefix = try element.number("prefix", UInt32.self), metric = try element.number("metric", UInt32.self)
    if metric == 0 { throw element.noSuchValue("metric", "0") }
    func wrong(_ rule: String) -> VirtError { element.wrong(.xmlError, rule, domain) }
    func bad(_ name: StaticString, _ value: String) -> VirtError { element.noSuchValue(name, value, .xmlError, domain) }
    guard let text = element["address"] else { throw wrong("'address' is missing") }
    guard let gatewayText = element["gateway"] else { throw wrong("'gateway' is missing") }
    guard let address = IPAddress(text) else { throw bad("address", text) }
    guard let gateway = IPAddress(gatewayText) else { throw bad("gateway", gatewayText) }
    let family = element["family"]
    guard family == nil || family == "ipv4" || family == "ipv6" else {
      throw bad("family", family ?? "")
    }
    guard address.isV6 == (family == "ipv6"), gateway.isV6 == (family == "ipv6") else {
      throw wrong("its addresses are of another 'family': '\(text)'")
    }
    var netmask: IPAddress?
    if let text = element["netmask"] {
      guard !address.isV6 else { throw wrong("a route of version 6 has no 'netmask'") }
      guard prefix == nil else { throw wrong("there is 'prefix' or 'netmask', not both") }
      guard let read = IPAddress(text), !read.isV6 else { throw bad("netmask", text) }
      netmask = read
    }
    if let prefix, prefix > UInt32(address.width) { throw bad("prefix", "\(prefix)") }
    let bits: Int? =
      if let prefix { Int(prefix) } else if let netmask { netmask.netmaskBits } else {
        address.isV6 || address.bits == 0 ? 0 : address.classPrefix
      }
    guard let bits, address.network(bits) == address else { throw wrong("this is no network: '\(text)'") }
    return element.saying("address", address.text).saying("gateway", gateway.text).saying("netmask", netmask?.text)
      .saying("prefix", prefix.map { String($0) }).saying("metric", metric.map { String($0) })
  }

  /// Checks that a route begins in one of the network's own addresses.
  static func check(_ route: XMLElement, from addresses: [XMLElement]) throws(VirtError) {
    guard let gateway = route["gateway"].flatMap({ IPAddress($0) }) else { return }
    for element in addresses {
      guard let address = element["address"].flatMap({ IPAddress($0) }), address.isV6 == gateway.isV6,
        let prefix = NetworkAddressing.prefix(element, address)
      else { continue }
      if address.network(prefix) == gateway.network(prefix) { return }
    }
    throw route.wrong(.configUnsupported, "no address of the network reaches the gateway '\(gateway.text)'", .network)
  }
}

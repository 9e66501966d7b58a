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
    func wrong(_ text: StaticString, _ subject: String = "") -> VirtError { VirtError(.xmlError, domain, text, subject) }
    guard let text = element["address"] else { throw wrong("a <route> has no 'address'") }
    guard let gatewayText = element["gateway"] else { throw wrong("a <route> has no 'gateway'") }
    guard let address = IPAddress(text) else { throw wrong("a <route> has a bad 'address':", text) }
    guard let gateway = IPAddress(gatewayText) else { throw wrong("a <route> has a bad 'gateway':", gatewayText) }
    let family = element["family"]
    guard family == nil || family == "ipv4" || family == "ipv6" else {
      throw wrong("a <route> has no such 'family':", family ?? "")
    }
    guard address.isV6 == (family == "ipv6"), gateway.isV6 == (family == "ipv6") else {
      throw wrong("a <route> has addresses of another 'family':", text)
    }
    var netmask: IPAddress?
    if let text = element["netmask"] {
      guard !address.isV6 else { throw wrong("a <route> of version 6 has a 'netmask':", text) }
      guard prefix == nil else { throw wrong("a <route> has both 'prefix' and 'netmask':", text) }
      guard let read = IPAddress(text), !read.isV6 else { throw wrong("a <route> has a bad 'netmask':", text) }
      netmask = read
    }
    if let prefix, prefix > UInt32(address.width) { throw wrong("a <route> has a bad 'prefix':", "\(prefix)") }
    let bits: Int? =
      if let prefix { Int(prefix) } else if let netmask { netmask.netmaskBits } else {
        address.isV6 || address.bits == 0 ? 0 : address.classPrefix
      }
    guard let bits, address.network(bits) == address else { throw wrong("a <route> leads to what is no network:", text) }
    return element.saying("address", address.text).saying("gateway", gateway.text).saying("netmask", netmask?.text)
      .saying("prefix", prefix.map { String($0) }).saying("metric", metric.map { String($0) })
  }

  /// Checks that a route begins in one of the network's own addresses.
  static func check(_ route: XMLElement, from addresses: [XMLElement], _ network: String) throws(VirtError) {
    guard let gateway = route["gateway"].flatMap({ IPAddress($0) }) else { return }
    for element in addresses {
      guard let address = element["address"].flatMap({ IPAddress($0) }), address.isV6 == gateway.isV6,
        let prefix = NetworkAddressing.prefix(element, address)
      else { continue }
      if address.network(prefix) == gateway.network(prefix) { return }
    }
    throw VirtError(.configUnsupported, .network, "no address of the network reaches the gateway", gateway.text)
  }
}

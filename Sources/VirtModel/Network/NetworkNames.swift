internal import VirtCore
internal import VirtXML

/// What a network's name server knows.
enum NetworkNames {
  /// Checks and completes a <dns>; nil when it says nothing.
  static func complete(_ element: XMLElement, _ network: String) throws(VirtError) -> XMLElement? {
    let isOn = try element.yesNo("enable") ?? true
    _ = try element.yesNo("forwardPlainNames")
    let complete = try element.replacingElements { (below) throws(VirtError) in
      switch below.name {
      case "host": try host(below, network)
      case "srv": try service(below, network)
      case "txt": try text(below, network)
      case "forwarder": try forwarder(below, network)
      default: below
      }
    }
    if !isOn, !complete.isEmpty { throw VirtError(.xmlError, .network, "<dns> is off and says something in", network) }
    return complete.attributeCount == 0 && complete.isEmpty ? nil : complete
  }

  /// Checks and completes a host of <dns>.
  ///
  /// - Parameter partial: Whether it only has to say which one is meant.
  static func host(_ element: XMLElement, _ network: String, partial: Bool = false) throws(VirtError) -> XMLElement {
    var complete = element
    if let text = element["ip"] {
      guard let address = IPAddress(text) else { throw wrong("a DNS host has a bad 'ip' in", network) }
      complete = complete.saying("ip", address.text)
    } else if !partial {
      throw wrong("a DNS host has no 'ip' in", network)
    }
    complete = try complete.replacingElements { (below) throws(VirtError) in
      below.isNamed("hostname") && below.isEmpty ? nil : below
    }
    guard complete.first("hostname") != nil || partial && element["ip"] != nil else {
      throw wrong("a DNS host has no <hostname> in", network)
    }
    return complete
  }

  /// Checks and completes a service record.
  ///
  /// - Parameter partial: Whether it only has to say which one is meant.
  static func service(_ element: XMLElement, _ network: String, partial: Bool = false) throws(VirtError) -> XMLElement {
    guard partial || element["service"] != nil else { throw wrong("a DNS service has no 'service' in", network) }
    guard partial || element["protocol"] != nil else { throw wrong("a DNS service has no 'protocol' in", network) }
    var complete = element
    for name: StaticString in ["port", "priority", "weight"] {
      guard let text = element[name] else { continue }
      guard element["target"] != nil else {
        throw wrong("a DNS service has a 'port', 'priority' or 'weight' without 'target' in", network)
      }
      guard let number = UInt16(text, anyBase: false), number > 0 || !element.has("port", "0") else {
        throw wrong("a DNS service has a bad 'port', 'priority' or 'weight' in", network)
      }
      complete = complete.saying(name, number == 0 ? nil : String(number))
    }
    return complete
  }

  /// Checks a text record.
  ///
  /// - Parameter partial: Whether it only has to say which one is meant.
  static func text(_ element: XMLElement, _ network: String, partial: Bool = false) throws(VirtError) -> XMLElement {
    guard let name = element["name"] else { throw wrong("a DNS text has no 'name' in", network) }
    guard !name.utf8.contains(UInt8(ascii: " ")) else { throw wrong("a DNS text has a 'name' with a space in", network) }
    guard partial || element["value"] != nil else { throw wrong("a DNS text has no 'value' in", network) }
    return element
  }

  private static func forwarder(_ element: XMLElement, _ network: String) throws(VirtError) -> XMLElement {
    let address = element["addr"]
    guard address != nil || element["domain"] != nil else {
      throw VirtError(.xmlError, .network, "a DNS forwarder has neither 'addr' nor 'domain' in", network)
    }
    _ = try element.number("port", UInt16.self)
    guard let address else { return element }
    guard let read = IPAddress(address) else { throw VirtError(.xmlError, .network, "a DNS forwarder has a bad 'addr':", address) }
    return element.saying("addr", read.text)
  }

  private static func wrong(_ text: StaticString, _ network: String) -> VirtError {
    VirtError(.xmlDetail, .network, text, network)
  }
}

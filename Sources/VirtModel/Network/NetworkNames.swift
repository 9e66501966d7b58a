internal import VirtCore
internal import VirtXML

/// What a network's name server knows.
enum NetworkNames {
  /// Checks and completes a <dns>; nil when it says nothing.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement? {
    let isOn = try element.yesNo("enable") ?? true
    _ = try element.yesNo("forwardPlainNames")
    let complete = try element.replacingElements { (below) throws(VirtError) in
      switch below.name {
      case "host": try host(below)
      case "srv": try service(below)
      case "txt": try text(below)
      case "forwarder": try forwarder(below)
      default: below
      }
    }
    if !isOn, !complete.isEmpty { throw element.wrong(.xmlError, "it is off and says something", .network) }
    return complete.attributeCount == 0 && complete.isEmpty ? nil : complete
  }

  /// Checks and completes a host of <dns>.
  ///
  /// - Parameter partial: Whether it only has to say which one is meant.
  static func host(_ element: XMLElement, partial: Bool = false) throws(VirtError) -> XMLElement {
    var complete = element
    if let text = element["ip"] {
      guard let address = IPAddress(text) else { throw wrong(element, "'ip' has no such value: '\(text)'") }
      complete = complete.saying("ip", address.text)
    } else if !partial {
      throw wrong(element, "'ip' is missing")
    }
    complete = try complete.replacingElements { (below) throws(VirtError) in
      below.isNamed("hostname") && below.isEmpty ? nil : below
    }
    guard complete.first("hostname") != nil || partial && element["ip"] != nil else {
      throw wrong(element, "<hostname> is missing")
    }
    return complete
  }

  /// Checks and completes a service record.
  ///
  /// - Parameter partial: Whether it only has to say which one is meant.
  static func service(_ element: XMLElement, partial: Bool = false) throws(VirtError) -> XMLElement {
    guard partial || element["service"] != nil else { throw wrong(element, "'service' is missing") }
    guard partial || element["protocol"] != nil else { throw wrong(element, "'protocol' is missing") }
    var complete = element
    for name: StaticString in ["port", "priority", "weight"] {
      guard let text = element[name] else { continue }
      guard element["target"] != nil else {
        throw wrong(element, "'\(name)' needs a 'target'")
      }
      guard let number = UInt16(number: text), number > 0 || !element.has("port", "0") else {
        throw wrong(element, "'\(name)' has no such value: '\(text)'")
      }
      complete = complete.saying(name, number == 0 ? nil : String(number))
    }
    return complete
  }

  /// Checks a text record.
  ///
  /// - Parameter partial: Whether it only has to say which one is meant.
  static func text(_ element: XMLElement, partial: Bool = false) throws(VirtError) -> XMLElement {
    guard let name = element["name"] else { throw wrong(element, "'name' is missing") }
    guard !name.utf8.contains(UInt8(ascii: " ")) else { throw wrong(element, "a 'name' has no space: '\(name)'") }
    guard partial || element["value"] != nil else { throw wrong(element, "'value' is missing") }
    return element
  }

  private static func forwarder(_ element: XMLElement) throws(VirtError) -> XMLElement {
    let address = element["addr"]
    guard address != nil || element["domain"] != nil else {
      throw element.wrong(.xmlError, "'addr' or 'domain' is missing", .network)
    }
    _ = try element.number("port", UInt16.self)
    guard let address else { return element }
    guard let read = IPAddress(address) else { throw element.noSuchValue("addr", address, .xmlError, .network) }
    return element.saying("addr", read.text)
  }

  private static func wrong(_ element: XMLElement, _ rule: String) -> VirtError { element.wrong(.xmlDetail, rule, .network) }
}

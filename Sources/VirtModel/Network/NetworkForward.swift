internal import VirtCore
internal import VirtXML

/// How a network reaches others.
enum NetworkForward {
  private static let modes = ["none", "nat", "route", "open", "bridge", "private", "vepa", "passthrough", "hostdev"]

  /// The mode that an element says; nil for a network of its own.
  static func mode(_ element: XMLElement?) throws(VirtError) -> String? {
    guard let element else { return nil }
    let mode = element.nonempty("mode") ?? "nat"
    guard modes.contains(mode) else { throw element.noSuchValue("mode", mode, .configUnsupported, .network) }
    return mode == "none" ? nil : mode
  }

  /// Checks and completes the element of a network with that mode.
  static func complete(_ element: XMLElement, mode: String) throws(VirtError) -> XMLElement {
    let device = try device(element)
    if element.all("pf").count > 1 { throw wrong(element, "there is one <pf>") }
    if element.all("nat").count > 1 { throw wrong(element, "there is one <nat>") }
    var addresses: [XMLElement] = []
    let own = device != nil ? "interface" : element.first("address") != nil ? "address" : "pf"
    var complete = try element.replacingElements { (below) throws(VirtError) in
      switch below.name {
      case "interface": return below.saying("connections", nil)
      case "address":
        guard own == "address" else { return nil }
        let address = try self.address(below)
        if addresses.contains(address) { throw wrong(below, "it is listed twice") }
        addresses.append(address)
        return address
      case "pf":
        guard below.nonempty("dev") != nil else { throw wrong(below, "'dev' is missing") }
        return own == "pf" ? below : nil
      case "driver": return try driver(below)
      case "nat": return try nat(below, mode)
      default: return below
      }
    }
    complete = complete.saying("mode", mode).saying("dev", device)
    complete = complete.saying("managed", mode == "hostdev" ? (element.has("managed", "yes") ? "yes" : "no") : nil)
    if let device, complete.first("interface") == nil {
      complete = complete.appending(XMLElement("interface", [XMLAttribute("dev", device)]))
    }
    try check(complete, mode)
    return complete
  }

  /// The device of the host that is used first; nil when none is named.
  private static func device(_ element: XMLElement) throws(VirtError) -> String? {
    var names: Set<String> = []
    var first: String?
    for interface in element.all("interface") {
      guard let name = interface.nonempty("dev") else { throw wrong(interface, "'dev' is missing") }
      guard names.insert(name).inserted else { throw wrong(interface, "it is listed twice: '\(name)'") }
      if first == nil { first = name }
    }
    guard let named = element.nonempty("dev") else { return first }
    guard first == nil || first == named else { throw wrong(element, "'dev' is its first <interface>, not '\(named)'") }
    return named
  }

  private static func address(_ element: XMLElement) throws(VirtError) -> XMLElement {
    guard let type = element["type"] else { throw wrong(element, "'type' is missing") }
    guard type == "pci" else {
      throw element.noSuchValue("type", type, .configUnsupported, .network)
    }
    return try PCIAddress.complete(element).saying("connections", nil)
  }

  private static func driver(_ element: XMLElement) throws(VirtError) -> XMLElement? {
    if let name = element["name"], name != "kvm", name != "vfio" {
      throw element.noSuchValue("name", name, .configUnsupported, .network)
    }
    return element.attributeCount == 0 && element.isEmpty ? nil : element
  }

  private static func nat(_ element: XMLElement, _ mode: String) throws(VirtError) -> XMLElement? {
    guard mode == "nat" else { throw wrong(element, "it needs the forward mode 'nat'") }
    _ = try element.yesNo("ipv6")
    let addresses = element.all("address"), ports = element.all("port")
    if addresses.count > 1 { throw wrong(element, "there is one <address>") }
    if ports.count > 1 { throw wrong(element, "there is one <port>") }
    for address in addresses {
      guard let start = address["start"] else { throw wrong(address, "'start' is missing") }
      guard let end = address["end"] else { throw wrong(address, "'end' is missing") }
      guard let first = IPAddress(start), !first.isV6 else { throw address.noSuchValue("start", start, .xmlError, .network) }
      guard let last = IPAddress(end), !last.isV6 else { throw address.noSuchValue("end", end, .xmlError, .network) }
      try IPRange.check(address, first, last, in: nil)
    }
    for port in ports {
      guard let start = port["start"].flatMap({ UInt16($0) }), let end = port["end"].flatMap({ UInt16($0) }), start <= end else {
        throw port.wrong(.xmlDetail, "'start' and 'end' are ports, the smaller first", .network)
      }
    }
    return element.attributeCount == 0 && element.isEmpty ? nil : element
  }

  /// What a mode needs and what it does not have.
  private static func check(_ element: XMLElement, _ mode: String) throws(VirtError) {
    let interfaces = element.all("interface").count
    if mode == "open", interfaces > 0 { throw wrong(element, "the forward mode 'open' has no 'dev'") }
    if mode == "nat" || mode == "route", interfaces > 1 { throw wrong(element, "there is one <interface>") }
  }

  private static func wrong(_ element: XMLElement, _ rule: String) -> VirtError { element.wrong(.xmlError, rule, .network) }
}

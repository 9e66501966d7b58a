internal import VirtCore
internal import VirtXML

/// How a network reaches others.
enum NetworkForward {
  private static let modes = ["none", "nat", "route", "open", "bridge", "private", "vepa", "passthrough", "hostdev"]

  /// The mode that an element says; nil for a network of its own.
  static func mode(_ element: XMLElement?) throws(VirtError) -> String? {
    guard let element else { return nil }
    let mode = element.nonempty("mode") ?? "nat"
    guard modes.contains(mode) else { throw VirtError(.configUnsupported, .network, "there is no forward mode", mode) }
    return mode == "none" ? nil : mode
  }

  /// Checks and completes the element of a network with that mode.
  static func complete(_ element: XMLElement, mode: String, _ network: String) throws(VirtError) -> XMLElement {
    let device = try device(element, network)
    if element.all("pf").count > 1 { throw wrong("there can be only one <pf> in", network) }
    if element.all("nat").count > 1 { throw wrong("there can be only one <nat> in", network) }
    var addresses: [XMLElement] = []
    let own = device != nil ? "interface" : element.first("address") != nil ? "address" : "pf"
    var complete = try element.replacingElements { (below) throws(VirtError) in
      switch below.name {
      case "interface": return below.saying("connections", nil)
      case "address":
        guard own == "address" else { return nil }
        let address = try self.address(below, network)
        if addresses.contains(address) { throw wrong("a PCI device is listed twice in", network) }
        addresses.append(address)
        return address
      case "pf":
        guard below.nonempty("dev") != nil else { throw wrong("a <pf> has no 'dev' in", network) }
        return own == "pf" ? below : nil
      case "driver": return try driver(below)
      case "nat": return try nat(below, mode, network)
      default: return below
      }
    }
    complete = complete.saying("mode", mode).saying("dev", device)
    complete = complete.saying("managed", mode == "hostdev" ? (element.has("managed", "yes") ? "yes" : "no") : nil)
    if let device, complete.first("interface") == nil {
      complete = complete.appending(XMLElement("interface", [XMLAttribute("dev", device)]))
    }
    try check(complete, mode, network)
    return complete
  }

  /// The device of the host that is used first; nil when none is named.
  private static func device(_ element: XMLElement, _ network: String) throws(VirtError) -> String? {
    var names: Set<String> = []
    var first: String?
    for interface in element.all("interface") {
      guard let name = interface.nonempty("dev") else { throw wrong("an <interface> of <forward> has no 'dev' in", network) }
      guard names.insert(name).inserted else { throw wrong("an <interface> of <forward> is listed twice in", network) }
      if first == nil { first = name }
    }
    guard let named = element.nonempty("dev") else { return first }
    guard first == nil || first == named else { throw wrong("'dev' of <forward> is not its first <interface> in", network) }
    return named
  }

  private static func address(_ element: XMLElement, _ network: String) throws(VirtError) -> XMLElement {
    guard let type = element["type"] else { throw wrong("an <address> has no 'type' in", network) }
    guard type == "pci" else {
      throw VirtError(.configUnsupported, .network, "an <address> of <forward> has no such type:", type)
    }
    return try PCIAddress.complete(element).saying("connections", nil)
  }

  private static func driver(_ element: XMLElement) throws(VirtError) -> XMLElement? {
    if let name = element["name"], name != "kvm", name != "vfio" {
      throw VirtError(.configUnsupported, .network, "<forward> has no such driver:", name)
    }
    return element.attributeCount == 0 && element.isEmpty ? nil : element
  }

  private static func nat(_ element: XMLElement, _ mode: String, _ network: String) throws(VirtError) -> XMLElement? {
    guard mode == "nat" else { throw wrong("<nat> needs forward mode 'nat' in", network) }
    _ = try element.yesNo("ipv6")
    let addresses = element.all("address"), ports = element.all("port")
    if addresses.count > 1 { throw wrong("there can be only one <address> in <nat> of", network) }
    if ports.count > 1 { throw wrong("there can be only one <port> in <nat> of", network) }
    for address in addresses {
      guard let start = address["start"] else { throw wrong("<address> of <nat> has no 'start' in", network) }
      guard let end = address["end"] else { throw wrong("<address> of <nat> has no 'end' in", network) }
      guard let first = IPAddress(start), !first.isV6 else { throw wrong("<address> of <nat> has a bad 'start':", start) }
      guard let last = IPAddress(end), !last.isV6 else { throw wrong("<address> of <nat> has a bad 'end':", end) }
      try IPRange.check(first, last, in: nil)
    }
    for port in ports {
      guard let start = port["start"].flatMap({ UInt16($0) }), let end = port["end"].flatMap({ UInt16($0) }), start <= end else {
        throw VirtError(.xmlDetail, .network, "<port> of <nat> has no good 'start' and 'end' in", network)
      }
    }
    return element.attributeCount == 0 && element.isEmpty ? nil : element
  }

  /// What a mode needs and what it does not have.
  private static func check(_ element: XMLElement, _ mode: String, _ network: String) throws(VirtError) {
    let interfaces = element.all("interface").count
    if mode == "open", interfaces > 0 { throw wrong("forward mode 'open' has no 'dev', in", network) }
    if mode == "nat" || mode == "route", interfaces > 1 { throw wrong("only one <interface> of <forward> is used in", network) }
  }

  private static func wrong(_ text: StaticString, _ subject: String) -> VirtError {
    VirtError(.xmlError, .network, text, subject)
  }
}

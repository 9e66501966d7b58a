package import VirtCore
package import VirtXML

extension NetworkDefinition {
  /// Reads a network's document.
  ///
  /// - Throws: What is wrong with it, with the element and its line.
  package static func read(_ element: XMLElement) throws(VirtError) -> NetworkDefinition {
    try element.expect("network")
    let (name, uuid) = try element.identity(for: .network)
    var values = NetworkValues(name: name, uuid: uuid)
    values.title = element.nonemptyText("title")
    values.description = element.nonemptyText("description")
    values.metadata = element.first("metadata").map { $0.declaring(from: element).keepingForeign }
    values.attributes = try attributes(element)
    values.parts = try parts(element)
    return NetworkDefinition(values)
  }

  private static func attributes(_ element: XMLElement) throws(VirtError) -> [XMLAttribute] {
    if let text = element["ipv6"], text != "yes", text != "no" { throw element.noSuchValue("ipv6", text, .xmlError, .network) }
    _ = try element.yesNo("trustGuestRxFilters")
    // How many ports are plugged in is counted, not read.
    let plain = element.setting("connections", nil).saying("ipv6", element.has("ipv6", "yes") ? "yes" : nil)
    return DocumentGrammar.networkDocument.arranged(plain.with(content: [])).attributes
  }

  private static let values: [StaticString] = ["name", "uuid", "title", "description", "metadata"]
  /// What there can be several of.
  private static let repeated: [StaticString] = ["ip", "route", "portgroup"]

  /// Checks, completes and arranges everything but the values. Of what can be there once the first one counts.
  static func parts(_ element: XMLElement) throws(VirtError) -> [XMLElement] {
    let forward = element.first("forward")
    let mode = try NetworkForward.mode(forward)
    var parts: [XMLElement] = []
    if let forward, let mode { parts.append(try NetworkForward.complete(forward, mode: mode)) }
    if let bridge = try NetworkBridge.complete(element.first("bridge"), mode: mode) { parts.append(bridge) }
    if mode == "bridge", element.first("bridge")?.nonempty("name") != nil, parts.first?["dev"] != nil {
      throw element.part("bridge", .xmlError, "there is a bridge or a device of the host, not both", .network)
    }
    let grammar = DocumentGrammar.networkDocument
    var known: Set<String> = ["forward", "bridge"]
    for part in element.elements where !part.isNamed(oneOf: values) {
      if grammar.knows(part), !part.isNamed(oneOf: repeated), !known.insert(part.name).inserted { continue }
      if let complete = try complete(part, mode) { parts.append(complete) }
    }
    let addresses = parts.filter { $0.isNamed("ip") }
    for part in parts where part.isNamed("route") { try NetworkRoute.check(part, from: addresses) }
    if mode == "nat" || mode == "route", addresses.isEmpty {
      throw element.part("forward", .xmlError, "a network that forwards needs an <ip>", .network)
    }
    let whole = XMLElement("network", elements: parts)
    return Array(grammar.arranged(whole).elements)
  }

  private static func complete(_ part: XMLElement, _ mode: String?) throws(VirtError) -> XMLElement? {
    switch part.name {
    case "mtu": return try mtu(part, mode)
    case "mac": return try mac(part)
    case "domain":
      _ = try part.yesNo("localOnly")
      _ = try part.yesNo("register")
      return part["name"] == nil ? nil : part
    case "dns": return try NetworkNames.complete(part)
    case "vlan": return try VLAN.complete(part)
    case "bandwidth": return try Bandwidth.complete(part)
    case "port": return try part.yesNo("isolated") == nil && part.isEmpty ? nil : part
    case "ip": return try NetworkAddressing.complete(part)
    case "route": return try NetworkRoute.complete(part, for: .network)
    case "virtualport": return try VirtualPort.complete(part, needs: .type)
    case "portgroup": return try NetworkPortGroup.complete(part)
    default: return part
    }
  }

  private static func mtu(_ part: XMLElement, _ mode: String?) throws(VirtError) -> XMLElement? {
    guard let text = part["size"] else { return nil }
    guard let size = UInt32(number: text) else { throw part.noSuchValue("size", text, .xmlError, .network) }
    if size == 0 { return nil }
    guard mode == nil || mode == "nat" || mode == "route" || mode == "open" else {
      throw part.wrong(.xmlError, "a network with the forward mode '\(mode ?? "")' has none", .network)
    }
    return part.saying("size", String(size))
  }

  private static func mac(_ part: XMLElement) throws(VirtError) -> XMLElement? {
    guard let text = part["address"] else { return nil }
    guard NetworkInterface.isMAC(text) else { throw part.noSuchValue("address", text, .xmlError, .network) }
    return part.saying("address", text.lowercased())
  }
}

extension XMLElement {
  /// The same element with only those elements in it that are in a namespace, one for each.
  var keepingForeign: XMLElement {
    var known: Set<String> = []
    return filtered { below in below.namespace(within: [self]).map { known.insert($0).inserted } ?? false }
  }
}

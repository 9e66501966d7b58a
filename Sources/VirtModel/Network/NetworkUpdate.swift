package import VirtCore
package import VirtXML

/// A change of one part of a network.
package struct NetworkUpdate {
  private let command: NetworkUpdateCommand
  private let section: NetworkUpdateSection
  private let index: Int
  private let element: XMLElement

  /// Describes a change.
  ///
  /// - Parameters:
  ///   - index: Which <ip> is meant, from zero; a negative one leaves it to the rules.
  ///   - element: What is added, or says what is changed or removed.
  package init(_ command: NetworkUpdateCommand, _ section: NetworkUpdateSection, _ index: Int32, _ element: XMLElement) {
    self.command = command
    self.section = section
    self.index = Int(index)
    self.element = element
  }

  /// The definition with the change.
  package func applied(to definition: NetworkDefinition) throws(VirtError) -> NetworkDefinition {
    let network = definition.name
    var parts = definition.values.parts
    switch section {
    case .ipDhcpHost: try changeHost(&parts, network)
    case .ipDhcpRange: try changeRange(&parts, network)
    case .forwardInterface: try changeInterface(&parts, network)
    case .portgroup: try changePortGroup(&parts, network)
    case .dnsHost, .dnsTxt, .dnsSrv: try changeNames(&parts, network)
    default:
      throw VirtError(
        .operationUnsupported, .network, "", "section \(section.rawValue) of network '\(network)' cannot be changed alone")
    }
    // A network that could not be read again would be lost with its world.
    if command != .delete {
      _ = try NetworkDefinition.parts(XMLElement("network", elements: parts))
    }
    let made = parts
    return definition.changing { $0.parts = made }
  }

  private var adds: Bool { command == .addFirst || command == .addLast }

  private func expect(_ name: StaticString, _ network: String) throws(VirtError) {
    guard element.isNamed(name) else {
      throw element.wrong(.xmlError, "a change of network '\(network)' here is a <\(name)>", .network)
    }
  }

  private func refuseToModify(_ what: StaticString) throws(VirtError) {
    if command == .modify {
      throw VirtError(.operationUnsupported, .network, "", "\(what) are added and removed, not modified")
    }
  }

  /// Changes a list of elements: the new one takes the place of what it is about, which is removed, or stands before or behind
  /// all others.
  ///
  /// - Parameters:
  ///   - matches: The places of what the change is about.
  ///   - range: The list's place among the elements.
  private func change(
    _ elements: inout [XMLElement], at matches: [Int], _ range: Range<Int>, to made: XMLElement, _ network: String
  ) throws(VirtError) {
    switch command {
    case .modify:
      guard let place = matches.first else { throw invalid("there is no such part to modify in", network) }
      elements[place] = made
    case .delete:
      guard let place = matches.first else { throw invalid("there is no such part to remove in", network) }
      elements.remove(at: place)
    case .addFirst, .addLast:
      guard matches.isEmpty else { throw invalid("there is such a part already in", network) }
      elements.insert(made, at: command == .addFirst ? range.lowerBound : range.upperBound)
    default:
      throw VirtError(.operationUnsupported, .network, "there is no change", "\(command.rawValue)")
    }
  }

  private func invalid(_ text: StaticString, _ network: String) -> VirtError {
    VirtError(.operationInvalid, .network, text, network)
  }

  // MARK: - Addresses

  /// The place of the <ip> that is meant.
  private func place(_ parts: [XMLElement], _ network: String) throws(VirtError) -> Int {
    let all = parts.indices.filter { parts[$0].isNamed("ip") }
    let found: Int? =
      if index >= 0 {
        all.dropFirst(index).first
      } else {
        all.first { parts[$0].first("dhcp").map { !$0.isEmpty } ?? false } ?? all.first { !parts[$0].has("family", "ipv6") }
      }
    guard let found else { throw invalid("there is no such <ip> in", network) }
    return found
  }

  private func refuseSecondServer(_ parts: [XMLElement], beside place: Int, _ network: String) throws(VirtError) {
    guard adds, !parts[place].has("family", "ipv6") else { return }
    for other in parts.indices where other != place && parts[other].isNamed("ip") && !parts[other].has("family", "ipv6") {
      if parts[other].first("dhcp") != nil { throw invalid("DHCP serves one address of version 4 in", network) }
    }
  }

  private func changeHost(_ parts: inout [XMLElement], _ network: String) throws(VirtError) {
    try expect("host", network)
    let place = try place(parts, network)
    guard let address = parts[place]["address"].flatMap({ IPAddress($0) }) else { return }
    let host = try NetworkLeases.host(element, in: address, partial: command == .delete)
    if let own = host["ip"].flatMap({ IPAddress($0) }), own.isV6 != address.isV6, command != .delete {
      throw invalid("a DHCP host is of the version of its <ip>, in", network)
    }
    try refuseSecondServer(parts, beside: place, network)
    try changeServer(&parts[place], named: "host", to: host, network) { other in
      let same: (StaticString) -> Bool = { host[$0] != nil && host[$0] == other[$0] }
      let sameMAC = host["mac"] != nil && host["mac"]?.lowercased() == other["mac"]?.lowercased()
      if command != .delete { return sameMAC || same("name") || same("ip") }
      return (host["mac"] == nil || sameMAC) && (host["name"] == nil || same("name")) && (host["ip"] == nil || same("ip"))
    }
  }

  private func changeRange(_ parts: inout [XMLElement], _ network: String) throws(VirtError) {
    try expect("range", network)
    let place = try place(parts, network)
    try refuseToModify("ranges of addresses")
    guard let address = parts[place]["address"].flatMap({ IPAddress($0) }) else { return }
    let range = try NetworkLeases.range(element, in: (address, NetworkAddressing.prefix(parts[place], address)))
    try refuseSecondServer(parts, beside: place, network)
    try changeServer(&parts[place], named: "range", to: range, network) { other in
      range["start"] == other["start"] && range["end"] == other["end"]
    }
  }

  /// Where elements like that one end.
  private func end(of element: XMLElement, among parts: [XMLElement]) -> Int {
    let place = DocumentGrammar.networkDocument.place(element)
    return parts.firstIndex { DocumentGrammar.networkDocument.place($0) > place } ?? parts.endIndex
  }

  /// Changes what stands in the <dhcp> of an <ip>.
  private func changeServer(
    _ ip: inout XMLElement, named name: StaticString, to made: XMLElement, _ network: String, where isMeant: (XMLElement) -> Bool
  ) throws(VirtError) {
    let server = ip.first("dhcp") ?? XMLElement("dhcp")
    let changed = try changing(server, named: name, to: made, network, where: isMeant)
    let plain = try ip.replacingElements { $0.isNamed("dhcp") ? nil : $0 }
    ip = DocumentGrammar.networkDocument["ip"].arranged(changed.isEmpty ? plain : plain.appending(changed))
  }

  /// Changes a list that stands in an element.
  private func changing(
    _ parent: XMLElement, named name: StaticString, to made: XMLElement, _ network: String, where isMeant: (XMLElement) -> Bool
  ) throws(VirtError) -> XMLElement {
    var elements = Array(parent.elements)
    let list = elements.indices.filter { elements[$0].isNamed(name) }
    let range = list.first.map { $0..<(list.last ?? $0) + 1 } ?? elements.endIndex..<elements.endIndex
    try change(&elements, at: list.filter { isMeant(elements[$0]) }, range, to: made, network)
    return parent.with(content: elements.map { .element($0) })
  }

  // MARK: - The others

  private func changeInterface(_ parts: inout [XMLElement], _ network: String) throws(VirtError) {
    try expect("interface", network)
    try refuseToModify("interfaces of <forward>")
    guard let device = element.nonempty("dev") else {
      throw element.wrong(.xmlError, "'dev' is missing", .network)
    }
    let place = parts.firstIndex { $0.isNamed("forward") }
    let forward = place.map { parts[$0] } ?? XMLElement("forward")
    let changed = try changing(forward, named: "interface", to: element, network) { $0["dev"] == device }
    // A network of its own takes it for nothing.
    guard let place else { return }
    let first = changed.first("pf") == nil ? changed.first("interface")?["dev"] : nil
    parts[place] = DocumentGrammar.networkDocument["forward"].arranged(changed.saying("dev", first))
  }

  private func changePortGroup(_ parts: inout [XMLElement], _ network: String) throws(VirtError) {
    try expect("portgroup", network)
    let group = try NetworkPortGroup.complete(element)
    let list = parts.indices.filter { parts[$0].isNamed("portgroup") }
    let isDefault = group.has("default", "yes") && command != .delete
    if isDefault, list.contains(where: { parts[$0].has("default", "yes") && parts[$0]["name"] != group["name"] }) {
      throw invalid("another <portgroup> is the default in", network)
    }
    let end = end(of: group, among: parts)
    let range = list.first.map { $0..<(list.last ?? $0) + 1 } ?? end..<end
    try change(
      &parts, at: list.filter { parts[$0]["name"] == group["name"] }, range,
      to: DocumentGrammar.networkDocument["portgroup"].arranged(group), network)
  }

  private func changeNames(_ parts: inout [XMLElement], _ network: String) throws(VirtError) {
    try refuseToModify("records of DNS")
    let isPartial = !adds
    let name: StaticString
    let made: XMLElement
    let isMeant: (XMLElement) -> Bool
    switch section {
    case .dnsHost:
      name = "host"
      try expect(name, network)
      let host = try NetworkNames.host(element, partial: isPartial)
      let names = Set(host.all("hostname").map(\.text))
      made = host
      isMeant = { other in
        host["ip"] != nil && host["ip"] == other["ip"] || isPartial && other.all("hostname").contains { names.contains($0.text) }
      }
    case .dnsTxt:
      name = "txt"
      try expect(name, network)
      let text = try NetworkNames.text(element, partial: isPartial)
      made = text
      isMeant = { $0["name"] == text["name"] }
    default:
      name = "srv"
      try expect(name, network)
      let service = try NetworkNames.service(element, partial: isPartial)
      made = service
      let fields: [StaticString] = ["domain", "service", "protocol", "target", "port", "priority", "weight"]
      isMeant = { other in fields.allSatisfy { service[$0] == nil || service[$0] == other[$0] } }
    }
    let names = parts.first { $0.isNamed("dns") } ?? XMLElement("dns")
    if command == .delete, names.elements.filter({ $0.isNamed(name) && isMeant($0) }).count > 1 {
      throw invalid("more than one record of DNS is meant in", network)
    }
    let changed = DocumentGrammar.networkDocument["dns"].arranged(
      try changing(names, named: name, to: made, network, where: isMeant))
    parts.removeAll { $0.isNamed("dns") }
    guard !changed.isEmpty || changed.attributeCount > 0 else { return }
    let end = end(of: changed, among: parts)
    parts.insert(changed, at: end)
  }
}

package import VirtCore
package import VirtXML

extension FilterDefinition {
  /// Reads a filter's document.
  ///
  /// - Throws: What is wrong with it, with the element and its line.
  package static func read(_ element: XMLElement) throws(VirtError) -> FilterDefinition {
    try element.expect("filter")
    try DocumentGrammar.nwfilterDocument.check(element)
    let name = element["name"] ?? ""
    let uuid = try element.uuid(.xmlError, .nwfilter) ?? .random()
    let chain = try FilterChain(element)
    var parts = [XMLElement("uuid", text: "\(uuid)")]
    for part in element.elements where !part.isNamed("uuid") {
      switch part.name {
      case "rule": parts.append(try rule(part))
      case "filterref": parts.append(try FilterReference.arranged(part))
      default: parts.append(part)
      }
    }
    let known = [XMLAttribute("name", name), XMLAttribute("chain", chain.name)] + chain.attributes
    let unknown = element.attributes.filter { !["name", "chain", "priority"].contains($0.name) }
    let whole = XMLElement("filter", known + unknown, parts.map { .element($0) }, line: element.line)
    return FilterDefinition(whole, name: name, uuid: uuid)
  }

  /// A rule: what becomes of packets, and which.
  private static func rule(_ element: XMLElement) throws(VirtError) -> XMLElement {
    var known = ["action", "direction"].map { XMLAttribute($0, element[named: $0] ?? "") }
    let priority = element["priority"].flatMap { Int($0) } ?? 500
    known.append(XMLAttribute("priority", String((-1000...1000).contains(priority) ? priority : 500)))
    if ["0", "false"].contains(element["statematch"]?.lowercased()) { known.append(XMLAttribute("statematch", "false")) }
    let unknown = element.attributes.filter { !["action", "direction", "priority", "statematch"].contains($0.name) }
    // One protocol counts: the first that is named, as it is named last.
    let protocols = element.elements.filter { FilterProtocol.isNamed(by: $0) }
    var parts = element.elements.filter { !FilterProtocol.isNamed(by: $0) }
    if let last = protocols.last(where: { $0.name == protocols[0].name }) {
      let part = try FilterProtocol.arranged(last)
      try checkPorts(part)
      parts.insert(part, at: 0)
    }
    return XMLElement("rule", known + unknown, parts.map { .element($0) }, line: element.line)
  }

  /// Only some protocols have ports.
  private static func checkPorts(_ element: XMLElement) throws(VirtError) {
    guard element.isNamed("ip") || element.isNamed("ipv6") else { return }
    let hasPorts = element.attributes.contains { $0.name.hasPrefix("srcport") || $0.name.hasPrefix("dstport") }
    guard !hasPorts || ["tcp", "udp", "sctp"].contains(element["protocol"] ?? "") else {
      throw element.wrong(.internalError, "ports need a 'protocol' that has some", .nwfilter)
    }
  }
}

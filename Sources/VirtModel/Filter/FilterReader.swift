package import VirtCore
package import VirtXML

extension FilterDefinition {
  /// Reads a filter's document.
  ///
  /// - Throws: What is wrong with it, with the element and its line.
  package static func read(_ element: XMLElement) throws(VirtError) -> FilterDefinition {
    try element.expect("filter")
    guard let name = element["name"], !name.isEmpty else {
      throw element.wrong(.internalError, "'name' is missing", .nwfilter)
    }
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
    let needed = ValueRule.Lack.refused(.internalError, .nwfilter), wrong = ValueRule.Lack.refused(.configUnsupported, .nwfilter)
    func choice(_ words: [String]) -> ValueRule {
      ValueRule.choice(words).with(missing: needed, wrong: wrong, emptyIsMissing: false)
    }
    let head = ElementRule(
      name: "rule",
      attributes: [
        ("action", choice(["drop", "accept", "reject", "return", "continue"])), ("direction", choice(["in", "out", "inout"])),
        ("priority", ValueRule(written: { priority($0) }, missing: .taken("500"), wrong: .taken("500"))),
        (
          "statematch",
          ValueRule(written: { $0 == "0" || $0.lowercased() == "false" ? "false" : "" }, missing: .leftOut, wrong: .leftOut)
        ),
      ])
    guard let arranged = try head.arranged(element) else { return element }
    // One protocol counts: the first that is named, as it is named last.
    let known = element.elements.first { FilterProtocol.all[$0.name] != nil }?.name
    var parts: [XMLElement] = []
    if let known, let rule = FilterProtocol.all[known], let last = element.elements.filter({ $0.name == known }).last,
      let part = try rule.arranged(last)
    {
      try checkPorts(part)
      // Nothing to look at cannot be turned around.
      parts.append(part.attributeCount == 1 ? part.setting("match", nil) : part)
    }
    parts += element.elements.filter { FilterProtocol.all[$0.name] == nil }
    return arranged.with(content: parts.map { .element($0) })
  }

  private static func priority(_ text: String) -> String? {
    guard let number = Int(text), (-1000...1000).contains(number) else { return nil }
    return String(number)
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

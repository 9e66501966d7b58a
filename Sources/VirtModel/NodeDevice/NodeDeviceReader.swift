package import VirtCore
package import VirtXML

extension NodeDeviceDefinition {
  /// Reads a device's document.
  ///
  /// - Parameter isNew: Whether the device is still to be made: its name, and a host adapter's number, come later.
  /// - Throws: What is wrong with it, with the element and its line.
  package static func read(_ element: XMLElement, isNew: Bool = false) throws(VirtError) -> NodeDeviceDefinition {
    try element.expect("device")
    guard let name = isNew ? "new device" : element.nonemptyText("name") else {
      throw element.wrong(.noName, "<name> is missing", .nodedev)
    }
    var parts = [XMLElement("name", text: name)]
    var hasDevice = false
    for part in element.elements where !part.isNamed("name") {
      switch part.name {
      case "devnode":
        guard part.has("type", "dev") || part.has("type", "link") else {
          throw part.noSuchValue("type", part["type"] ?? "")
        }
        // The last one counts.
        if part.has("type", "dev"), hasDevice { parts.removeAll { $0.isNamed("devnode") && $0.has("type", "dev") } }
        hasDevice = hasDevice || part.has("type", "dev")
        parts.append(part)
      case "parent":
        try checkParent(part)
        let saysSomething = !part.text.isEmpty || part.attributes.contains { !$0.value.isEmpty }
        if saysSomething, !parts.contains(where: { $0.isNamed("parent") }) { parts.append(part) }
      case "path": if !part.text.isEmpty, !parts.contains(where: { $0.isNamed("path") }) { parts.append(part) }
      case "driver": if part.first("name") != nil, !parts.contains(where: { $0.isNamed("driver") }) { parts.append(part) }
      case "capability": parts.append(try NodeDeviceCapability.read(part, isNew: isNew))
      default: parts.append(part)
      }
    }
    guard parts.contains(where: { $0.isNamed("capability") }) else {
      throw element.wrong(.internalError, "<capability> is missing", .nodedev)
    }
    let whole = XMLElement("device", element.attributes, parts.map { .element($0) }, line: element.line)
    return NodeDeviceDefinition(arranged(whole))
  }

  /// Checks how a parent is given: by name, by both numbers of its port, or by that of its network.
  private static func checkParent(_ element: XMLElement) throws(VirtError) {
    let port = ["wwnn", "wwpn"].map { element[$0] ?? "" }
    guard port[0].isEmpty == port[1].isEmpty else {
      throw element.wrong(.xmlError, "there are both 'wwnn' and 'wwpn', not one alone: '\(port.joined())'", .nodedev)
    }
  }

  /// A device's document with its parts in order.
  static func arranged(_ element: XMLElement) -> XMLElement {
    // The device's own node stands before its links.
    func rank(_ part: XMLElement) -> Int {
      DocumentGrammar.nodedevDocument.place(part) * 2 + (part.isNamed("devnode") && part.has("type", "link") ? 1 : 0)
    }
    var parts = Array(element.elements)
    parts.sort(byRank: rank)
    return element.with(content: parts.map { .element($0) })
  }
}

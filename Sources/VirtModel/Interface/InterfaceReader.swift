package import VirtCore
package import VirtXML

extension InterfaceDefinition {
  /// Reads an interface's document.
  ///
  /// - Throws: What is wrong with it, with the element and its line.
  package static func read(_ element: XMLElement) throws(VirtError) -> InterfaceDefinition {
    try element.expect("interface")
    let types = ["ethernet", "bridge", "bond", "vlan"]
    return InterfaceDefinition(DocumentGrammar.interfaceDocument.arranged(try interface(element, types, isWhole: true)))
  }

  /// Checks and completes an interface, or one that is part of another.
  ///
  /// - Parameters:
  ///   - types: Of which types it can be.
  ///   - isWhole: Whether it is no part of another one.
  private static func interface(_ element: XMLElement, _ types: [String], isWhole: Bool) throws(VirtError) -> XMLElement {
    guard let type = try element.choice("type", ["ethernet", "bridge", "bond", "vlan"]) else {
      throw element.wrong(.xmlError, "'type' is missing", .xml)
    }
    guard element["name"] != nil else { throw element.wrong(.xmlError, "'name' is missing", .interface) }
    guard types.contains(type) else { throw element.wrong(.xmlError, "it cannot be of type '\(type)' here", .interface) }
    if type != "ethernet", !element.elements.contains(where: { $0.name == type }) {
      throw element.wrong(.xmlError, "<\(type)> is missing", .interface)
    }
    var known: Set<String> = []
    return try element.replacingElements { (below) throws(VirtError) in
      let name = below.name
      if !isWhole, below.isNamed(oneOf: ["start", "mtu", "protocol"]) { return nil }
      if name != type, below.isNamed(oneOf: ["bridge", "bond", "vlan"]) { return nil }
      if name != "protocol", DocumentGrammar.interfaceDocument.knows(below), !known.insert(name).inserted { return nil }
      switch name {
      case "start": return try start(below)
      case "mtu": return try mtu(below)
      case "protocol": return try InterfaceProtocol.complete(below)
      case "link": return type == "bridge" ? nil : try link(below)
      case "mac": return type == "ethernet" && below.nonempty("address") != nil ? below : nil
      case "bridge": return try bridge(below)
      case "bond":
        return try InterfaceBond.complete(below) { (below) throws(VirtError) in
          try interface(below, ["ethernet"], isWhole: false)
        }
      case "vlan": return try vlan(below)
      default: return below
      }
    }
  }

  private static func start(_ element: XMLElement) throws(VirtError) -> XMLElement? {
    guard let mode = element["mode"] else { return nil }
    guard ["none", "onboot", "hotplug"].contains(mode) else { throw element.noSuchValue("mode", mode, .xmlError, .interface) }
    return element
  }

  private static func mtu(_ element: XMLElement) throws(VirtError) -> XMLElement? {
    guard let text = element["size"] else { return nil }
    guard let size = UInt32(number: text) else { throw element.noSuchValue("size", text, .xmlError, .interface) }
    return size == 0 ? nil : element.saying("size", String(size))
  }

  private static func link(_ element: XMLElement) throws(VirtError) -> XMLElement? {
    _ = try element.choice(
      "state", ["unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up"])
    let speed = try element.number("speed", UInt32.self)
    let complete = element.saying("speed", speed.flatMap { $0 == 0 ? nil : String($0) })
    return complete.attributeCount == 0 ? nil : complete
  }

  private static func bridge(_ element: XMLElement) throws(VirtError) -> XMLElement {
    let complete = element.has("stp", "on") || element.has("stp", "off") ? element : element.saying("stp", nil)
    return try complete.replacingElements { (below) throws(VirtError) in
      below.isNamed("interface") ? try interface(below, ["ethernet", "bond", "vlan"], isWhole: false) : below
    }
  }

  private static func vlan(_ element: XMLElement) throws(VirtError) -> XMLElement {
    guard element["tag"] != nil else { throw element.wrong(.xmlError, "'tag' is missing", .interface) }
    guard let carrier = element.first("interface"), let name = carrier["name"] else {
      throw element.wrong(.xmlError, "an <interface> with 'name' is missing", .interface)
    }
    return try element.replacingElements { below in
      if !below.isNamed("interface") { return below }
      return below == carrier ? XMLElement("interface", [XMLAttribute("name", name)]) : nil
    }
  }
}

package import VirtCore
package import VirtXML

/// What plugs a guest's interface into a network, as its document describes it. Immutable.
package final class NetworkPortDefinition: Sendable {
  /// Never changes.
  package let uuid: UUID
  private let parts: [XMLElement]
  private let kept = FormattedText()

  private init(_ uuid: UUID, _ parts: [XMLElement]) {
    self.uuid = uuid
    self.parts = parts
  }

  /// Reads a port's document; a UUID is made where there is none.
  ///
  /// - Parameter plug: What the network gives a port that does not say where it is plugged in.
  package static func read(_ element: XMLElement, plug: XMLElement?) throws(VirtError) -> NetworkPortDefinition {
    try element.expect("networkport")
    let uuid = try element.uuid(.xmlError, .network) ?? .random()
    guard let owner = element.first("owner"), owner.nonemptyText("name") != nil, try owner.uuid(.xmlError, .network) != nil else {
      throw element.part("owner", .xmlError, "an <owner> with <name> and <uuid> is missing", .network)
    }
    guard element.first("mac") != nil else { throw element.wrong(.xmlError, "<mac> is missing", .network) }
    var known: Set<String> = ["uuid"]
    var parts: [XMLElement] = []
    for part in element.elements {
      if !known.insert(part.name).inserted, DocumentGrammar.networkportDocument.knows(part) { continue }
      if let complete = try complete(part) { parts.append(complete) }
    }
    if let plug, !parts.contains(where: { $0.isNamed("plug") }) { parts.append(plug) }
    return NetworkPortDefinition(uuid, arranged(parts))
  }

  private static func arranged(_ parts: [XMLElement]) -> [XMLElement] {
    Array(DocumentGrammar.networkportDocument.arranged(XMLElement("networkport", elements: parts)).elements)
  }

  private static func complete(_ part: XMLElement) throws(VirtError) -> XMLElement? {
    switch part.name {
    case "mac":
      guard let address = part["address"], NetworkInterface.isMAC(address) else {
        throw part.noSuchValue("address", part["address"] ?? "", .xmlError, .network)
      }
      return part.saying("address", address.lowercased())
    case "bandwidth": return try Bandwidth.complete(part, floor: true)
    case "vlan": return try VLAN.complete(part)
    case "virtualport": return try VirtualPort.complete(part, needs: .type)
    case "port": return try part.yesNo("isolated") == nil ? nil : part
    case "rxfilters": return try part.yesNo("trustGuest") == nil ? nil : part
    case "plug": return try plug(part)
    default: return part
    }
  }

  private static func plug(_ part: XMLElement) throws(VirtError) -> XMLElement {
    func missing(_ name: StaticString) -> VirtError { part.wrong(.xmlError, "\(name) is missing", .network) }
    _ = try part.choice("mode", ["vepa", "private", "bridge", "passthrough"])
    _ = try part.choice("macTableManager", ["kernel", "libvirt"])
    switch try part.choice("type", ["none", "network", "bridge", "direct", "hostdev-pci"]) {
    case "network", "bridge":
      guard part["bridge"] != nil else { throw missing("'bridge'") }
    case "direct":
      guard part["dev"] != nil else { throw missing("'dev'") }
    case "hostdev-pci":
      guard part.first("address") != nil else { throw missing("<address>") }
    case nil: throw missing("'type'")
    default: break
    }
    return try part.replacingElements { (below) throws(VirtError) in
      below.isNamed("address") ? try PCIAddress.complete(below) : below
    }
  }

  // MARK: - What it says

  /// The document; made once.
  package var text: [UInt8] {
    kept.bytes {
      var writer = XMLWriter(capacity: 512)
      writer.write("<networkport>\n")
      writer.line("uuid", uuid, 1)
      for part in parts { writer.write(part, depth: 1) }
      writer.write("</networkport>\n")
      return writer.array
    }
  }

  /// The limits of a direction: `inbound` or `outbound`; nil when there are none.
  package func rate(_ direction: String) -> BandwidthRate? {
    parts.first { $0.isNamed("bandwidth") }?.first(direction).map { BandwidthRate($0) }
  }

  /// The same port with other limits.
  package func limited(inbound: BandwidthRate?, outbound: BandwidthRate?) throws(VirtError) -> NetworkPortDefinition {
    let rates = [("inbound", inbound), ("outbound", outbound)].compactMap { name, rate in rate?.element(name) }
    var parts = self.parts.filter { !$0.isNamed("bandwidth") }
    if !rates.isEmpty {
      if let made = try Bandwidth.complete(XMLElement("bandwidth", elements: rates), floor: true) {
        parts.append(made)
      }
    }
    return NetworkPortDefinition(uuid, Self.arranged(parts))
  }
}

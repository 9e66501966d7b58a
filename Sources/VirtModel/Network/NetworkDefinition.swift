package import VirtCore
package import VirtXML

/// A network as its document describes it. Immutable: a change makes another one that shares what stayed.
package final class NetworkDefinition: NamedDefinition {
  /// What it says.
  package let values: NetworkValues
  private let kept = FormattedText()

  /// Makes a definition from values, which are arranged and complete.
  package init(_ values: NetworkValues) { self.values = values }

  /// The network's name.
  package var name: String { values.name }
  /// The network's UUID.
  package var uuid: UUID { values.uuid }

  /// A definition with something changed.
  package func changing(_ change: (inout NetworkValues) -> Void) -> NetworkDefinition {
    var values = self.values
    change(&values)
    return NetworkDefinition(values)
  }

  /// The name of the bridge that carries it; nil when it has none.
  package var bridge: String? { values.part("bridge")?["name"] }

  /// The document; made once.
  package var text: [UInt8] {
    kept.bytes {
      var writer = XMLWriter(capacity: 1024)
      writer.write(Self.start)
      writer.write(values.attributes)
      writer.write(">\n")
      writer.line("name", values.name, 1)
      writer.line("uuid", values.uuid, 1)
      if let title = values.title { writer.line("title", title, 1) }
      if let description = values.description { writer.line("description", description, 1) }
      if let metadata = values.metadata { writer.write(metadata, depth: 1, style: .foreign) }
      for part in values.parts { writer.write(part, depth: 1, open: { $0.isNamed(oneOf: Self.open) }) }
      writer.write("</network>\n")
      return writer.array
    }
  }

  /// The document of a network into which so many ports are plugged.
  package func text(connections: Int) -> [UInt8] {
    guard connections > 0 else { return text }
    var writer = XMLWriter(capacity: text.count + 32)
    let start = Self.start.utf8CodeUnitCount
    writer.write(Self.start)
    writer.write(" connections='")
    writer.write(number: UInt64(connections))
    writer.write("'")
    text[start...].withUnsafeBufferPointer { writer.write($0) }
    return writer.array
  }

  private static let start: StaticString = "<network"
  /// What is written with a last line of its own even when nothing stands in it.
  private static let open: [StaticString] = ["ip", "portgroup", "bandwidth"]

  /// What a port is plugged into that does not say it itself; nil when the network leaves it open.
  package var plug: XMLElement? {
    let forward = values.part("forward")
    let mode = forward?["mode"]
    let attributes: [(String, String)]
    switch (mode, bridge, forward?.first("interface")?["dev"]) {
    case (nil, let bridge?, _), ("nat", let bridge?, _), ("route", let bridge?, _), ("open", let bridge?, _):
      attributes = [("type", "network"), ("bridge", bridge)]
    case ("bridge", let bridge?, _): attributes = [("type", "bridge"), ("bridge", bridge)]
    case (let mode?, _, let device?) where mode != "hostdev" && mode != "nat" && mode != "route":
      attributes = [("type", "direct"), ("dev", device), ("mode", mode)]
    default: return nil
    }
    return XMLElement("plug", attributes.map { XMLAttribute($0.0, $0.1) })
  }
}

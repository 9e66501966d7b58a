package import VirtCore
package import VirtXML

/// An interface of a host as its document describes it. Immutable.
package final class InterfaceDefinition: NamedDefinition {
  /// Interfaces are known by their names alone.
  package static var hasUUID: Bool { false }
  /// The interface's name.
  package let name: String
  /// The hardware address as it is written; empty when none is.
  package let mac: String
  private let element: XMLElement
  private let kept = FormattedText()

  /// Makes a definition from an element that is complete and arranged.
  package init(_ element: XMLElement) {
    self.element = element
    name = element["name"] ?? ""
    mac = element.first("mac")?["address"] ?? ""
  }

  /// None.
  package var uuid: UUID { .zero }

  /// The document; made once.
  package var text: [UInt8] {
    kept.bytes {
      var writer = XMLWriter(capacity: 512)
      writer.write(element, depth: 0) { part in
        part.isNamed("bridge") || part.isNamed("bond") || part.isNamed("protocol")
          || part.isNamed("interface") && part["type"] != nil
      }
      return writer.array
    }
  }
}

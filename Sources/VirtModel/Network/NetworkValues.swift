package import VirtCore
package import VirtXML

/// What a network's document says.
package struct NetworkValues: DescribedValues {
  /// Unique among a world's networks.
  package var name: String
  /// Never changes.
  package var uuid: UUID
  /// One line about it.
  package var title: String?
  /// What it is for.
  package var description: String?
  /// What applications keep with it.
  package var metadata: XMLElement?
  /// The root's attributes, in the order they are written.
  package var attributes: [XMLAttribute] = []
  /// All else, in the order it is written, what this library does not know last.
  package var parts: [XMLElement] = []

  /// A network with nothing but a name.
  package init(name: String, uuid: UUID) {
    self.name = name
    self.uuid = uuid
  }

  /// The first part of that name.
  package func part(_ name: StaticString) -> XMLElement? { parts.first { $0.isNamed(name) } }

  /// All parts of that name.
  package func parts(_ name: StaticString) -> [XMLElement] { parts.filter { $0.isNamed(name) } }
}

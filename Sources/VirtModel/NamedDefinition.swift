package import VirtCore

/// What the definitions of all kinds of objects have in common: what a registry finds them by.
package protocol NamedDefinition: Sendable {
  /// Whether objects of the kind have UUIDs; without, they are known by their names alone.
  static var hasUUID: Bool { get }
  /// Unique among the objects of a kind in one world.
  var name: String { get }
  /// Never changes; zeros in kinds without.
  var uuid: UUID { get }
}

extension NamedDefinition {
  /// Most kinds have UUIDs.
  package static var hasUUID: Bool { true }
}

internal import Synchronization
package import VirtCore
package import VirtModel

/// What a registry knows of an object without its lock.
package class RegisteredObject: @unchecked Sendable {
  /// Never changes; zeros in kinds without UUIDs.
  package let uuid: UUID
  let number = Atomic<Int32>(inactive)
  /// Numbers of objects that are not active, and of those that their registry has no more.
  static let inactive: Int32 = -1, gone: Int32 = -2

  /// An object that is not in a registry yet.
  package init(uuid: UUID) { self.uuid = uuid }

  /// The number while it is active, else -1; kinds without numbers have 0 while they are active. Kept by its registry.
  package final var id: Int32 { max(Self.inactive, number.load(ordering: .relaxed)) }

  /// Whether its registry has it.
  package final var isThere: Bool { !isGone }

  /// Whether its registry has it no more.
  final var isGone: Bool { number.load(ordering: .relaxed) == Self.gone }
}

/// What is known of a live object; touched only under its object's lock.
package protocol LiveRecord: Sendable {
  /// What the object's document says.
  associatedtype Definition: NamedDefinition
  /// How it is now.
  var definition: Definition { get }
}

/// A live object of a kind. Any thread may hold one; what it knows is behind its lock.
///
/// What records have in common is asked for where it is used, not here: a type whose parameters must conform makes the run-time
/// search for that when it first comes up, in everything that is linked.
package final class LiveObject<Record: Sendable>: RegisteredObject, @unchecked Sendable {
  /// What is known of it. Order of locks: registry, then object.
  package let record: Lock<Record>

  @usableFromInline
  init(uuid: UUID, _ record: Record) {
    self.record = Lock(record)
    super.init(uuid: uuid)
  }
}

extension LiveObject where Record: LiveRecord {
  /// An object that is not in a registry yet.
  @inlinable
  package convenience init(_ record: Record) { self.init(uuid: record.definition.uuid, record) }

  /// The definition as it is now.
  @inlinable package var definition: Record.Definition { record.withLock { $0.definition } }
}

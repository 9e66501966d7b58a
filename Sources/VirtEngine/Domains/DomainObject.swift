internal import Synchronization
package import VirtCore
package import VirtModel

/// A live domain. Any thread may hold one; what it knows is behind its lock.
package final class DomainObject: Sendable {
  /// Never changes.
  package let uuid: UUID
  /// What is known of it. Order of locks: registry, then domain.
  package let record: Lock<DomainRecord>

  /// The number while it runs, else -1; for those who need nothing else. Kept by its registry.
  package var id: Int32 { number.load(ordering: .relaxed) }
  let number = Atomic<Int32>(-1)

  /// A domain that is not in a registry yet.
  package init(_ record: DomainRecord) {
    uuid = record.definition.uuid
    self.record = Lock(record)
  }

  /// The definition as it is now.
  package var definition: DomainDefinition { record.withLock { $0.definition } }
}

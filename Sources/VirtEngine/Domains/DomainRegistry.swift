internal import Synchronization
internal import VirtCore

/// A live domain.
package typealias DomainObject = LiveObject<DomainRecord>

/// The domains of one world, found by name, UUID or number.
package final class DomainRegistry: Registry<DomainRecord>, @unchecked Sendable {
  /// A number that a domain has while it runs.
  private final class IDEntry: Sendable {
    let id: Int32
    let object: DomainObject
    init(_ id: Int32, _ object: DomainObject) {
      self.id = id
      self.object = object
    }
  }

  private let byID = Lock(ObjectTable<IDEntry>())
  private let idHash = KeyHash()
  private let lastID = Atomic<Int32>(0)

  /// No domains.
  package init() { super.init(hasUUIDs: true) }

  /// A number that no domain had before.
  package func nextID() -> Int32 {
    lastID.wrappingAdd(1, ordering: .relaxed).newValue
  }

  /// Takes a number that a domain had before: new ones are greater.
  package func skip(to id: Int32) { lastID.max(id, ordering: .relaxed) }

  /// The running domain of that number.
  package func find(id: Int32) -> DomainObject? {
    let hash = hash(id)
    return byID.withLock { $0.withFound(hash, { $0.id == id }) { $0.object } }
  }

  /// Takes a domain away.
  package override func remove(_ object: RegisteredObject, _ decide: () -> String?) {
    let id = object.id
    super.remove(object, decide)
    if object.id < 0 { forget(id, object) }
  }

  /// Tells the registry that a domain started or stopped.
  package func renumber(_ object: DomainObject, from old: Int32, to new: Int32) {
    guard old != new else { return }
    mark(object, new)
    forget(old, object)
    guard new >= 0 else { return }
    let hash = hash(new)
    byID.withLock { $0.insert(hash, IDEntry(new, object)) }
  }

  private func forget(_ id: Int32, _ object: RegisteredObject) {
    guard id >= 0 else { return }
    let hash = hash(id)
    byID.withLock { table in
      if let entry = table.find(hash, { $0.id == id && $0.object === object }) { table.remove(hash, entry) }
    }
  }

  private func hash(_ id: Int32) -> UInt64 { idHash.of(UInt64(UInt32(bitPattern: id)), 0) }
}

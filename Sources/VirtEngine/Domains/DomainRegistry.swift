internal import Glibc
internal import Synchronization
package import VirtCore
package import VirtModel

/// The domains of one world, found by name, UUID or number.
package final class DomainRegistry: Sendable {
  private struct Tables: ~Copyable, Sendable {
    var byName = ObjectTable<NameEntry>()
    var byUUID = ObjectTable<DomainObject>()
    var byID = ObjectTable<IDEntry>()
  }

  /// A name that a domain has now.
  private final class NameEntry: @unchecked Sendable {
    let object: DomainObject
    /// The name's bytes, where they can be compared without making a string.
    private let bytes: UnsafeMutableBufferPointer<UInt8>

    init(_ name: String, _ object: DomainObject) {
      self.object = object
      bytes = .allocate(capacity: name.utf8.count)
      _ = bytes.initialize(from: name.utf8)
    }

    deinit { bytes.deallocate() }

    /// The name.
    var text: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(bytes) }

    @inline(__always)
    func isNamed(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
      guard bytes.count == name.count, let own = bytes.baseAddress, let other = name.baseAddress else { return false }
      return memcmp(own, other, name.count) == 0
    }
  }

  /// A number that a domain has while it runs.
  private final class IDEntry: Sendable {
    let id: Int32
    let object: DomainObject
    init(_ id: Int32, _ object: DomainObject) {
      self.id = id
      self.object = object
    }
  }

  private let tables = Lock(Tables())
  private let hash = KeyHash()
  private let lastID = Atomic<Int32>(0)
  private let active = Atomic<Int>(0)

  /// No domains.
  package init() {}

  /// How many domains run.
  package var activeCount: Int { active.load(ordering: .relaxed) }

  /// How many domains there are.
  package var count: Int { tables.withLock { $0.byUUID.count } }

  /// A number that no domain had before.
  package func nextID() -> Int32 {
    lastID.wrappingAdd(1, ordering: .relaxed).newValue
  }

  // MARK: - Finding

  /// What a handle says of a domain besides its name.
  package struct Identity: Sendable {
    /// Its UUID.
    package var uuid: UUID
    /// Its number while it runs, else -1.
    package var id: Int32
  }

  /// What the domain of that name is.
  package func identify(name: UnsafeBufferPointer<UInt8>) -> Identity? {
    let hash = self.hash.of(name)
    return tables.withLock { tables in
      tables.byName.withFound(hash, { $0.isNamed(name) }) { Identity(uuid: $0.object.uuid, id: $0.object.id) }
    }
  }

  /// The domain of that UUID.
  package func find(uuid: UUID) -> DomainObject? {
    let hash = self.hash.of(uuid.high, uuid.low)
    return tables.withLock { $0.byUUID.find(hash) { $0.uuid == uuid } }
  }

  /// The running domain of that number.
  package func find(id: Int32) -> DomainObject? {
    let hash = hash(id)
    return tables.withLock { $0.byID.withFound(hash, { $0.id == id }) { $0.object } }
  }

  /// All domains, in no order that means anything.
  package func all() -> [DomainObject] {
    tables.withLock { $0.byUUID.objects }
  }

  /// Shows the names of domains that do not run to the body, which must not call the registry and is brief.
  package func forEachInactiveName(
    _ body: (UnsafeBufferPointer<UInt8>) throws(VirtError) -> Void
  ) throws(VirtError) {
    try tables.withLock { (tables) throws(VirtError) in
      try tables.byName.forEach { (entry) throws(VirtError) in if entry.object.id < 0 { try body(entry.text) } }
    }
  }

  // MARK: - Changing

  /// Why a definition does not fit what is there.
  package enum Conflict: Sendable {
    /// Another domain has the name.
    case name
    /// The domain of that UUID has another name, given here.
    case uuid(String)
    /// A domain of that name and UUID runs.
    case runs
  }

  /// What became of a definition.
  package enum Placed: Sendable {
    /// A new domain.
    case added(DomainObject)
    /// A domain that was there.
    case known(DomainObject)
    /// It does not fit.
    case refused(Conflict)
  }

  /// Finds the domain that a definition means, or adds it.
  ///
  /// - Parameters:
  ///   - make: Makes the record of a new domain.
  ///   - change: Changes the one that was there; called under the locks of registry and domain. Nil leaves it alone.
  package func place(
    _ definition: DomainDefinition, make: () -> DomainRecord, change: (inout DomainRecord) -> Conflict?
  ) -> Placed {
    let uuidHash = hash.of(definition.uuid.high, definition.uuid.low)
    let nameHash = hash(definition.name)
    return tables.withLock { tables in
      if let known = tables.byUUID.find(uuidHash, { $0.uuid == definition.uuid }) {
        let conflict = known.record.withLock { record in
          record.definition.name == definition.name ? change(&record) : .uuid(record.definition.name)
        }
        return conflict.map { .refused($0) } ?? .known(known)
      }
      guard Self.find(definition.name, nameHash, in: tables) == nil else { return .refused(.name) }
      let object = DomainObject(make())
      tables.byUUID.insert(uuidHash, object)
      tables.byName.insert(nameHash, NameEntry(definition.name, object))
      return .added(object)
    }
  }

  /// Takes a domain away. Those who hold the object keep it.
  package func remove(_ object: DomainObject) {
    let (name, id) = object.record.withLock { ($0.definition.name, $0.id) }
    let nameHash = hash(name), uuidHash = hash.of(object.uuid.high, object.uuid.low), idHash = hash(id)
    tables.withLock { tables in
      tables.byUUID.remove(uuidHash, object)
      if let entry = tables.byName.find(nameHash, { $0.object === object }) { tables.byName.remove(nameHash, entry) }
      if let entry = tables.byID.find(idHash, { $0.object === object }) { tables.byID.remove(idHash, entry) }
    }
  }

  /// Tells the registry that a domain started or stopped.
  package func renumber(_ object: DomainObject, from old: Int32, to new: Int32) {
    guard old != new else { return }
    object.number.store(new, ordering: .relaxed)
    let oldHash = hash(old), newHash = hash(new)
    tables.withLock { tables in
      if old >= 0, let entry = tables.byID.find(oldHash, { $0.id == old && $0.object === object }) {
        tables.byID.remove(oldHash, entry)
      }
      if new >= 0 { tables.byID.insert(newHash, IDEntry(new, object)) }
    }
    if old < 0 {
      active.wrappingAdd(1, ordering: .relaxed)
    } else if new < 0 {
      active.wrappingSubtract(1, ordering: .relaxed)
    }
  }

  /// Gives a domain another name, unless it is taken.
  package func rename(_ object: DomainObject, to name: String, _ change: (inout DomainRecord) -> Void) -> Bool {
    let newHash = hash(name)
    return tables.withLock { tables in
      guard Self.find(name, newHash, in: tables) == nil else { return false }
      object.record.withLock { record in
        let oldHash = hash(record.definition.name)
        if let entry = tables.byName.find(oldHash, { $0.object === object }) { tables.byName.remove(oldHash, entry) }
        change(&record)
      }
      tables.byName.insert(newHash, NameEntry(name, object))
      return true
    }
  }

  // MARK: - Hashes

  private func hash(_ name: String) -> UInt64 {
    var name = name
    return name.withUTF8 { hash.of($0) }
  }

  private static func find(_ name: String, _ hash: UInt64, in tables: borrowing Tables) -> NameEntry? {
    var name = name
    return name.withUTF8 { bytes in tables.byName.find(hash) { $0.isNamed(bytes) } }
  }

  private func hash(_ id: Int32) -> UInt64 { hash.of(UInt64(UInt32(bitPattern: id)), 0) }
}

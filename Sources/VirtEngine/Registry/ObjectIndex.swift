internal import Synchronization
package import VirtCore

/// Objects of one kind in one world, found by name or UUID: what ``Registry`` does without knowing the kind, so that there is
/// one copy of it.
package class ObjectIndex: @unchecked Sendable {
  private struct Tables: ~Copyable, Sendable {
    var byName = NameTable()
    var byUUID = ObjectTable<RegisteredObject>()
  }

  private let tables = Lock(Tables())
  private let hash = KeyHash()
  private let hasUUIDs: Bool
  private let active = Atomic<Int>(0)
  /// How a store keeps the objects; nil when none does.
  final var keptKind: KeptKind?

  /// No objects.
  package init(hasUUIDs: Bool) { self.hasUUIDs = hasUUIDs }

  /// How many objects are active.
  package final var activeCount: Int { active.load(ordering: .relaxed) }

  /// How many objects there are.
  package final var count: Int { tables.withLock { $0.byName.count } }

  // MARK: - Finding

  /// What a handle says of an object besides its name.
  package struct Identity: Sendable {
    /// Its UUID.
    package var uuid: UUID
    /// Its number while it is active, else -1.
    package var id: Int32
  }

  /// What the object of that name is.
  package final func identify(name: UnsafeBufferPointer<UInt8>) -> Identity? {
    tables.withLock { $0.byName.withFound(name) { Identity(uuid: $0.uuid, id: $0.id) } }
  }

  /// The object of that name.
  package final func object(named name: UnsafeBufferPointer<UInt8>) -> RegisteredObject? {
    noted(tables.withLock { $0.byName.withFound(name) { copy $0 } })
  }

  /// The object of that UUID.
  package final func object(of uuid: UUID) -> RegisteredObject? {
    let hash = hash.of(uuid.high, uuid.low)
    return noted(tables.withLock { $0.byUUID.find(hash) { $0.uuid == uuid } })
  }

  /// Tells the store, if there is one, that the call of this thread may change an object.
  @inline(__always)
  package final func note(_ object: RegisteredObject) {
    if let keptKind { keptKind.note(object) }
  }

  /// All that a store keeps of this kind.
  func allKept() -> [ChangeJournal.Note] {
    guard let keptKind else { return [] }
    return allObjects().map { ChangeJournal.Note(kind: keptKind, object: $0) }
  }

  @inline(__always)
  private func noted(_ object: RegisteredObject?) -> RegisteredObject? {
    if let keptKind, let object { keptKind.note(object) }
    return object
  }

  /// All objects, in no order that means anything.
  package final func allObjects() -> [RegisteredObject] {
    tables.withLock { tables in
      var found: [RegisteredObject] = []
      found.reserveCapacity(tables.byName.count)
      if hasUUIDs {
        tables.byUUID.forEach { found.append($0) }
      } else {
        tables.byName.forEach { found.append($1) }
      }
      return found
    }
  }

  /// Shows the names of active objects, or of those that are not, to the body, which must not call the registry and is brief.
  package final func forEachName(
    active: Bool, _ body: (UnsafeBufferPointer<UInt8>) throws(VirtError) -> Void
  ) throws(VirtError) {
    try tables.withLock { (tables) throws(VirtError) in
      try tables.byName.forEach { (name, object) throws(VirtError) in if (object.id >= 0) == active { try body(name) } }
    }
  }

  // MARK: - Changing

  /// Why a definition does not fit what is there.
  package enum Conflict: Sendable {
    /// Another object, whose UUID is given here, has the name.
    case name(UUID)
    /// The object of that UUID has another name, given here.
    case uuid(String)
    /// An object of that name and UUID is active.
    case active
  }

  /// What became of a definition in the tables.
  package enum Place {
    case added(RegisteredObject)
    case known(RegisteredObject)
    case refused(Conflict)
  }

  /// Finds the object of that name and UUID, or adds one.
  ///
  /// - Parameters:
  ///   - make: Makes the new object.
  ///   - change: Shows the one of that UUID, or in kinds without UUIDs of that name; called under the lock.
  package final func place(
    _ name: String, _ uuid: UUID, make: () -> RegisteredObject, change: (RegisteredObject) -> Conflict?
  ) -> Place {
    var name = name
    let uuidHash = hash.of(uuid.high, uuid.low)
    return tables.withLock { tables in
      let namesake = name.withUTF8 { tables.byName.withFound($0) { copy $0 } }
      if let known = hasUUIDs ? tables.byUUID.find(uuidHash, { $0.uuid == uuid }) : namesake {
        if let conflict = change(known) { return .refused(conflict) }
        placed(known)
        note(known)
        return .known(known)
      }
      if let namesake { return .refused(.name(namesake.uuid)) }
      let object = make()
      if hasUUIDs { tables.byUUID.insert(uuidHash, object) }
      tables.byName.insert(name, object)
      placed(object)
      note(object)
      return .added(object)
    }
  }

  /// Hears that an object has a new definition, for kinds that are found by more of it; called under the lock.
  package func placed(_ object: RegisteredObject) {}

  /// Takes an object away.
  ///
  /// - Parameter decide: Gives its name, or nil to let it stay; called under the lock.
  package func remove(_ object: RegisteredObject, _ decide: () -> String?) {
    let hash = hash.of(object.uuid.high, object.uuid.low)
    tables.withLock { tables in
      guard let name = decide() else { return }
      note(object)
      if hasUUIDs { tables.byUUID.remove(hash, object) }
      tables.byName.remove(name, object)
    }
  }

  /// Gives an object another name, unless it is taken.
  ///
  /// - Parameter change: Changes the record; gives the old name. Called under the lock.
  package final func rename(_ object: RegisteredObject, to name: String, _ change: () -> String) -> Bool {
    tables.withLock { tables in
      guard !tables.byName.contains(name) else { return false }
      note(object)
      tables.byName.remove(change(), object)
      tables.byName.insert(name, object)
      return true
    }
  }

  /// Tells that an object is active under a number, or with -1 that it is not. Takes no lock: call it under the object's.
  package final func mark(_ object: RegisteredObject, _ id: Int32) {
    guard object.number.load(ordering: .relaxed) != RegisteredObject.gone else { return }
    let old = object.number.exchange(id, ordering: .relaxed)
    if old < 0, id >= 0 {
      active.wrappingAdd(1, ordering: .relaxed)
    } else if old >= 0, id < 0 {
      active.wrappingSubtract(1, ordering: .relaxed)
    }
  }

  /// Tells that an object is being taken away: whoever still holds it changes no figure here any more.
  package final func markGone(_ object: RegisteredObject) { mark(object, RegisteredObject.gone) }
}

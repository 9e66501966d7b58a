package import VirtCore
package import VirtModel

/// What is known of a live storage pool.
package typealias StoragePoolRecord = ObjectRecord<StoragePoolDefinition, StoragePoolContents>
/// A live storage pool.
package typealias StoragePoolObject = LiveObject<StoragePoolRecord>

/// The storage pools of one world, found also by their paths; and the volumes of those that are active, by key and path.
///
/// Order of locks: claims, registry, pool, volumes, volume.
package final class StoragePoolRegistry: Registry<StoragePoolRecord>, @unchecked Sendable {
  private struct Claims: ~Copyable, Sendable {
    /// What pools have taken for themselves.
    var taken = NameTable()
    var byPath = NameTable()
  }

  private struct Volumes: ~Copyable, Sendable {
    var byKey = NameTable()
    /// Only those whose path is not their key.
    var byPath = NameTable()

    mutating func add(_ volume: StorageVolumeObject, _ definition: StorageVolumeDefinition) {
      byKey.insert(definition.values.key, volume)
      if !volume.isKeyedByPath { byPath.insert(definition.values.path, volume) }
    }

    mutating func remove(_ volume: StorageVolumeObject, _ definition: StorageVolumeDefinition) {
      byKey.remove(definition.values.key, volume)
      if !volume.isKeyedByPath { byPath.remove(definition.values.path, volume) }
    }
  }

  private let claims = Lock(Claims())
  private let volumes = Lock(Volumes())
  /// How a store keeps the volumes; nil when none does.
  var keptVolumes: KeptKind?

  /// No pools.
  package init() { super.init(hasUUIDs: true) }

  // MARK: - Pools

  /// Places a definition, unless another pool has what it wants.
  ///
  /// - Parameters:
  ///   - conflict: Makes the error from the other pool's name.
  ///   - place: Puts the definition into the registry.
  package func claiming<Result: Sendable>(
    _ definition: StoragePoolDefinition, conflict: (String) -> VirtError, _ place: () throws(VirtError) -> Result
  ) throws(VirtError) -> Result {
    let wanted = definition.claims.wanted
    return try claims.withLock { (claims) throws(VirtError) in
      for var key in wanted {
        let other = key.withUTF8 { claims.taken.withFound($0) { copy $0 } }
        if let other, other.uuid != definition.uuid { throw conflict(Self.live(other).definition.name) }
      }
      let result = try place()
      if let object = find(uuid: definition.uuid) { claim(&claims, object) }
      return result
    }
  }

  /// Counts anew what a pool takes for itself, after it stopped.
  package func claimAgain(_ object: StoragePoolObject) {
    claims.withLock { claims in
      guard find(uuid: object.uuid) === object else { return }
      claim(&claims, object)
    }
  }

  private func claim(_ claims: inout Claims, _ object: StoragePoolObject) {
    let (definition, next, contents) = object.record.withLock { ($0.definition, $0.next, $0.contents) }
    release(&claims, object, contents)
    contents.claims = definition.claims.taken
    if let next, next !== definition { contents.claims += next.claims.taken.filter { !contents.claims.contains($0) } }
    for key in contents.claims { claims.taken.insert(key, object) }
    contents.path = definition.path
    if let path = contents.path { claims.byPath.insert(path, object) }
  }

  private func release(_ claims: inout Claims, _ object: RegisteredObject, _ contents: StoragePoolContents) {
    for key in contents.claims { claims.taken.remove(key, object) }
    if let path = contents.path { claims.byPath.remove(path, object) }
    contents.claims = []
    contents.path = nil
  }

  /// The pool of that UUID; what `find(uuid:)` gives, quicker.
  package func pool(_ uuid: UUID) -> StoragePoolObject? {
    guard let object = object(of: uuid) else { return nil }
    return Self.live(object)
  }

  /// The pool of that name; what `find(name:)` gives, quicker.
  package func pool(_ name: UnsafeBufferPointer<UInt8>) -> StoragePoolObject? {
    guard let object = object(named: name) else { return nil }
    return Self.live(object)
  }

  /// The pool whose volumes appear under a path.
  package func find(path: String) -> StoragePoolObject? {
    var path = path
    return claims.withLock { claims in path.withUTF8 { claims.byPath.withFound($0) { copy $0 } } }.map(Self.live)
  }

  /// Takes a pool away, with its volumes.
  package override func remove(_ object: RegisteredObject, _ decide: () -> String?) {
    let contents = Self.live(object).record.withLock { $0.contents }
    let isGone = claims.withLock { claims in
      super.remove(object, decide)
      guard object.isGone else { return false }
      release(&claims, object, contents)
      return true
    }
    guard isGone else { return }
    if keptVolumes != nil { contents.forEach(note) }
    show(Self.live(object))
  }

  // MARK: - Volumes

  /// What a volume's handle has in its hands.
  static func volume(_ object: RegisteredObject) -> StorageVolumeObject { unsafeDowncast(object, to: StorageVolumeObject.self) }

  /// Tells the store, if there is one, that the call of this thread may change a volume.
  @inline(__always)
  package func note(_ volume: StorageVolumeObject) { keptVolumes?.note(volume) }

  /// The same for a volume that changes outside of calls: whatever call ends next brings it along.
  package func noteForLater(_ volume: StorageVolumeObject) { keptVolumes?.noteForLater(volume) }

  override func allKept() -> [ChangeJournal.Note] {
    var all = super.allKept()
    guard let keptVolumes else { return all }
    for pool in self.all() {
      pool.record.withLock { $0.contents }.forEach { all.append(ChangeJournal.Note(kind: keptVolumes, object: $0)) }
    }
    return all
  }

  /// The volume of that name in a pool, for a call that may change it. Call it under the pool's lock.
  package func find(_ name: UnsafeBufferPointer<UInt8>, in record: StoragePoolRecord) -> StorageVolumeObject? {
    let found = record.contents.find(name)
    if let found { note(found) }
    return found
  }

  /// Lets volumes be found by key and path while their pool is active.
  package func show(_ object: StoragePoolObject) {
    object.record.withLock { record in
      let isActive = record.isActive
      guard record.contents.isShown != isActive else { return }
      record.contents.isShown = isActive
      let contents = record.contents
      volumes.withLock { volumes in
        contents.forEach { volume in
          let definition = volume.definition
          if isActive { volumes.add(volume, definition) } else { volumes.remove(volume, definition) }
        }
      }
    }
  }

  /// Adds a volume to a pool. Call it under the pool's lock, for a name that is free.
  package func add(_ volume: StorageVolumeObject, to record: inout StoragePoolRecord) {
    let definition = volume.definition
    record.contents.add(volume, definition)
    note(volume)
    if record.contents.isShown { volumes.withLock { $0.add(volume, definition) } }
  }

  /// Takes a volume out of its pool. Call it under the pool's lock.
  package func remove(_ volume: StorageVolumeObject, from record: inout StoragePoolRecord) {
    let definition = volume.definition
    record.contents.remove(volume, definition)
    note(volume)
    if record.contents.isShown { volumes.withLock { $0.remove(volume, definition) } }
  }

  /// Shows the volume of that key in an active pool to the body, which must not call the registry and is brief. Whether there is
  /// one.
  package func withVolume(key: UnsafeBufferPointer<UInt8>, _ body: (StorageVolumeObject) -> Void) -> Bool {
    volumes.withLock { volumes in volumes.byKey.show(key, body) }
  }

  /// The same for the volume at that path.
  package func withVolume(path: UnsafeBufferPointer<UInt8>, _ body: (StorageVolumeObject) -> Void) -> Bool {
    volumes.withLock { volumes in
      var isKeyedByPath = false
      let isKey = volumes.byKey.show(path) { volume in
        isKeyedByPath = volume.isKeyedByPath
        if isKeyedByPath { body(volume) }
      }
      return isKey && isKeyedByPath || volumes.byPath.show(path, body)
    }
  }
}

extension NameTable {
  /// Shows a volume to the body. Whether there is one.
  @inline(__always)
  func show(_ text: UnsafeBufferPointer<UInt8>, _ body: (StorageVolumeObject) -> Void) -> Bool {
    withFound(text) { body(unsafeDowncast(copy $0, to: StorageVolumeObject.self)) } != nil
  }
}

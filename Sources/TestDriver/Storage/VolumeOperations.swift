internal import CVirt
internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

extension StorageVolume {
  /// Says that there is no such volume.
  static func none(_ text: StaticString, _ name: String) -> VirtError { VirtError(.noStorageVol, .test, text, name) }

  /// Says that a name is taken.
  static func taken(_ name: String) -> VirtError {
    VirtError(.operationFailed, .test, "the pool has a volume named", name)
  }
}

extension TestDriver {
  /// What the driver says about volumes, and how it finds one.
  static var volumeOperations: [Operation<TestDriver>] {
    [
      .storagePoolNumOfVolumes { $0.numberOfVolumes }, .storagePoolListVolumes { $0.volumeNames },
      .storagePoolListAllVolumes { $0.listVolumes },
      .storageVolLookupByName(calling: { (driver, pool, name) throws(VirtError) in try driver.lookUp(volumeIn: pool, named: name) }
      ),
      .storageVolLookupByKey(calling: { (driver, key) throws(VirtError) in try driver.lookUp(volumeWithKey: key) }),
      .storageVolLookupByPath(calling: { (driver, path) throws(VirtError) in try driver.lookUp(volumeAt: path) }),
      .storageVolGetInfo { $0.volumeInfo }, .storageVolGetInfoFlags { $0.volumeInfo }, .storageVolGetPath { $0.volumePath },
      .storageVolGetXMLDesc { $0.describeVolume },
    ]
  }

  // MARK: - What all operations share

  /// The pool that a volume's handle names.
  func pool(of volume: StorageVolume) throws(VirtError) -> StoragePoolObject {
    guard let name = volume.pool else { throw StoragePool.none(named: "") }
    guard let object = world.pools.pool(name.bytes) else { throw StoragePool.none(named: name.string) }
    return object
  }

  /// The pool behind a handle, which remembers it.
  func live(_ pool: StoragePool) throws(VirtError) -> StoragePoolObject {
    if let known = pool.word(as: StoragePoolObject.self), known.isThere { return known }
    guard let object = world.pools.pool(pool.uuid) else { throw StoragePool.none(named: pool.name?.string ?? "") }
    pool.setWord(object)
    return object
  }

  /// Does something with an active pool and a volume in it, under the pool's lock.
  func with<Result: Sendable>(
    _ volume: StorageVolume,
    _ body: (inout StoragePoolRecord, StorageVolumeObject) throws(VirtError) -> Result
  ) throws(VirtError) -> Result {
    guard let name = volume.name else { throw StorageVolume.none("there is no volume named", "") }
    return try pool(of: volume).record.withLock { (record) throws(VirtError) -> Result in
      try Self.requireActive(record)
      guard let found = world.pools.find(name.bytes, in: record) else {
        throw StorageVolume.none("there is no volume named", name.string)
      }
      return try body(&record, found)
    }
  }

  /// The volume behind a handle.
  func object(_ volume: StorageVolume) throws(VirtError) -> StorageVolumeObject { try with(volume) { $1 } }

  /// Does something with an active pool, under its lock.
  func withActive<Result: Sendable>(
    _ pool: StoragePool, _ body: (inout StoragePoolRecord) throws(VirtError) -> Result
  ) throws(VirtError) -> Result {
    try with(pool) { (record) throws(VirtError) -> Result in
      try Self.requireActive(record)
      return try body(&record)
    }
  }

  /// Refuses a pool that is not active.
  static func requireActive(_ record: StoragePoolRecord) throws(VirtError) {
    guard record.isActive else { throw StoragePool.refusal(record.definition.name, "is not active") }
  }

  /// A handle of a volume.
  func handle(_ volume: StorageVolumeObject) throws(VirtError) -> StorageVolume {
    try StorageVolume.make(
      on: connection, name: BorrowedText(volume.name), pool: BorrowedText(volume.pool), key: BorrowedText(volume.key))
  }

  // MARK: - Lists

  private func numberOfVolumes(_ pool: StoragePool) throws(VirtError) -> Int32 {
    Int32(clamping: try withActive(pool) { $0.contents.count })
  }

  private func volumeNames(_ pool: StoragePool, _ most: Int) throws(VirtError) -> HostTexts {
    let object = try live(pool)
    return try object.record.withLock { (record) throws(VirtError) in
      try Self.requireActive(record)
      var names = try HostTexts(capacity: min(most, record.contents.count))
      try record.contents.forEach { (name, _) throws(VirtError) in if names.count < most { try names.append(name) } }
      return names
    }
  }

  private func listVolumes(_ pool: StoragePool, _ list: inout HandleList<StorageVolume>, _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "storagePoolListAllVolumes")
    let object = try live(pool)
    try object.record.withLock { (record) throws(VirtError) in
      try Self.requireActive(record)
      try list.reserve(record.contents.count)
      try record.contents.forEach { (_, volume) throws(VirtError) in
        try list.append { () throws(VirtError) in try handle(volume) }
      }
    }
  }

  // MARK: - Finding

  // Handles are made while the volume cannot go, so that nobody counts references to it.

  private func lookUp(volumeIn pool: StoragePool, named name: BorrowedText) throws(VirtError) -> StorageVolume {
    var made: OpaquePointer?
    let isKnown = pool.withWord(as: StoragePoolObject.self) { known in
      known.isThere
        && known.record.withLock { $0.isActive && $0.contents.withVolume(name.bytes) { made = pointer(to: $0) } }
    }
    if isKnown == true { return try handle(made) }
    let isThere = try live(pool).record.withLock { (record) throws(VirtError) in
      try Self.requireActive(record)
      return record.contents.withVolume(name.bytes) { made = pointer(to: $0) }
    }
    guard isThere else { throw StorageVolume.none("there is no volume named", name.string) }
    return try handle(made)
  }

  private func lookUp(volumeWithKey key: BorrowedText) throws(VirtError) -> StorageVolume {
    var made: OpaquePointer?
    guard world.withPools({ $0.withVolume(key: key.bytes) { made = pointer(to: $0) } }) else {
      throw StorageVolume.none("there is no volume with key", key.string)
    }
    return try handle(made)
  }

  private func lookUp(volumeAt path: BorrowedText) throws(VirtError) -> StorageVolume {
    var made: OpaquePointer?
    guard world.withPools({ $0.withVolume(path: path.bytes) { made = pointer(to: $0) } }) else {
      throw StorageVolume.none("there is no volume at", path.string)
    }
    return try handle(made)
  }

  @inline(__always)
  private func pointer(to volume: StorageVolumeObject) -> OpaquePointer? { (try? handle(volume))?.pointer }

  private func handle(_ made: OpaquePointer?) throws(VirtError) -> StorageVolume {
    guard let made else { throw VirtError(.noMemory, .test) }
    return StorageVolume(made)
  }

  // MARK: - Telling

  private func volumeInfo(_ volume: StorageVolume) throws(VirtError) -> virStorageVolInfo { try volumeInfo(volume, []) }
  private func volumeInfo(_ volume: StorageVolume, _ flags: StorageVolInfoFlags) throws(VirtError) -> virStorageVolInfo {
    // What a volume takes of its pool is what it takes of the host.
    try accept(flags, only: .getPhysical, in: "storageVolGetInfoFlags")
    return try with(volume) { record, found in
      let kind = record.definition.kind
      return found.state.withLock { state in
        virStorageVolInfo(
          type: kind.volumeType, capacity: state.definition.values.capacity, allocation: state.allocation)
      }
    }
  }

  private func volumePath(_ volume: StorageVolume) throws(VirtError) -> String {
    try with(volume) { $1.definition.values.path }
  }

  private func describeVolume(_ volume: StorageVolume, _ flags: UInt32) throws(VirtError) -> HostString {
    try acceptNone(flags, in: "storageVolGetXMLDesc")
    return try HostString(try with(volume) { $1.state.withLock { $0.shown } }.text)
  }
}

internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension TestDriver {
  /// How volumes are made, changed and deleted.
  static var volumeChangeOperations: [Operation<TestDriver>] {
    [
      .storageVolCreateXML { $0.createVolume }, .storageVolCreateXMLFrom { $0.createVolume(_:_:from:_:) },
      .storageVolDelete { $0.deleteVolume }, .storageVolWipe { $0.wipeVolume }, .storageVolWipePattern { $0.wipeVolume },
      .storageVolResize { $0.resizeVolume },
    ]
  }

  private func createVolume(
    _ pool: StoragePool, _ text: BorrowedText, _ flags: StorageVolCreateFlags
  ) throws(VirtError) -> StorageVolume {
    try accept(flags, only: .validate, in: "storageVolCreateXML")
    return try add(text, to: pool, copying: nil, isValidated: flags.contains(.validate))
  }

  private func createVolume(
    _ pool: StoragePool, _ text: BorrowedText, from original: StorageVolume, _ flags: StorageVolCreateFlags
  ) throws(VirtError) -> StorageVolume {
    try accept(flags, only: .validate, in: "storageVolCreateXMLFrom")
    _ = try withActive(pool) { $0.isActive }
    return try add(text, to: pool, copying: original, isValidated: flags.contains(.validate))
  }

  /// Adds a volume to a pool.
  private func add(
    _ text: BorrowedText, to pool: StoragePool, copying original: StorageVolume?, isValidated: Bool
  ) throws(VirtError) -> StorageVolume {
    let object = try live(pool)
    let before = try object.record.withLock { (record) throws(VirtError) in
      try Self.requireActive(record)
      return record.definition
    }
    let definition = try StorageVolumeDefinition.read(
      try document(text, .storagevol, for: .storage, isValidated: isValidated), in: before)
    var content = SparseContent()
    if let original {
      let name = definition.values.name, capacity = definition.values.capacity
      guard !object.record.withLock({ $0.contents.has(name) }) else { throw StorageVolume.taken(name) }
      content = try self.object(original).state.withLock { $0.content }
      content.clear(capacity..<max(capacity, UInt64(Int64.max)))
    }
    let volume = StorageVolumeObject(definition, in: before, content: content)
    try object.record.withLock { (record) throws(VirtError) in
      try Self.requireActive(record)
      guard !record.contents.has(definition.values.name) else { throw StorageVolume.taken(definition.values.name) }
      guard definition.values.allocation <= record.contents.sizes.available else {
        throw VirtError(.internalError, .test, "the pool has no room for volume", definition.values.name)
      }
      world.pools.add(volume, to: &record)
    }
    return try handle(volume)
  }

  private func deleteVolume(_ volume: StorageVolume, _ flags: StorageVolDeleteFlags) throws(VirtError) {
    try accept(flags, only: [], in: "storageVolDelete")
    try with(volume) { world.pools.remove($1, from: &$0) }
  }

  private func wipeVolume(_ volume: StorageVolume, _ flags: UInt32) throws(VirtError) { try wipeVolume(volume, 0, flags) }
  private func wipeVolume(_ volume: StorageVolume, _ algorithm: UInt32, _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "storageVolWipePattern")
    guard algorithm <= UInt32(StorageVolWipeAlgorithm.trim.rawValue) else {
      throw VirtError(.invalidArg, .test, "there is no way to wipe volumes with number", "\(algorithm)")
    }
    try object(volume).state.withLock { $0.content = SparseContent() }
  }

  private func resizeVolume(_ volume: StorageVolume, _ capacity: UInt64, _ flags: StorageVolResizeFlags) throws(VirtError) {
    try accept(flags, only: .known, in: "storageVolResize")
    try with(volume) { (record, object) throws(VirtError) in
      let old = object.definition.values
      var wanted = capacity
      if flags.contains(.delta) {
        let (sum, overflow) =
          flags.contains(.shrink)
          ? old.capacity.subtractingReportingOverflow(capacity) : old.capacity.addingReportingOverflow(capacity)
        wanted = overflow ? (flags.contains(.shrink) ? 0 : UInt64.max) : sum
      }
      guard wanted >= old.allocation else {
        throw VirtError(.invalidArg, .test, "a volume cannot be smaller than what it takes:", old.name)
      }
      guard wanted >= old.capacity || flags.contains(.shrink) else {
        throw VirtError(.invalidArg, .test, "making a volume smaller needs the flag for it:", old.name)
      }
      let more = wanted - old.allocation
      guard !flags.contains(.allocate) || more <= record.contents.sizes.available else {
        throw VirtError(.operationFailed, .test, "the pool has no room for volume", old.name)
      }
      let allocation = flags.contains(.allocate) ? wanted : old.allocation
      record.contents.resize(from: old.allocation, to: allocation)
      object.state.withLock { state in
        state.definition = state.definition.changing { ($0.capacity, $0.allocation) = (wanted, allocation) }
        state.content.clear(wanted..<max(wanted, UInt64(Int64.max)))
      }
    }
  }
}

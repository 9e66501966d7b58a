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
      do throws(VirtError) {
        try content.clear(Self.behind(capacity))
        // The file of another volume may change.
        try content.load()
      } catch { throw error.ofDriver }
    }
    let volume = StorageVolumeObject(definition, in: before, content: content)
    try object.record.withLock { (record) throws(VirtError) in
      try Self.requireActive(record)
      guard !record.contents.has(definition.values.name) else { throw StorageVolume.taken(definition.values.name) }
      guard volume.state.withLock({ $0.allocation }) <= record.contents.sizes.available else {
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
    try with(volume) { (record, object) throws(VirtError) in
      try record.contents.change(object) { state, _ in state.content = SparseContent() }
    }
  }

  private func resizeVolume(_ volume: StorageVolume, _ capacity: UInt64, _ flags: StorageVolResizeFlags) throws(VirtError) {
    try accept(flags, only: .known, in: "storageVolResize")
    // What is cut in its middle is read before there are locks.
    let object = try object(volume)
    let end = Self.size(object.definition.values.capacity, changedTo: capacity, flags)
    do throws(VirtError) { try object.loadEnds(of: Self.behind(end)) } catch { throw error.ofDriver }
    try with(volume) { (record, object) throws(VirtError) in
      try record.contents.change(object) { (state, room) throws(VirtError) in
        let old = state.definition.values, taken = state.allocation
        let wanted = Self.size(old.capacity, changedTo: capacity, flags)
        guard wanted >= taken else {
          throw VirtError(.invalidArg, .test, "a volume cannot be smaller than what it takes:", old.name)
        }
        guard wanted >= old.capacity || flags.contains(.shrink) else {
          throw VirtError(.invalidArg, .test, "making a volume smaller needs the flag for it:", old.name)
        }
        guard !flags.contains(.allocate) || wanted - taken <= room else {
          throw VirtError(.operationFailed, .test, "the pool has no room for volume", old.name)
        }
        do throws(VirtError) { try state.content.clear(Self.behind(wanted)) } catch { throw error.ofDriver }
        let reserved = flags.contains(.allocate) ? wanted : old.allocation
        state.definition = state.definition.changing { ($0.capacity, $0.allocation) = (wanted, reserved) }
      }
    }
  }

  /// The size that is asked for.
  private static func size(_ old: UInt64, changedTo capacity: UInt64, _ flags: StorageVolResizeFlags) -> UInt64 {
    guard flags.contains(.delta) else { return capacity }
    if flags.contains(.shrink) { return old > capacity ? old - capacity : 0 }
    let (sum, overflow) = old.addingReportingOverflow(capacity)
    return overflow ? .max : sum
  }

  /// Where there is no content in a volume of that size.
  private static func behind(_ size: UInt64) -> Range<UInt64> { size..<max(size, UInt64(Int64.max)) }
}

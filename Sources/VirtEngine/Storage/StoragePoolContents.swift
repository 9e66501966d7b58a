package import VirtCore
package import VirtModel

/// What a storage pool holds. Touched only under its pool's lock, except for what its registry keeps here.
package final class StoragePoolContents: @unchecked Sendable {
  @exclusivity(unchecked) private var byName = NameTable()
  /// Its sizes.
  @exclusivity(unchecked) package var sizes: StoragePoolDefinition.Sizes
  /// What its registry knows it by; touched only by that.
  var claims: [String] = []
  var path: String?
  /// Whether its volumes can be found by key and path.
  @exclusivity(unchecked) var isShown = false

  /// An empty pool.
  package init(capacity: UInt64) { sizes = .init(capacity: capacity, allocation: 0) }

  /// How many volumes there are.
  package var count: Int { byName.count }

  /// The volume of that name.
  package func find(_ name: UnsafeBufferPointer<UInt8>) -> StorageVolumeObject? {
    byName.withFound(name) { unsafeDowncast(copy $0, to: StorageVolumeObject.self) }
  }

  /// Shows the volume of that name to the body. Whether there is one.
  package func withVolume(_ name: UnsafeBufferPointer<UInt8>, _ body: (StorageVolumeObject) -> Void) -> Bool {
    byName.show(name, body)
  }

  /// Whether there is a volume of that name.
  package func has(_ name: String) -> Bool { byName.contains(name) }

  /// Shows all volumes to the body, in no order that means anything.
  package func forEach(
    _ body: (UnsafeBufferPointer<UInt8>, StorageVolumeObject) throws(VirtError) -> Void
  ) throws(VirtError) {
    try byName.forEach { (name, object) throws(VirtError) in
      try body(name, unsafeDowncast(object, to: StorageVolumeObject.self))
    }
  }

  /// Shows all volumes to the body, in no order that means anything.
  package func forEach(_ body: (StorageVolumeObject) -> Void) {
    byName.forEach { body(unsafeDowncast($1, to: StorageVolumeObject.self)) }
  }

  func add(_ volume: StorageVolumeObject, _ definition: StorageVolumeDefinition) {
    byName.insert(definition.values.name, volume)
    volume.isCounted = true
    resize(from: 0, to: volume.state.withLock { $0.allocation })
  }

  func remove(_ volume: StorageVolumeObject, _ definition: StorageVolumeDefinition) {
    byName.remove(definition.values.name, volume)
    volume.isCounted = false
    resize(from: volume.state.withLock { $0.allocation }, to: 0)
  }

  /// Changes what is known of a volume, and counts anew what it takes of the pool, as long as it is there.
  ///
  /// - Parameter body: Is told how much more there is room for; any when the volume has left the pool.
  package func change<Result: Sendable>(
    _ volume: StorageVolumeObject, _ body: (inout StorageVolumeObject.State, UInt64) throws(VirtError) -> Result
  ) throws(VirtError) -> Result {
    guard volume.isCounted else {
      return try volume.state.withLock { (state) throws(VirtError) in try body(&state, .max) }
    }
    return try volume.state.withLock { (state) throws(VirtError) in
      let old = state.allocation
      defer { resize(from: old, to: state.allocation) }
      return try body(&state, sizes.available)
    }
  }

  private func resize(from old: UInt64, to new: UInt64) {
    sizes.allocation = (sizes.allocation > old ? sizes.allocation - old : 0).addingReportingOverflow(new).partialValue
  }
}

package import VirtCore
package import VirtModel

/// A live volume. Any thread may hold one; what it knows is behind its lock.
package final class StorageVolumeObject: RegisteredObject, @unchecked Sendable {
  /// What is known of a volume.
  package struct State: Sendable {
    /// How it is now.
    package var definition: StorageVolumeDefinition
    /// What was written to it.
    package var content = SparseContent()
  }

  /// What is known of it. Order of locks: pool, then volume.
  package let state: Lock<State>
  /// What handles say of it, as C has it; good as long as the volume.
  package let name, pool, key: UnsafePointer<CChar>
  /// Whether its key is its path.
  let isKeyedByPath: Bool

  /// A volume that is not in its pool yet.
  package init(
    _ definition: StorageVolumeDefinition, in pool: StoragePoolDefinition, content: SparseContent = SparseContent()
  ) {
    state = Lock(State(definition: definition, content: content))
    name = Self.copy(definition.values.name)
    key = Self.copy(definition.values.key)
    isKeyedByPath = definition.values.key == definition.values.path
    self.pool = Self.copy(pool.name)
    super.init(uuid: pool.uuid)
  }

  deinit {
    name.deallocate()
    pool.deallocate()
    key.deallocate()
  }

  private static func copy(_ text: String) -> UnsafePointer<CChar> {
    var text = text
    return text.withUTF8 { bytes in
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
      for index in 0..<bytes.count { (copy + index).initialize(to: CChar(bitPattern: bytes[index])) }
      (copy + bytes.count).initialize(to: 0)
      return UnsafePointer(copy)
    }
  }

  /// The definition as it is now.
  package var definition: StorageVolumeDefinition { state.withLock { $0.definition } }
}

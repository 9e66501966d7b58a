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

  /// A volume that is not in a pool yet.
  package init(_ definition: StorageVolumeDefinition, in pool: UUID, content: SparseContent = SparseContent()) {
    state = Lock(State(definition: definition, content: content))
    super.init(uuid: pool)
  }

  /// The UUID of its pool.
  package var pool: UUID { uuid }

  /// The definition as it is now.
  package var definition: StorageVolumeDefinition { state.withLock { $0.definition } }
}

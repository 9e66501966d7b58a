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
    // Together: who looks at one looks at all.
    let texts = [definition.values.name, pool.name, definition.values.key]
    var place = UnsafeMutablePointer<CChar>.allocate(capacity: texts.reduce(0) { $0 + $1.utf8.count + 1 })
    name = Self.copy(texts[0], to: &place)
    self.pool = Self.copy(texts[1], to: &place)
    key = Self.copy(texts[2], to: &place)
    isKeyedByPath = definition.values.key == definition.values.path
    super.init(uuid: pool.uuid)
  }

  deinit { name.deallocate() }

  /// Copies a text and its NUL, and moves the place behind them.
  private static func copy(_ text: String, to place: inout UnsafeMutablePointer<CChar>) -> UnsafePointer<CChar> {
    var text = text
    let start = place
    text.withUTF8 { bytes in
      for index in 0..<bytes.count { (start + index).initialize(to: CChar(bitPattern: bytes[index])) }
      (start + bytes.count).initialize(to: 0)
      place = start + bytes.count + 1
    }
    return UnsafePointer(start)
  }

  /// The definition as it is now.
  package var definition: StorageVolumeDefinition { state.withLock { $0.definition } }
}

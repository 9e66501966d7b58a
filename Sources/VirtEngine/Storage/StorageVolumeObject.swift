package import VirtCore
package import VirtModel

/// A live volume. Any thread may hold one; what it knows is behind its lock.
package final class StorageVolumeObject: RegisteredObject, @unchecked Sendable {
  /// What is known of a volume.
  package struct State: Sendable {
    /// How it is now; its allocation is what it reserves.
    package var definition: StorageVolumeDefinition
    /// What was written to it.
    package var content = SparseContent()

    /// How many bytes it takes of its pool. What was written takes those that are reserved first.
    package var allocation: UInt64 { max(definition.values.allocation, min(content.stored, definition.values.capacity)) }

    /// The same once a range is written.
    package func allocation(writing range: Range<UInt64>) -> UInt64 {
      max(allocation, min(content.stored + content.growth(writing: range), definition.values.capacity))
    }

    /// How it is told to be.
    package var shown: StorageVolumeDefinition {
      let allocation = allocation
      return allocation == definition.values.allocation ? definition : definition.changing { $0.allocation = allocation }
    }
  }

  /// What is known of it. Order of locks: pool, then volume.
  package let state: Lock<State>
  /// What handles say of it, as C has it; good as long as the volume.
  package let name, pool, key: UnsafePointer<CChar>
  /// Whether its key is its path.
  let isKeyedByPath: Bool
  /// Whether its pool counts it; touched only under the pool's lock.
  @exclusivity(unchecked) var isCounted = false

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

  /// Takes into memory what only a store has of a range, with no lock held while it is read.
  ///
  /// - Throws: `VIR_ERR_SYSTEM_ERROR`: it cannot be read, or is not what it was.
  package func load(_ range: Range<UInt64>) throws(VirtError) {
    while var part = state.withLock({ $0.content.unread(in: range) }) {
      try part.load()
      let loaded = part
      state.withLock { $0.content.take(loaded) }
    }
  }

  /// The same for what is at the ends of a range, and goes beyond it: what is within is about to be cleared.
  package func loadEnds(of range: Range<UInt64>) throws(VirtError) {
    if range.isEmpty { return }
    for end in [range.lowerBound, range.upperBound] where end % SparseContent.regionSize != 0 { try load(end..<end + 1) }
  }
}

package import VirtCore

/// What an object is kept under: its kind, and what tells it from others of the kind for good (its UUID, or its name where it
/// has none).
package struct StoreKey: Hashable, Sendable {
  /// The kind: a short word of lower-case letters.
  package let kind: String
  /// Any text.
  package let name: String

  /// Names a place.
  package init(_ kind: String, _ name: String) {
    self.kind = kind
    self.name = name
  }
}

/// A change of what is kept: new bytes, or nil when the object is gone.
package struct StoreChange: Sendable {
  /// The object's place.
  package let key: StoreKey
  /// All that is kept of it.
  package let bytes: [UInt8]?

  /// Describes a change.
  package init(_ key: StoreKey, _ bytes: [UInt8]?) {
    self.key = key
    self.bytes = bytes
  }
}

/// Where objects are kept beyond their world. Any thread may call; changes are made one call after the other.
package protocol ObjectStore: AnyObject, Sendable {
  /// What is kept, in no order.
  func load() throws(VirtError) -> [(key: StoreKey, bytes: [UInt8])]
  /// Makes changes, each of them whole or not at all. They last when this returns; hold no lock that others need.
  ///
  /// - Throws: `VIR_ERR_SYSTEM_ERROR`: one could not be made; it, and those behind it, are as they were.
  func make(_ changes: [StoreChange]) throws(VirtError)
}

/// A store that lasts as long as the process.
package final class MemoryStore: ObjectStore {
  private let kept = Lock<[StoreKey: [UInt8]]>([:])

  /// An empty store.
  package init() {}

  package func load() throws(VirtError) -> [(key: StoreKey, bytes: [UInt8])] {
    kept.withLock { kept in kept.map { (key: $0.key, bytes: $0.value) } }
  }

  package func make(_ changes: [StoreChange]) throws(VirtError) {
    kept.withLock { kept in for change in changes { kept[change.key] = change.bytes } }
  }
}

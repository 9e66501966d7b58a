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

/// A change of what is kept: new bytes, or nothing when the object is gone.
package struct StoreChange: Sendable {
  /// The object's place.
  package let key: StoreKey
  /// Makes all that is kept of it, when it is to be written; nil when it is gone.
  package let bytes: (@Sendable () throws(VirtError) -> [UInt8])?

  /// Describes a change; nil when the object is gone.
  package init(_ key: StoreKey, _ bytes: [UInt8]?) {
    self.key = key
    if let bytes {
      self.bytes = { bytes }
    } else {
      self.bytes = nil
    }
  }

  /// Describes a change whose bytes are made when they are to be written, so that many need no memory at once.
  package init(_ key: StoreKey, making bytes: @escaping @Sendable () throws(VirtError) -> [UInt8]) {
    self.key = key
    self.bytes = bytes
  }
}

/// What a store holds.
package struct StoreContents: Sendable {
  /// What is kept, in no order.
  package var objects: [(key: StoreKey, bytes: [UInt8])] = []
  /// What is kept of the kinds whose bytes were not asked for yet.
  package var left: [(key: StoreKey, bytes: any StoredBytes)] = []
  /// What cannot be used, now or before, and is kept apart.
  package var broken: [Broken] = []

  /// Something that cannot be used.
  package struct Broken: Equatable, Sendable {
    /// Where it is.
    package let place: String
    /// What is wrong with it.
    package let reason: String

    /// Names a place, and what is wrong there.
    package init(_ place: String, _ reason: String) {
      self.place = place
      self.reason = reason
    }
  }

  /// Nothing.
  package init() {}
}

/// Bytes that a store has, and that are read when somebody asks for them. They are those that were found when the store was
/// opened, or nobody gets them: whoever changes what is kept here has them in memory before.
package protocol StoredBytes: AnyObject, Sendable {
  /// How many there are.
  var count: Int { get }
  /// Some of them, as they are now: whether they changed is seen when all are read.
  func peek(_ range: Range<Int>) throws(VirtError) -> [UInt8]
  /// All of them.
  ///
  /// - Throws: `VIR_ERR_SYSTEM_ERROR`: they cannot be read, or are not those that were found.
  func whole() throws(VirtError) -> [UInt8]
}

/// Bytes that are in memory.
package final class BytesInMemory: StoredBytes {
  private let bytes: [UInt8]

  /// Holds bytes.
  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package var count: Int { bytes.count }
  package func peek(_ range: Range<Int>) throws(VirtError) -> [UInt8] { Array(bytes[range]) }
  package func whole() throws(VirtError) -> [UInt8] { bytes }
}

/// Where objects are kept beyond their world. Any thread may call; changes are made one call after the other.
package protocol ObjectStore: AnyObject, Sendable {
  /// Reads what is kept. What is not whole is set aside.
  ///
  /// - Parameter kinds: The kinds whose bytes are left where they are. Of them only their length is known to be right.
  func load(leaving kinds: Set<String>) throws(VirtError) -> StoreContents
  /// Makes changes, all of them or none. They last when this returns; hold no lock that others need.
  ///
  /// - Throws: `VIR_ERR_SYSTEM_ERROR`: one could not be made; everything is as it was.
  func make(_ changes: [StoreChange]) throws(VirtError)
  /// Keeps apart what nobody understands: it is not loaded again. Gives where it is.
  func setAside(_ key: StoreKey) throws(VirtError) -> String
  /// Gives the place back to others; nothing more is kept.
  func close()
}

extension ObjectStore {
  /// Reads all that is kept.
  package func load() throws(VirtError) -> StoreContents { try load(leaving: []) }
}

/// A store that lasts as long as the process.
package final class MemoryStore: ObjectStore {
  private struct Kept {
    var objects: [StoreKey: [UInt8]] = [:]
    var broken: [StoreKey: [UInt8]] = [:]
  }

  private let kept = Lock(Kept())

  /// An empty store.
  package init() {}

  package func load(leaving kinds: Set<String>) throws(VirtError) -> StoreContents {
    kept.withLock { kept in
      var contents = StoreContents()
      for (key, bytes) in kept.objects {
        if kinds.contains(key.kind) {
          contents.left.append((key, BytesInMemory(bytes)))
        } else {
          contents.objects.append((key, bytes))
        }
      }
      contents.broken = kept.broken.keys.map { .init(Self.place($0), "is not understood") }
      return contents
    }
  }

  package func make(_ changes: [StoreChange]) throws(VirtError) {
    var made: [(StoreKey, [UInt8]?)] = []
    for change in changes { made.append((change.key, try change.bytes?())) }
    kept.withLock { [made] kept in for (key, bytes) in made { kept.objects[key] = bytes } }
  }

  package func setAside(_ key: StoreKey) throws(VirtError) -> String {
    kept.withLock { kept in kept.broken[key] = kept.objects.removeValue(forKey: key) }
    return Self.place(key)
  }

  package func close() {}

  private static func place(_ key: StoreKey) -> String { "\(key.kind) \(key.name)" }
}

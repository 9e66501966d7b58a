internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtXML

/// What a store has of the parts of objects, while a world is loaded from it.
final class StoredParts {
  /// A part, as a store has it.
  struct Part {
    let name: KeptPart.Name
    let key: StoreKey
    /// What is kept of it; for pieces of content, which are read when somebody asks for them, where that is.
    var bytes: [UInt8] = []
    var content: (any StoredBytes)?
  }

  /// The kinds whose bytes are read when somebody asks for them.
  static let left: Set = ["content"]

  /// The kinds of parts, with the kinds that they are parts of.
  private static let owners = ["snapshot": "domain", "checkpoint": "domain", "volume": "pool", "content": "volume"]

  private var parts: [StoreKey: [Part]] = [:]
  /// Those that were taken in, or passed over.
  private var taken: Set<StoreKey> = []
  /// The object that is being loaded.
  private(set) var owner = StoreKey("", "")
  /// What was understood.
  private(set) var loaded: [(part: Part, owner: StoreKey, stamp: UInt64?)] = []
  /// What was not.
  private(set) var refused: [(key: StoreKey, error: VirtError)] = []

  /// Takes parts out of what a store has, and leaves the objects.
  init(_ contents: inout StoreContents) {
    contents.objects.removeAll { key, bytes in
      guard let (owner, name) = Self.place(key) else { return false }
      parts[owner, default: []].append(Part(name: name, key: key, bytes: bytes))
      return true
    }
    for (key, bytes) in contents.left {
      if let (owner, name) = Self.place(key) {
        parts[owner, default: []].append(Part(name: name, key: key, content: bytes))
      } else {
        refused.append((key, VirtError(.xmlError, .test, "it is part of nothing")))
      }
    }
    contents.left = []
  }

  /// What a part belongs to, and what it is called there; nil for an object.
  private static func place(_ key: StoreKey) -> (owner: StoreKey, name: KeptPart.Name)? {
    guard let owner = owners[key.kind] else { return nil }
    // Pieces are numbered; all others have any name, below an object's UUID.
    guard let slash = key.kind == "content" ? key.name.lastIndex(of: "/") : key.name.firstIndex(of: "/") else { return nil }
    return (
      StoreKey(owner, String(key.name[..<slash])), KeptPart.Name(key.kind, String(key.name[key.name.index(after: slash)...]))
    )
  }

  /// Begins with an object.
  func begin(_ key: StoreKey) { owner = key }

  /// Passes over all parts of the object, which could not be loaded after all.
  func refuseOwn(_ error: VirtError) {
    refused += loaded.filter { $0.owner == owner }.map { ($0.part.key, error) }
    loaded.removeAll { $0.owner == owner }
  }

  /// The parts of an object, of one kind.
  func of(_ owner: StoreKey, _ kind: String) -> [Part] { parts[owner]?.filter { $0.name.kind == kind } ?? [] }

  /// Takes in a part; one that is not understood is passed over.
  ///
  /// - Parameter add: Adds it; gives its stamp when it is kept just as it would be now.
  func take(_ part: Part, of owner: StoreKey, _ add: () throws(VirtError) -> UInt64?) {
    do throws(VirtError) {
      loaded.append((part, owner, try add()))
    } catch { refused.append((part.key, error)) }
    taken.insert(part.key)
  }

  /// Passes over all parts that belong to nothing which is there.
  func refuseRest() {
    for part in parts.values.joined() where !taken.contains(part.key) {
      refused.append((part.key, VirtError(.operationFailed, .test, "what it belongs to was not loaded")))
    }
  }
}

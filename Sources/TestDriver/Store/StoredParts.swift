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
    let bytes: [UInt8]
  }

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
  init(_ objects: inout [(key: StoreKey, bytes: [UInt8])]) {
    objects.removeAll { key, bytes in
      guard let owner = Self.owners[key.kind] else { return false }
      // Pieces are numbered; all others have any name, below an object's UUID.
      guard let slash = key.kind == "content" ? key.name.lastIndex(of: "/") : key.name.firstIndex(of: "/") else { return false }
      let name = KeptPart.Name(key.kind, String(key.name[key.name.index(after: slash)...]))
      parts[StoreKey(owner, String(key.name[..<slash])), default: []].append(Part(name: name, key: key, bytes: bytes))
      return true
    }
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

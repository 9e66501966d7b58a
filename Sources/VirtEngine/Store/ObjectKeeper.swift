package import VirtCore

/// Keeps a world's objects in a store: what calls change is there when they end.
///
/// A call begins and ends here, on its thread. Whatever it had in its hands in between is compared with what is kept of it, and
/// written when it differs, so that nobody has to say what an operation changes. Where several calls change an object at once,
/// each of them ends when its change is kept, be it by another one.
package final class ObjectKeeper: Sendable {
  private let store: any ObjectStore
  private let journal = ChangeJournal()
  /// Held over the writing: what is written last is what was read last. Nobody waits for it but calls that end.
  private let state = Lock(State())

  /// Tells bytes from others; kept in their place.
  private struct Mark: Equatable {
    let count: Int
    let one, other: Int

    /// Hashes twice, by what nobody outside can know.
    init(_ bytes: [UInt8]) {
      count = bytes.count
      (one, other) = bytes.withUnsafeBytes { bytes in
        var one = Hasher(), other = Hasher()
        one.combine(1)
        other.combine(2)
        one.combine(bytes: bytes)
        other.combine(bytes: bytes)
        return (one.finalize(), other.finalize())
      }
    }
  }

  private struct State {
    var kept: [StoreKey: Mark] = [:]
    /// What differs from what is kept, because that could not be written.
    var waiting: [StoreKey: KeptKind] = [:]
  }

  /// Keeps objects in a store.
  package init(_ store: any ObjectStore) { self.store = store }

  /// Learns what the store holds already.
  package func know(_ objects: [(key: StoreKey, bytes: [UInt8])]) {
    state.withLock { state in for (key, bytes) in objects { state.kept[key] = Mark(bytes) } }
  }

  /// Keeps the objects of a registry; nobody else uses it yet.
  ///
  /// - Parameters:
  ///   - word: The kind: a short word of lower-case letters.
  ///   - name: What an object is kept under: its UUID, or else its name.
  ///   - form: All that is kept of the object of that name as it is now; nil when there is none. Called without a lock that
  ///     the registry or an object needs.
  package func keep<Record: LiveRecord>(
    _ word: String, of registry: Registry<Record>, form: @escaping @Sendable (LiveObject<Record>) throws(VirtError) -> [UInt8]?
  ) {
    let hasUUIDs = Record.Definition.hasUUID
    // The registry has the kind.
    registry.keptKind = KeptKind(word, journal) { object in
      hasUUIDs ? "\(object.uuid)" : Registry<Record>.live(object).record.withLock { $0.definition.name }
    } form: { [unowned registry] (name) throws(VirtError) in
      let object = hasUUIDs ? UUID(name).flatMap { registry.find(uuid: $0) } : registry.find(name: name)
      return try object.map { (object) throws(VirtError) in try form(object) } ?? nil
    }
  }

  /// Begins a call on this thread.
  package func begin() { journal.begin() }

  /// Ends the call of this thread: what it changed is kept now.
  ///
  /// - Throws: Why that could not be: the changes are in memory only. The next call that has to do with an object tries again.
  package func end() throws(VirtError) {
    var wanted: [StoreKey: KeptKind] = [:]
    for note in journal.end() { wanted[note.kind.key(note.object)] = note.kind }
    if wanted.isEmpty { return }
    try write(wanted)
  }

  /// Keeps all objects of registries.
  package func keepAll(of registries: [ObjectIndex]) throws(VirtError) {
    var wanted: [StoreKey: KeptKind] = [:]
    for registry in registries {
      guard let kind = registry.keptKind else { continue }
      for object in registry.allObjects() { wanted[kind.key(object)] = kind }
    }
    try write(wanted)
  }

  /// Tries once more what could not be written, and gives the store back.
  package func close() {
    do throws(VirtError) { try write([:]) } catch {}
    store.close()
  }

  private func write(_ wanted: [StoreKey: KeptKind]) throws(VirtError) {
    try state.withLock { (state) throws(VirtError) in
      for (key, kind) in state.waiting where wanted[key] == nil {
        do throws(VirtError) { try write([key: kind], &state) } catch {}
      }
      do throws(VirtError) {
        try write(wanted, &state)
      } catch {
        state.waiting.merge(wanted) { $1 }
        throw VirtError(error.code, error.domain, "", "the change is in memory only: \(error.detail)", details: error.details)
      }
    }
  }

  private func write(_ wanted: [StoreKey: KeptKind], _ state: inout State) throws(VirtError) {
    var changes: [StoreChange] = []
    var marks: [StoreKey: Mark?] = [:]
    for (key, kind) in wanted {
      let bytes = try kind.bytes(key)
      let mark = bytes.map(Mark.init)
      guard mark != state.kept[key] else { continue }
      changes.append(StoreChange(key, bytes))
      marks[key] = mark
    }
    // What is gone is taken away last: of what becomes something else, something is there at any time.
    changes.sort { $0.bytes != nil && $1.bytes == nil }
    try store.make(changes)
    for (key, mark) in marks { state.kept[key] = mark }
    for key in wanted.keys { state.waiting[key] = nil }
  }
}

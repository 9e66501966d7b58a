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

  private struct State {
    var kept: [StoreKey: KeptMark] = [:]
    /// The parts of objects that have some.
    var parts: [StoreKey: KeptParts] = [:]
    /// What differs from what is kept, because that could not be written.
    var waiting: [StoreKey: KeptKind] = [:]
  }

  /// Keeps objects in a store.
  package init(_ store: any ObjectStore) { self.store = store }

  /// Learns what the store holds already of objects.
  package func know(_ objects: [(key: StoreKey, bytes: [UInt8])]) {
    state.withLock { state in for (key, bytes) in objects { state.kept[key] = KeptMark(bytes) } }
  }

  /// Learns what the store holds already of a part.
  ///
  /// - Parameter stamp: The part's stamp where it is just so; nil where what was read may be written in another way.
  package func know(_ part: KeptPart.Name, of object: StoreKey, _ bytes: [UInt8], stamp: UInt64?) {
    let known = stamp.map { KeptParts.Known.stamp($0) } ?? .found(KeptMark(bytes))
    state.withLock { $0.parts[object, default: KeptParts()].set(part, known) }
  }

  /// Keeps the objects of a registry; nobody else uses it yet.
  ///
  /// - Parameters:
  ///   - word: The kind: a short word of lower-case letters.
  ///   - name: What an object is kept under: its UUID, or else its name.
  ///   - form: All that is kept of the object as it is now; nil when there is nothing. Is told the stamps of the parts that are
  ///     kept as they are, which need no bytes. Called without a lock that the registry or an object needs.
  package func keep<Record: LiveRecord>(
    _ word: String, of registry: Registry<Record>,
    parts form: @escaping @Sendable (LiveObject<Record>, Set<UInt64>) throws(VirtError) -> KeptForm?
  ) {
    let hasUUIDs = Record.Definition.hasUUID
    // The registry has the kind.
    registry.keptKind = KeptKind(word, journal) { object in
      hasUUIDs ? "\(object.uuid)" : Registry<Record>.live(object).record.withLock { $0.definition.name }
    } form: { [unowned registry] (name, kept) throws(VirtError) in
      let object = hasUUIDs ? UUID(name).flatMap { registry.find(uuid: $0) } : registry.find(name: name)
      return try object.map { (object) throws(VirtError) in try form(object, kept) } ?? nil
    }
  }

  /// The same for objects without parts.
  package func keep<Record: LiveRecord>(
    _ word: String, of registry: Registry<Record>, form: @escaping @Sendable (LiveObject<Record>) throws(VirtError) -> [UInt8]?
  ) {
    keep(word, of: registry) { (object, _) throws(VirtError) in try form(object).map { KeptForm($0) } }
  }

  /// Keeps the volumes of pools; nobody else uses them yet.
  ///
  /// - Parameters:
  ///   - word: The kind. A volume is kept under its pool's UUID and its name, with a slash between them.
  ///   - form: What is kept of a volume, as above.
  package func keepVolumes(
    _ word: String, of pools: StoragePoolRegistry,
    form: @escaping @Sendable (StorageVolumeObject, Set<UInt64>) throws(VirtError) -> KeptForm?
  ) {
    pools.keptVolumes = KeptKind(word, journal) { object in
      "\(object.uuid)/\(String(cString: StoragePoolRegistry.volume(object).name))"
    } form: { [unowned pools] (key, kept) throws(VirtError) in
      guard let slash = key.firstIndex(of: "/"), let uuid = UUID(String(key[..<slash])), let pool = pools.pool(uuid) else {
        return nil
      }
      var name = String(key[key.index(after: slash)...])
      let volume = pool.record.withLock { record in name.withUTF8 { record.contents.find($0) } }
      return try volume.map { (volume) throws(VirtError) in try form(volume, kept) } ?? nil
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

  /// Keeps all objects of registries, and something else.
  package func keepAll(of registries: [ObjectIndex], and other: [StoreChange] = []) throws(VirtError) {
    var wanted: [StoreKey: KeptKind] = [:]
    for registry in registries { for note in registry.allKept() { wanted[note.kind.key(note.object)] = note.kind } }
    try state.withLock { (state) throws(VirtError) in try write(wanted, &state, and: other) }
  }

  /// Tries once more what could not be written, and gives the store back.
  package func close() {
    do throws(VirtError) { try write([:]) } catch {}
    store.close()
  }

  private func write(_ wanted: [StoreKey: KeptKind]) throws(VirtError) {
    try state.withLock { (state) throws(VirtError) in
      for note in journal.takeLater() { state.waiting[note.kind.key(note.object)] = note.kind }
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

  private func write(
    _ wanted: [StoreKey: KeptKind], _ state: inout State, and other: [StoreChange] = []
  ) throws(VirtError) {
    var changes = other
    var marks: [StoreKey: KeptMark?] = [:]
    var differences: [StoreKey: KeptParts.Difference] = [:]
    for (key, kind) in wanted {
      let known = state.parts[key] ?? KeptParts()
      let form = try kind.form(key, known.stamps)
      let mark = form.map { KeptMark($0.bytes) }
      if mark != state.kept[key] {
        changes.append(StoreChange(key, form?.bytes))
        marks[key] = .some(mark)
      }
      let difference = try known.difference(to: form?.parts ?? [], of: key)
      if difference.isEmpty { continue }
      changes += difference.changes
      differences[key] = difference
    }
    try store.make(changes)
    for (key, mark) in marks { state.kept[key] = mark }
    for (key, difference) in differences {
      state.parts[key, default: KeptParts()].apply(difference)
      if state.parts[key]?.isEmpty == true { state.parts[key] = nil }
    }
    for key in wanted.keys { state.waiting[key] = nil }
  }
}

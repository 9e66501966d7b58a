internal import Glibc

/// Objects by a text that they do not keep themselves, or that changes: a name, a path, a hardware address.
///
/// Not locked by itself.
package struct NameTable: ~Copyable, @unchecked Sendable {
  private var table = SlotTable()
  private let hash = KeyHash()

  /// A text that an object has now, in one piece of memory: what is looked at together lies together.
  private struct Entry {
    let object: Unmanaged<RegisteredObject>
    let count: Int

    /// Makes an entry that holds a reference to the object.
    static func make(_ text: UnsafeBufferPointer<UInt8>, _ object: RegisteredObject) -> UnsafeMutableRawPointer {
      let memory = UnsafeMutableRawPointer.allocate(
        byteCount: MemoryLayout<Entry>.size + text.count, alignment: MemoryLayout<Entry>.alignment)
      memory.initializeMemory(as: Entry.self, to: Entry(object: .passRetained(object), count: text.count))
      if let bytes = text.baseAddress { (memory + MemoryLayout<Entry>.size).copyMemory(from: bytes, byteCount: text.count) }
      return memory
    }

    static func free(_ entry: UnsafeMutableRawPointer) {
      entry.load(as: Entry.self).object.release()
      entry.deallocate()
    }

    @inline(__always)
    static func text(_ entry: UnsafeMutableRawPointer) -> UnsafeBufferPointer<UInt8> {
      let count = entry.load(as: Entry.self).count
      return UnsafeBufferPointer(start: (entry + MemoryLayout<Entry>.size).assumingMemoryBound(to: UInt8.self), count: count)
    }

    @inline(__always)
    static func has(_ entry: UnsafeMutableRawPointer, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
      guard entry.load(as: Entry.self).count == text.count, let bytes = text.baseAddress else { return text.isEmpty }
      return same(entry + MemoryLayout<Entry>.size, UnsafeRawPointer(bytes), text.count)
    }

    /// Whether two texts are the same, eight bytes at a time; the last eight may overlap those before.
    @inline(__always)
    private static func same(_ one: UnsafeRawPointer, _ other: UnsafeRawPointer, _ count: Int) -> Bool {
      func isSame<Word: FixedWidthInteger & BitwiseCopyable>(_: Word.Type, at offset: Int) -> Bool {
        one.loadUnaligned(fromByteOffset: offset, as: Word.self) == other.loadUnaligned(fromByteOffset: offset, as: Word.self)
      }
      guard count >= 4 else { return memcmp(one, other, count) == 0 }
      if count < 8 { return isSame(UInt32.self, at: 0) && isSame(UInt32.self, at: count &- 4) }
      guard count <= 64 else { return memcmp(one, other, count) == 0 }
      var offset = 0
      while offset &+ 8 < count {
        guard isSame(UInt64.self, at: offset) else { return false }
        offset = offset &+ 8
      }
      return isSame(UInt64.self, at: count &- 8)
    }
  }

  /// An empty table.
  package init() {}

  deinit {
    for place in table.places { table[place].map { Entry.free($0) } }
  }

  /// How many entries there are.
  package var count: Int { table.count }

  /// Shows the object that has the text.
  @inline(__always)
  package func withFound<Result>(
    _ text: UnsafeBufferPointer<UInt8>, _ body: (borrowing RegisteredObject) -> Result
  ) -> Result? {
    guard let entry = table.find(hash.of(text), { Entry.has($0, text) }) else { return nil }
    return entry.load(as: Entry.self).object._withUnsafeGuaranteedRef(body)
  }

  /// Whether an object has the text.
  package func contains(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { withFound($0) { _ in true } } ?? false
  }

  /// Shows all texts and their objects to the body.
  package func forEach<Failure: Error>(
    _ body: (UnsafeBufferPointer<UInt8>, RegisteredObject) throws(Failure) -> Void
  ) throws(Failure) {
    var failure: Failure?
    for place in table.places {
      guard let entry = table[place] else { continue }
      entry.load(as: Entry.self).object._withUnsafeGuaranteedRef { object in
        do throws(Failure) { try body(Entry.text(entry), object) } catch { failure = error }
      }
      if let failure { throw failure }
    }
  }

  /// Adds a text that is not there yet.
  package mutating func insert(_ text: String, _ object: RegisteredObject) {
    var text = text
    text.withUTF8 { table.insert(hash.of($0), Entry.make($0, object)) }
  }

  /// Takes away the text of an object; nothing when it is another's.
  package mutating func remove(_ text: String, _ object: RegisteredObject) {
    var text = text
    text.withUTF8 { text in
      let hash = hash.of(text)
      let found = table.find(hash) { entry in
        entry.load(as: Entry.self).object.toOpaque() == Unmanaged.passUnretained(object).toOpaque() && Entry.has(entry, text)
      }
      if let found, table.remove(hash, found) { Entry.free(found) }
    }
  }
}

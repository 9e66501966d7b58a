internal import Glibc

/// Objects by a text that they do not keep themselves, or that changes: a name, a path, a hardware address.
///
/// Not locked by itself.
package struct NameTable: ~Copyable, Sendable {
  private var entries = ObjectTable<Entry>()
  private let hash = KeyHash()

  /// A text that an object has now.
  private final class Entry: @unchecked Sendable {
    let object: RegisteredObject
    /// Where they can be compared without making a string.
    private let bytes: UnsafeMutableBufferPointer<UInt8>

    init(_ text: UnsafeBufferPointer<UInt8>, _ object: RegisteredObject) {
      self.object = object
      bytes = .allocate(capacity: text.count)
      _ = bytes.initialize(from: text)
    }

    deinit { bytes.deallocate() }

    var text: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(bytes) }

    @inline(__always)
    func has(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
      guard bytes.count == text.count, let own = bytes.baseAddress, let other = text.baseAddress else { return false }
      return memcmp(own, other, text.count) == 0
    }
  }

  /// An empty table.
  package init() {}

  /// How many entries there are.
  package var count: Int { entries.count }

  /// Shows the object that has the text.
  @inline(__always)
  package func withFound<Result>(
    _ text: UnsafeBufferPointer<UInt8>, _ body: (borrowing RegisteredObject) -> Result
  ) -> Result? {
    entries.withFound(hash.of(text), { $0.has(text) }) { body($0.object) }
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
    try entries.forEach { (entry) throws(Failure) in try body(entry.text, entry.object) }
  }

  /// Adds a text that is not there yet.
  package mutating func insert(_ text: String, _ object: RegisteredObject) {
    var text = text
    text.withUTF8 { entries.insert(hash.of($0), Entry($0, object)) }
  }

  /// Takes away the text of an object; nothing when it is another's.
  package mutating func remove(_ text: String, _ object: RegisteredObject) {
    var text = text
    text.withUTF8 { text in
      let hash = hash.of(text)
      if let entry = entries.find(hash, { $0.object === object && $0.has(text) }) { entries.remove(hash, entry) }
    }
  }
}

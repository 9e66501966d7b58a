/// Writes a document as bytes into one growing buffer.
///
/// Never appends characters or formats with interpolation: what is constant is copied as bytes.
package struct XMLWriter: ~Copyable {
  private var text: GrowingBuffer<UInt8>
  /// How many bytes there are.
  package var count: Int { text.count }

  /// An empty document with room for so many bytes.
  package init(capacity: Int = 1024) { text = GrowingBuffer(capacity: max(64, capacity)) }

  /// The bytes so far; good until the next write.
  package var bytes: UnsafeBufferPointer<UInt8> { text.elements }

  /// A copy of the bytes so far.
  package var array: [UInt8] { Array(bytes) }

  /// Writes bytes as they are.
  package mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) { text.append(bytes) }

  /// Writes bytes as they are.
  package mutating func write(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { write($0) }
  }

  /// Writes a constant text as it is.
  @inline(__always)
  package mutating func write(_ text: StaticString) {
    write(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Writes a text as it is.
  package mutating func write(verbatim text: String) {
    var text = text
    text.withUTF8 { write($0) }
  }

  /// Writes one byte.
  @inline(__always)
  package mutating func write(byte: UInt8) { text.append(byte) }

  /// Writes a number.
  package mutating func write(number: UInt64) {
    text.reserve(20)
    var digits = 1
    var rest = number
    while rest >= 10 {
      rest /= 10
      digits += 1
    }
    rest = number
    var place = text.start + count + digits
    text.extend(by: digits)
    repeat {
      place -= 1
      place.pointee = UInt8(truncatingIfNeeded: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
  }

  /// Writes a text with what has a meaning in XML escaped.
  package mutating func write(escaped text: String) {
    var text = text
    text.withUTF8 { bytes in write(escaping: bytes, Escapes.all) }
  }

  /// Writes so many steps of two spaces.
  package mutating func indent(_ depth: Int) {
    let width = depth * 2
    text.reserve(width)
    (text.start + count).update(repeating: 0x20, count: width)
    text.extend(by: width)
  }

  /// Which characters are escaped.
  struct Escapes {
    /// Both kinds of quotes, brackets and the ampersand.
    static let all = Escapes(singleQuote: true, doubleQuote: true)
    /// What an attribute in double quotes needs.
    static let inDoubleQuotes = Escapes(singleQuote: false, doubleQuote: true)
    /// What a text needs.
    static let inText = Escapes(singleQuote: false, doubleQuote: false)
    var singleQuote, doubleQuote: Bool
  }

  mutating func write(escaping bytes: UnsafeBufferPointer<UInt8>, _ escapes: Escapes) {
    guard let base = bytes.baseAddress else { return }
    text.reserve(bytes.count)
    var from = 0
    for index in 0..<bytes.count {
      let byte = base[index]
      // All of them lie below this one, or begin with the other.
      guard byte <= 0x3e || byte == 0xef else { continue }
      let escape: StaticString
      var length = 1
      switch byte {
      case UInt8(ascii: "&"): escape = "&amp;"
      case UInt8(ascii: "<"): escape = "&lt;"
      case UInt8(ascii: ">"): escape = "&gt;"
      case UInt8(ascii: "'") where escapes.singleQuote: escape = "&apos;"
      case UInt8(ascii: "\"") where escapes.doubleQuote: escape = "&quot;"
      case 0x0a where escapes.doubleQuote && !escapes.singleQuote: escape = "&#10;"
      case 0x0d: escape = "&#13;"
      // No document can hold these; a program may have handed them over.
      case ..<0x09, 0x0b, 0x0c, 0x0e..<0x20: escape = ""
      case 0xef:
        // Nor U+FFFE and U+FFFF.
        guard index + 2 < bytes.count, base[index + 1] == 0xbf, base[index + 2] >= 0xbe else { continue }
        escape = ""
        length = 3
      default: continue
      }
      write(UnsafeBufferPointer(start: base + from, count: index - from))
      write(escape)
      from = index + length
    }
    write(UnsafeBufferPointer(start: base + from, count: bytes.count - from))
  }
}

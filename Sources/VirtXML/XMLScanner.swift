/// Reads documents that are plain, as nearly all are: ASCII, elements, attributes, texts, comments and the five entities that
/// every document has.
///
/// It never says what is wrong. Whatever it does not know, and whatever breaks a rule, makes it give up, and expat reads the
/// document from the start: expat alone refuses. What this accepts, expat accepts with the same result; a test compares them.
struct XMLScanner: ~Copyable {
  private var cursor: UnsafePointer<UInt8>
  private let end: UnsafePointer<UInt8>
  private let classes: UnsafePointer<UInt8>
  private var line = 1
  private var tree: XMLTree

  /// More attributes than this are expat's affair, which finds doubles by hash.
  private static let attributeLimit = 32

  private enum Class {
    static let nameStart: UInt8 = 1, name: UInt8 = 2, text: UInt8 = 4, value: UInt8 = 8
  }

  /// What a byte may be part of.
  private struct Classes: @unchecked Sendable {
    let table: UnsafePointer<UInt8>

    init() {
      let table = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
      table.initialize(repeating: 0, count: 256)
      for byte in 0x20...0x7f { table[byte] = Class.text | Class.value }
      for byte in "\t\n".utf8 { table[Int(byte)] = Class.text }
      for byte in "<&".utf8 { table[Int(byte)] = 0 }
      table[Int(UInt8(ascii: "]"))] = Class.value
      for byte in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_:".utf8 { table[Int(byte)] |= Class.nameStart | Class.name }
      for byte in "0123456789-.".utf8 { table[Int(byte)] |= Class.name }
      self.table = UnsafePointer(table)
    }
  }

  private static let shared = Classes()

  private init(_ start: UnsafePointer<UInt8>, _ count: Int) {
    cursor = start
    end = start + count
    classes = Self.shared.table
    tree = XMLTree(length: count)
  }

  /// The document; nil for one that is not plain.
  static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> XMLElement? {
    guard let start = bytes.baseAddress, bytes.count <= Int32.max else { return nil }
    var scanner = XMLScanner(start, bytes.count)
    return scanner.document() ? scanner.tree.finish() : nil
  }

  private mutating func document() -> Bool {
    guard aside(), startTag() else { return false }
    while tree.depth > 0 { guard content() else { return false } }
    return aside() && cursor == end
  }

  /// White space and comments outside of the root.
  private mutating func aside() -> Bool {
    skipBlank()
    while let next = peek(1), next == UInt8(ascii: "!") {
      guard comment() else { return false }
      skipBlank()
    }
    return true
  }

  @inline(__always)
  private func peek(_ distance: Int = 0) -> UInt8? { end - cursor > distance ? cursor[distance] : nil }

  @inline(__always)
  private mutating func take(_ byte: UInt8) -> Bool {
    guard cursor < end, cursor.pointee == byte else { return false }
    cursor += 1
    return true
  }

  /// Goes past bytes of a class, counting lines.
  @inline(__always)
  private mutating func run(_ wanted: UInt8) -> UnsafeBufferPointer<UInt8> {
    let start = cursor
    while cursor < end, classes[Int(cursor.pointee)] & wanted != 0 {
      if cursor.pointee == 0x0a { line += 1 }
      cursor += 1
    }
    return UnsafeBufferPointer(start: start, count: cursor - start)
  }

  private mutating func skipBlank() {
    while cursor < end {
      switch cursor.pointee {
      case 0x0a: line += 1
      case 0x20, 0x09: break
      default: return
      }
      cursor += 1
    }
  }

  private mutating func name() -> UnsafeBufferPointer<UInt8>? {
    guard cursor < end, classes[Int(cursor.pointee)] & Class.nameStart != 0 else { return nil }
    let name = run(Class.name)
    return name.count <= XMLReader.nameLimit ? name : nil
  }

  private mutating func content() -> Bool {
    let text = run(Class.text)
    if !text.isEmpty { tree.piece(text) }
    switch peek() {
    case UInt8(ascii: "<"):
      switch peek(1) {
      case UInt8(ascii: "/"): return endTag()
      case UInt8(ascii: "!"): return comment()
      default: return startTag()
      }
    case UInt8(ascii: "&"):
      guard let character = entity() else { return false }
      withUnsafePointer(to: character) { tree.piece(UnsafeBufferPointer(start: $0, count: 1)) }
      return true
    case UInt8(ascii: "]"):
      if peek(1) == UInt8(ascii: "]") { return false }
      tree.piece(UnsafeBufferPointer(start: cursor, count: 1))
      cursor += 1
      return true
    default: return false
    }
  }

  private mutating func startTag() -> Bool {
    let line = self.line
    guard take(UInt8(ascii: "<")), tree.depth < XMLReader.depthLimit, let name = name() else { return false }
    tree.start(name, line: line)
    while true {
      let here = cursor
      skipBlank()
      switch peek() {
      case UInt8(ascii: ">"):
        cursor += 1
        return true
      case UInt8(ascii: "/"):
        cursor += 1
        tree.end()
        return take(UInt8(ascii: ">"))
      default: guard cursor > here, attribute() else { return false }
      }
    }
  }

  private mutating func attribute() -> Bool {
    guard let name = name(), !tree.hasAttribute(name, orMoreThan: Self.attributeLimit) else { return false }
    skipBlank()
    guard take(UInt8(ascii: "=")) else { return false }
    skipBlank()
    guard let quote = peek(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return false }
    cursor += 1
    let start = cursor
    while cursor < end, cursor.pointee != quote, classes[Int(cursor.pointee)] & Class.value != 0 { cursor += 1 }
    if take(quote) {
      tree.attribute(name, UnsafeBufferPointer(start: start, count: cursor - start - 1))
      return true
    }
    return value(name, from: start, quote)
  }

  /// A value with entities in it.
  private mutating func value(_ name: UnsafeBufferPointer<UInt8>, from start: UnsafePointer<UInt8>, _ quote: UInt8) -> Bool {
    var value = Array(UnsafeBufferPointer(start: start, count: cursor - start))
    while !take(quote) {
      if cursor < end, classes[Int(cursor.pointee)] & Class.value != 0 {
        value.append(cursor.pointee)
        cursor += 1
      } else if let character = entity() {
        value.append(character)
      } else {
        return false
      }
    }
    value.withUnsafeBufferPointer { tree.attribute(name, $0) }
    return true
  }

  private mutating func endTag() -> Bool {
    cursor += 2
    guard let name = name(), tree.isInnermost(name) else { return false }
    skipBlank()
    tree.end()
    return take(UInt8(ascii: ">"))
  }

  private mutating func entity() -> UInt8? {
    for (text, character) in Self.entities where end - cursor >= text.utf8CodeUnitCount {
      guard UnsafeBufferPointer(start: cursor, count: text.utf8CodeUnitCount).equal(text) else { continue }
      cursor += text.utf8CodeUnitCount
      return character
    }
    return nil
  }

  private static let entities: [(StaticString, UInt8)] = [
    ("&lt;", UInt8(ascii: "<")), ("&gt;", UInt8(ascii: ">")), ("&amp;", UInt8(ascii: "&")), ("&quot;", UInt8(ascii: "\"")),
    ("&apos;", UInt8(ascii: "'")),
  ]

  private mutating func comment() -> Bool {
    guard end - cursor >= 4, UnsafeBufferPointer(start: cursor, count: 4).equal("<!--") else { return false }
    cursor += 4
    while let byte = peek() {
      if byte == UInt8(ascii: "-"), peek(1) == byte {
        cursor += 2
        return take(UInt8(ascii: ">"))
      }
      guard classes[Int(byte)] != 0 || byte == UInt8(ascii: "<") || byte == UInt8(ascii: "&") else { return false }
      if byte == 0x0a { line += 1 }
      cursor += 1
    }
    return false
  }
}

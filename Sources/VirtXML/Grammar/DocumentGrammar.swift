internal import CVirtGrammar
internal import Glibc

/// What may stand in an element, and in which order it is written: a place in the tables made from the grammar of documents.
package struct DocumentGrammar: Sendable {
  let content: UInt16

  init(_ content: UInt16) { self.content = content }

  var table: UnsafePointer<virt_grammar_content> { virt_grammar_content(content) }

  /// The place of an attribute of that name; as many as there are for one that is not known.
  ///
  /// - Parameter start: Where it probably is.
  @inline(__always)
  func attribute(_ name: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    let content = table.pointee
    return Self.find(name, virt_grammar_part(content.parts), Int(content.attribute_count), from: start)
  }

  /// The place of an element of that name; as many as there are for one that is not known.
  ///
  /// - Parameters:
  ///   - start: Where it probably is.
  ///   - parent: What it stands in, in a document: its values may choose the place.
  @inline(__always)
  func element(_ name: UnsafeBufferPointer<UInt8>, from start: Int, in document: XMLDocument, _ parent: Int) -> Int {
    let place = element(name, from: start)
    return place < Int(table.pointee.element_count) && elements[place].standing > 0
      ? chosen(name, in: document, parent) : place
  }

  /// The same for an element that has one place only.
  @inline(__always)
  func element(_ name: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    Self.find(name, elements, Int(table.pointee.element_count), from: start)
  }

  @inline(__always)
  private var elements: UnsafePointer<virt_grammar_part> {
    let content = table.pointee
    return virt_grammar_part(content.parts + UInt16(content.attribute_count))
  }

  /// The place of an element of that name that the element around chooses; the last one when it chooses none.
  private func chosen(_ name: UnsafeBufferPointer<UInt8>, in document: XMLDocument, _ parent: Int) -> Int {
    let variant = DocumentVariant(table.pointee, document, parent, around: parent)
    var last = 0
    for place in 0..<Int(table.pointee.element_count) where elements[place].name.isText(name) {
      if variant.isOne(of: virt_grammar_stands(elements[place].standing)) { return place }
      last = place
    }
    return last
  }

  /// What the tables say of the element at a place, whatever its variant; anything may stand in one that is not known.
  @inline(__always)
  func below(_ place: Int) -> DocumentGrammar {
    DocumentGrammar(place < Int(table.pointee.element_count) ? elements[place].order : 0)
  }

  @inline(__always)
  private static func find(
    _ name: UnsafeBufferPointer<UInt8>, _ parts: UnsafePointer<virt_grammar_part>?, _ count: Int, from start: Int
  ) -> Int {
    guard let parts, name.count > 0 else { return count }
    let key = virt_grammar_word.key(name)
    var place = start
    while place < count {
      if parts[place].name.key == key, parts[place].name.hasLetters(name) { return place }
      place += 1
    }
    place = 0
    while place < min(start, count) {
      if parts[place].name.key == key, parts[place].name.hasLetters(name) { return place }
      place += 1
    }
    return count
  }
}

extension virt_grammar_word {
  /// What words have in common with a text, which has a letter at least, that may be the same.
  @inline(__always)
  static func key(_ text: UnsafeBufferPointer<UInt8>) -> UInt16 { UInt16(text[0]) << 8 | UInt16(truncatingIfNeeded: text.count) }

  /// Whether it is that text, which has a letter at least.
  @inline(__always)
  func isText(_ text: UnsafeBufferPointer<UInt8>) -> Bool { key == Self.key(text) && hasLetters(text) }

  /// Whether it is a text that has its key.
  @inline(__always)
  func hasLetters(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let count = Int(key & 0xff)
    guard count == text.count, let own = UnsafeRawPointer(virt_grammar_bytes(place)), let other = UnsafeRawPointer(text.baseAddress)
    else { return false }
    // Two pieces that may overlap hold all letters of most words.
    switch count {
    case 8...16: return Self.isSame(own, other, count, as: UInt64.self)
    case 4..<8: return Self.isSame(own, other, count, as: UInt32.self)
    case 2..<4: return Self.isSame(own, other, count, as: UInt16.self)
    default: return memcmp(own, other, count) == 0
    }
  }

  @inline(__always)
  private static func isSame<Piece: FixedWidthInteger>(
    _ one: UnsafeRawPointer, _ other: UnsafeRawPointer, _ count: Int, as piece: Piece.Type
  ) -> Bool {
    let last = count - MemoryLayout<Piece>.size
    return one.loadUnaligned(as: piece) == other.loadUnaligned(as: piece)
      && one.loadUnaligned(fromByteOffset: last, as: piece) == other.loadUnaligned(fromByteOffset: last, as: piece)
  }

  /// Its letters.
  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: virt_grammar_bytes(place), count: Int(key & 0xff)) }
}

// MARK: - Looking

extension DocumentGrammar {
  /// The place of an element among those that may stand here; behind all others for one that is not known.
  ///
  /// - Parameter start: Where it probably is.
  package func place(_ part: XMLElement, from start: Int = 0) -> Int {
    element(part.document.nameBytes(part.item), from: start)
  }

  /// The place of an element of that name; behind all others for one that is not known.
  package func place(_ name: StaticString) -> Int { element(name.buffer, from: 0) }

  /// Whether an element of that name may stand here.
  package func knows(_ part: XMLElement) -> Bool { place(part) < Int(table.pointee.element_count) }

  /// What may stand in an element of that name; anything in one that is not known.
  package subscript(name: StaticString) -> DocumentGrammar { below(place(name)) }

  /// What may stand in an element; anything in one that is not known.
  package subscript(part: XMLElement) -> DocumentGrammar { below(place(part)) }

  /// What may stand in the element at that place.
  package subscript(place: Int) -> DocumentGrammar { below(place) }
}

extension StaticString {
  fileprivate var buffer: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount) }
}

internal import CVirtGrammar

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
  @inline(__always)
  func element(_ name: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    let content = table.pointee
    return Self.find(
      name, virt_grammar_part(content.parts + UInt16(content.attribute_count)), Int(content.element_count), from: start)
  }

  /// What the tables say of an element that is known, in the first of the variants in which it stands.
  @inline(__always)
  func below(_ place: Int) -> DocumentGrammar {
    let content = table.pointee
    let part = virt_grammar_part(content.parts + UInt16(content.attribute_count) + UInt16(place)).pointee
    return DocumentGrammar(part.alternatives == 0 ? part.target : virt_grammar_alternative(part.target).pointee.target)
  }

  @inline(__always)
  private static func find(
    _ name: UnsafeBufferPointer<UInt8>, _ parts: UnsafePointer<virt_grammar_part>?, _ count: Int, from start: Int
  ) -> Int {
    guard let parts, name.count > 0 else { return count }
    var place = start
    while place < count {
      if parts[place].name.isText(name) { return place }
      place += 1
    }
    place = 0
    while place < min(start, count) {
      if parts[place].name.isText(name) { return place }
      place += 1
    }
    return count
  }
}

extension virt_grammar_word {
  /// Whether it is that text, which has a letter at least.
  @inline(__always)
  func isText(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard Int(length) == text.count, first == text[0], let letters = virt_grammar_bytes(place) else { return false }
    var index = text.count - 1
    while index > 0, letters[index] == text[index] { index -= 1 }
    return index == 0
  }

  /// Its letters.
  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: virt_grammar_bytes(place), count: Int(length)) }
}

extension DocumentGrammar: PartOrder {
  /// The element with its parts in order; itself when they are, as in most documents.
  package func arranged(_ element: XMLElement) -> XMLElement { inOrder(element) }

  func rank(of name: UnsafeBufferPointer<UInt8>, from start: Int) -> Int { element(name, from: start) }
  func rank(ofAttribute name: UnsafeBufferPointer<UInt8>, from start: Int) -> Int { attribute(name, from: start) }
  func order(below rank: Int) -> DocumentGrammar? {
    guard rank < Int(table.pointee.element_count) else { return nil }
    let below = self.below(rank)
    return below.content == 0 ? nil : below
  }

  /// What may stand in an element below; nil for what may hold anything.
  package func below(_ element: XMLElement) -> DocumentGrammar? {
    order(below: self.element(element.document.nameBytes(element.document.items[element.index]), from: 0))
  }
}

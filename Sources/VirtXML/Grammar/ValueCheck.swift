internal import CVirtGrammar
package import VirtCore

extension DocumentGrammar {
  /// Refuses a document with a value that nobody can read, or without one that is needed. What the grammar does not know passes.
  ///
  /// - Throws: The first one, with its element, its line and what it may be.
  package func check(_ element: XMLElement) throws(VirtError) {
    if content > 0 { try check(element.document, element.index, around: element.index) }
  }

  private func check(_ document: XMLDocument, _ element: Int, around: Int) throws(VirtError) {
    let content = table.pointee
    let variant = DocumentVariant(content, document, element, around: around)
    let end = Int(document.items[element].place)
    var index = element + 1
    var seen: UInt64 = 0
    var next = 0
    while index < end, document.items[index].kind == .attribute {
      let item = document.items[index]
      let place = attribute(document.nameBytes(item), from: next)
      if place < Int(content.attribute_count) {
        next = place + 1
        let rule = variant.target(virt_grammar_part(content.parts + UInt16(place)).pointee)
        if rule > 0, !ValueCheck(rule).takes(document.valueBytes(item)) {
          throw ValueCheck(rule).refusal(
            document.valueBytes(item).string, "'\(document.nameBytes(item).string)' has", XMLElement(document, element))
        }
        // What is read as nothing when it is empty is not there then.
        if place < 32, item.length > 0 || !ValueCheck(rule).takesEmpty { seen |= 1 << UInt64(place) }
      }
      index += 1
    }
    let needed = variant.needed(content)
    let attributes = needed & UInt64(UInt32.max)
    if seen & attributes != attributes { throw missing(attributes & ~seen, XMLElement(document, element)) }
    next = 0
    while index < end {
      let item = document.items[index]
      guard item.kind == .element else {
        if content.text > 0, !ValueCheck(content.text).takes(document.valueBytes(item)) {
          throw ValueCheck(content.text).refusal(document.valueBytes(item).string, "it has", XMLElement(document, element))
        }
        index += 1
        continue
      }
      let place = self.element(document.nameBytes(item), from: next, in: document, element)
      if place < Int(content.element_count) {
        next = place
        let part = virt_grammar_part(content.parts + UInt16(content.attribute_count) + UInt16(place)).pointee
        if place < 32 {
          let own: UInt64 = 1 << UInt64(place + 32)
          if part.doubled > 0, seen & own > 0 {
            throw XMLElement(document, index).wrong(virt_grammar_refusal(part.doubled).pointee, "there is one such element")
          }
          seen |= own
        }
        let below = DocumentGrammar(variant.target(part))
        if below.content > 0 { try below.check(document, index, around: element) }
      } else if content.unknown > 0 {
        throw XMLElement(document, index).wrong(virt_grammar_refusal(content.unknown).pointee, "there is no such element here")
      }
      index = Int(item.place)
    }
    if seen & needed != needed { throw missing(needed & ~seen, XMLElement(document, element)) }
  }

  private func missing(_ parts: UInt64, _ element: XMLElement) -> VirtError {
    let place = parts.trailingZeroBitCount, isAttribute = place < 32
    let first = table.pointee.parts + (isAttribute ? 0 : UInt16(table.pointee.attribute_count))
    let part = virt_grammar_part(first + UInt16(isAttribute ? place : place - 32)).pointee
    let name = part.name.bytes.string
    return element.wrong(virt_grammar_refusal(part.missing).pointee, isAttribute ? "'\(name)' is missing" : "<\(name)> is missing")
  }
}

/// What one value may be.
struct ValueCheck {
  private let rule: virt_grammar_rule

  init(_ rule: UInt16) { self.rule = virt_grammar_rule(rule).pointee }

  /// Whether an empty value counts as none.
  var takesEmpty: Bool { rule.takes_empty > 0 }

  /// Whether a value is one of those there are.
  func takes(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
    guard value.count > 0 else { return takesEmpty }
    let words = virt_grammar_word(rule.words)
    for place in 0..<Int(rule.word_count) where words?[place].isText(value) == true { return true }
    guard rule.reading > 0 else { return rule.word_count == 0 }
    let reading = virt_grammar_reading(rule.reading).pointee
    return NumberText(value, base: reading.base)?.isWithin(reading.least, reading.most) == true
  }

  /// Says what is wrong with a value.
  ///
  /// - Parameter what: Begins the sentence.
  func refusal(_ value: String, _ what: String, _ element: XMLElement) -> VirtError {
    element.wrong(virt_grammar_refusal(rule.refusal).pointee, "\(what) no such value: '\(value)'; it is \(allowed)")
  }

  private var allowed: String {
    let words = (0..<rule.word_count).map { "'\(virt_grammar_word(rule.words + $0).pointee.bytes.string)'" }
    guard rule.reading > 0 else { return words.joined(separator: ", ") }
    let reading = virt_grammar_reading(rule.reading).pointee
    if reading.most == 0, reading.least > 0 { return words.isEmpty ? "left out" : words.joined(separator: ", ") }
    return (words + ["a number from \(reading.least) to \(reading.most)"]).joined(separator: ", ")
  }
}

extension XMLElement {
  fileprivate func wrong(_ refusal: virt_grammar_refusal, _ rule: String) -> VirtError {
    wrong(ErrorCode(rawValue: Int32(refusal.code)), rule, ErrorDomain(rawValue: Int32(refusal.domain)))
  }
}

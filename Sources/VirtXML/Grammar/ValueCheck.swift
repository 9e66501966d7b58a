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
    var seen: UInt64 = 0, stood: UInt64 = 0
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
        if item.length > 0 || !ValueCheck(rule).takesEmpty { seen |= 1 << UInt64(place) }
      }
      index += 1
    }
    let needed = variant.needed(content)
    // What is needed of the attributes; elements are still to come.
    let isAttribute = ~(UInt64.max << UInt64(content.attribute_count))
    if needed & ~seen & isAttribute > 0 { throw missing(needed & ~seen, XMLElement(document, element)) }
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
        if part.doubled > 0 {
          let own: UInt64 = 1 << UInt64(Int(content.attribute_count) + place)
          if stood & own > 0 {
            throw XMLElement(document, index).wrong(virt_grammar_refusal(part.doubled).pointee, "there is one such element")
          }
          stood |= own
        }
        let below = DocumentGrammar(variant.target(part))
        if below.content > 0 { try below.check(document, index, around: element) }
        if part.missing > 0, !below.isText || XMLElement(document, index).hasText {
          seen |= 1 << UInt64(Int(content.attribute_count) + place)
        }
      } else if content.unknown > 0 {
        throw XMLElement(document, index).wrong(virt_grammar_refusal(content.unknown).pointee, "there is no such element here")
      }
      index = Int(item.place)
    }
    if seen & needed != needed { throw missing(needed & ~seen, XMLElement(document, element)) }
  }

  /// Whether nothing but a text may stand in the element.
  var isText: Bool {
    content > 0 && table.pointee.attribute_count == 0 && table.pointee.element_count == 0
  }

  private func missing(_ parts: UInt64, _ element: XMLElement) -> VirtError {
    let place = parts.trailingZeroBitCount
    let part = virt_grammar_part(table.pointee.parts + UInt16(place)).pointee
    let name = part.name.bytes.string
    let what = place < Int(table.pointee.attribute_count) ? "'\(name)'" : "<\(name)>"
    return element.wrong(virt_grammar_refusal(part.missing).pointee, "\(what) is missing")
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

  /// A value that it takes, as it is written: numbers in one way, however they were given.
  func written(_ value: UnsafeBufferPointer<UInt8>) -> String {
    let reading = virt_grammar_reading(rule.reading).pointee
    guard rule.reading > 0, let number = NumberText(value, base: reading.base) else { return value.string }
    return number.written(digits: Int(reading.digits))
  }

  /// Says what is wrong with a value.
  ///
  /// - Parameter what: Begins the sentence.
  func refusal(_ value: String, _ what: String, _ element: XMLElement) -> VirtError {
    element.wrong(virt_grammar_refusal(rule.refusal).pointee, "\(what) no such value: '\(value)'; it \(allowed)")
  }

  private var allowed: String {
    let words = (0..<rule.word_count).map { "'\(virt_grammar_word(rule.words + $0).pointee.bytes.string)'" }
    let reading = virt_grammar_reading(rule.reading).pointee
    // Above its limit are the numbers of what must not be there.
    let numbers = rule.reading > 0 && UInt64(clamping: reading.least) <= reading.most
    let all = words + (numbers ? ["a number from \(reading.least) to \(reading.most)"] : [])
    return all.isEmpty ? "has none here" : "is \(all.joined(separator: ", "))"
  }
}

extension XMLElement {
  fileprivate func wrong(_ refusal: virt_grammar_refusal, _ rule: String) -> VirtError {
    wrong(ErrorCode(rawValue: Int32(refusal.code)), rule, ErrorDomain(rawValue: Int32(refusal.domain)))
  }
}

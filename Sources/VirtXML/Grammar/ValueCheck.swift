internal import CVirtGrammar
package import VirtCore

extension DocumentGrammar {
  /// Refuses a document with a value that nobody can read, or without one that is needed. What the grammar does not know passes.
  ///
  /// - Throws: The first one, with its element, its line and what it may be.
  package func check(_ element: XMLElement) throws(VirtError) {
    if content > 0 { try check(element.document, element.index) }
  }

  private func check(_ document: XMLDocument, _ element: Int) throws(VirtError) {
    let content = table.pointee
    let end = Int(document.items[element].place)
    var index = element + 1
    var seen: UInt32 = 0
    var next = 0
    while index < end, document.items[index].kind == .attribute {
      let item = document.items[index]
      let place = attribute(document.nameBytes(item), from: next)
      if place < Int(content.attribute_count) {
        next = place + 1
        if place < 32 { seen |= 1 << UInt32(place) }
        let rule = virt_grammar_part(content.parts + UInt16(place)).pointee.target
        if rule > 0, !ValueCheck(rule).takes(document.valueBytes(item)) {
          throw ValueCheck(rule).refusal(
            document.valueBytes(item).string, "attribute '\(document.nameBytes(item).string)' of ", XMLElement(document, element))
        }
      }
      index += 1
    }
    if seen & content.needed != content.needed { throw missing(seen, XMLElement(document, element)) }
    next = 0
    while index < end {
      let item = document.items[index]
      guard item.kind == .element else {
        if content.text > 0, !ValueCheck(content.text).takes(document.valueBytes(item)) {
          throw ValueCheck(content.text).refusal(document.valueBytes(item).string, "", XMLElement(document, element))
        }
        index += 1
        continue
      }
      let place = self.element(document.nameBytes(item), from: next, in: document, element)
      if place < Int(content.element_count) {
        next = place
        let below = below(place)
        if below.content > 0 { try below.check(document, index) }
      }
      index = Int(item.place)
    }
  }

  private func missing(_ seen: UInt32, _ element: XMLElement) -> VirtError {
    let content = table.pointee
    let place = UInt16((content.needed & ~seen).trailingZeroBitCount)
    let part = virt_grammar_part(content.parts + place).pointee
    let refusal = virt_grammar_refusal(part.missing).pointee
    return VirtError(
      ErrorCode(rawValue: Int32(refusal.code)), ErrorDomain(rawValue: Int32(refusal.domain)), "",
      "'\(part.name.bytes.string)' of <\(element.name)> is missing (line \(element.line))")
  }
}

/// What one value may be.
struct ValueCheck {
  private let rule: virt_grammar_rule

  init(_ rule: UInt16) { self.rule = virt_grammar_rule(rule).pointee }

  /// Whether a value is one of those there are.
  func takes(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
    guard value.count > 0 else { return rule.takes_empty > 0 }
    let words = virt_grammar_word(rule.words)
    for place in 0..<Int(rule.word_count) where words?[place].isText(value) == true { return true }
    return rule.reading > 0 && Self.isNumber(value, virt_grammar_reading(rule.reading).pointee)
  }

  /// White space and a sign may precede a number; nothing follows it.
  private static func isNumber(_ text: UnsafeBufferPointer<UInt8>, _ reading: virt_grammar_reading) -> Bool {
    var index = 0
    while index < text.count, text[index] == 0x20 || (0x09...0x0d).contains(text[index]) { index += 1 }
    let isNegative = index < text.count && text[index] == UInt8(ascii: "-")
    if isNegative || (index < text.count && text[index] == UInt8(ascii: "+")) { index += 1 }
    var base = UInt64(reading.base)
    if base == 0 || base == 16, index + 2 < text.count, text[index] == UInt8(ascii: "0"),
      text[index + 1] | 0x20 == UInt8(ascii: "x")
    {
      base = 16
      index += 2
    } else if base == 0 {
      base = index + 1 < text.count && text[index] == UInt8(ascii: "0") ? 8 : 10
    }
    guard index < text.count else { return false }
    var number: UInt64 = 0
    while index < text.count {
      guard let digit = digit(text[index]), digit < base else { return false }
      let (product, isTooMuch) = number.multipliedReportingOverflow(by: base)
      let (sum, isStillTooMuch) = product.addingReportingOverflow(digit)
      if isTooMuch || isStillTooMuch { return false }
      number = sum
      index += 1
    }
    if isNegative { return number == 0 ? reading.least <= 0 : reading.least < 0 && number <= reading.least.magnitude }
    return number <= reading.most && (reading.least <= 0 || number >= UInt64(reading.least))
  }

  private static func digit(_ letter: UInt8) -> UInt64? {
    switch letter {
    case 0x30...0x39: UInt64(letter - 0x30)
    case 0x41...0x46: UInt64(letter - 0x41) + 10
    case 0x61...0x66: UInt64(letter - 0x61) + 10
    default: nil
    }
  }

  /// Says what is wrong with a value.
  func refusal(_ value: String, _ place: String, _ element: XMLElement) -> VirtError {
    let refusal = virt_grammar_refusal(rule.refusal).pointee
    return VirtError(
      ErrorCode(rawValue: Int32(refusal.code)), ErrorDomain(rawValue: Int32(refusal.domain)), "",
      "\(place)<\(element.name)> has no such value: '\(value)' (line \(element.line)); it is \(allowed)")
  }

  private var allowed: String {
    let words = (0..<rule.word_count).map { "'\(virt_grammar_word(rule.words + $0).pointee.bytes.string)'" }
    guard rule.reading > 0 else { return words.joined(separator: ", ") }
    let reading = virt_grammar_reading(rule.reading).pointee
    return (words + ["a number from \(reading.least) to \(reading.most)"]).joined(separator: ", ")
  }
}

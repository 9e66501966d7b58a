internal import CVirtGrammar

/// The variant of an element: which of the cases that its content tells apart it is, a bit for each.
struct DocumentVariant {
  private let cases: UInt64

  /// Finds the variant by the values of the attributes that choose it.
  ///
  /// - Parameter around: The element around; the element itself when none is known.
  @inline(__always)
  init(_ content: virt_grammar_content, _ document: XMLDocument, _ element: Int, around: Int) {
    var cases = UInt64.max
    for place in 0..<UInt16(content.selector_count) {
      let selector = virt_grammar_selector(content.selectors + place).pointee
      cases &= Self.cases(
        selector, document, selector.is_outer > 0 ? around : element, isThere: selector.is_outer == 0 || around != element)
    }
    self.cases = cases
  }

  /// The cases that the value of one attribute leaves.
  private static func cases(
    _ selector: virt_grammar_selector, _ document: XMLDocument, _ element: Int, isThere: Bool
  ) -> UInt64 {
    let end = isThere ? Int(document.items[element].place) : 0
    var index = element + 1
    while index < end, document.items[index].kind == .attribute {
      let item = document.items[index]
      index += 1
      guard selector.name.isText(document.nameBytes(item)) else { continue }
      let value = document.valueBytes(item)
      guard value.count > 0 else { return selector.other }
      let choices = virt_grammar_choice(selector.choices)
      for place in 0..<Int(selector.choice_count) {
        if let choice = choices?[place], choice.word.isText(value) { return choice.cases }
      }
      return selector.other
    }
    return selector.missing
  }

  /// Whether it is one of some cases.
  func isOne(of some: UInt64) -> Bool { cases & some > 0 }

  /// What a part is in the variant; 0 where readers leave it alone.
  @inline(__always)
  func target(_ part: virt_grammar_part) -> UInt16 {
    part.alternatives == 0 ? part.target : alternative(part)
  }

  private func alternative(_ part: virt_grammar_part) -> UInt16 {
    for place in 0..<UInt16(part.alternatives) {
      let alternative = virt_grammar_alternative(part.target + place).pointee
      if alternative.cases & cases > 0 { return alternative.target }
    }
    return 0
  }

  /// What the variant needs: a bit for each of the first attributes, and in the upper half one for each of the first elements.
  @inline(__always)
  func needed(_ content: virt_grammar_content) -> UInt64 {
    var needed = content.needed
    for place in 0..<UInt16(content.case_count) where cases >> UInt64(place) & 1 == 1 {
      needed |= virt_grammar_need(content.case_needs + place).pointee
    }
    return needed
  }
}

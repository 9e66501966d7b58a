internal import CVirtGrammar

extension DocumentGrammar {
  /// What readers take of an element that was checked: of parts that stand once the first, values that are not empty, and numbers
  /// as they are written; in order, and so is all below. What the grammar does not know is kept.
  package func taken(_ element: XMLElement) -> XMLElement { arranged(taken(element, around: element.index)) }

  private func taken(_ element: XMLElement, around: Int) -> XMLElement {
    if content == 0 { return element }
    let document = element.document, row = table.pointee
    let variant = DocumentVariant(row, document, element.index, around: around)
    let attributes = (element.index + 1..<document.contentStart(element.index)).compactMap { index -> XMLAttribute? in
      let item = document.items[index], name = document.nameBytes(item), value = document.valueBytes(item)
      let place = attribute(name, from: 0)
      let rule = place < Int(row.attribute_count) ? variant.target(virt_grammar_part(row.parts + UInt16(place)).pointee) : 0
      if value.count == 0, ValueCheck(rule).takesEmpty { return nil }
      return XMLAttribute(name.string, ValueCheck(rule).written(value))
    }
    var seen: Set<Int> = []
    let content = document.children(element.index).compactMap { index -> XMLContent? in
      let item = document.items[index]
      if item.kind == .text {
        // Nothing is said between elements.
        return row.element_count > 0 ? nil : .text(ValueCheck(row.text).written(document.valueBytes(item)))
      }
      let below = XMLElement(document, index)
      let place = self.element(document.nameBytes(item), from: 0, in: document, element.index)
      guard place < Int(row.element_count) else { return .element(below) }
      let part = virt_grammar_part(row.parts + UInt16(row.attribute_count) + UInt16(place)).pointee
      guard seen.insert(place).inserted || part.is_many > 0 else { return nil }
      let grammar = DocumentGrammar(variant.target(part))
      if grammar.isText, !below.hasText { return nil }
      return .element(grammar.taken(below, around: element.index))
    }
    return XMLElement(element.name, attributes, content, line: element.line)
  }
}

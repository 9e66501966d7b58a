/// One element of a document, with all below it: a view, which keeps its document. Documents are immutable, so that
/// definitions share what they have in common; what "changes" an element makes a document with the change.
package struct XMLElement: Sendable {
  let document: XMLDocument
  let index: Int

  init(_ document: XMLDocument, _ index: Int) {
    self.document = document
    self.index = index
  }

  /// Makes an element.
  package init(_ name: String, _ attributes: [XMLAttribute] = [], _ content: [XMLContent] = [], line: Int = 0) {
    var builder = XMLBuilder()
    var name = name
    let element = name.withUTF8 { builder.begin($0, line: line) }
    for attribute in attributes { builder.attribute(attribute) }
    for part in content {
      switch part {
      case .element(let below): builder.add(below)
      case .text(var text): text.withUTF8 { builder.text($0) }
      }
    }
    builder.end(element)
    self.init(builder.finish(), 0)
  }

  /// Makes an element that holds a text.
  package init(_ name: String, text: String) {
    self.init(name, [], text.isEmpty ? [] : [.text(text)])
  }

  /// Makes an element with others in it.
  package init(_ name: String, _ attributes: [XMLAttribute] = [], elements: [XMLElement]) {
    self.init(name, attributes, elements.map { .element($0) })
  }

  var item: XMLDocument.Item { document.items[index] }

  /// The item behind the element.
  var end: Int { Int(item.place) }
}

/// An attribute, its value unescaped.
package struct XMLAttribute: Sendable, Equatable {
  /// The name as written, with its prefix.
  package var name: String
  /// The value.
  package var value: String

  /// Names a value.
  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// What stands in an element.
package enum XMLContent: Sendable, Equatable {
  /// An element below.
  case element(XMLElement)
  /// A text, unescaped.
  case text(String)
}

// MARK: - Looking

extension XMLElement {
  /// The name as written, with its prefix.
  package var name: String { document.nameBytes(item).string }

  /// Where it began; 0 for an element that no document had.
  package var line: Int { Int(item.length) }

  /// Whether it has that name.
  package func isNamed(_ name: StaticString) -> Bool { document.nameBytes(item).equal(name) }

  /// Whether it has one of those names.
  package func isNamed(oneOf names: [StaticString]) -> Bool {
    let name = document.nameBytes(item)
    return names.contains { name.equal($0) }
  }

  /// The value of an attribute; nil when it is not there.
  package subscript(name: StaticString) -> String? {
    value(where: { $0.equal(name) })?.string
  }

  /// The value of an attribute whose name does not stand in the program; nil when it is not there. Its label keeps names that do,
  /// which are compared without a string's storage, from it.
  package subscript(named name: String) -> String? {
    var name = name
    return name.withUTF8 { name in value(where: { $0.equal(name) })?.string }
  }

  /// Whether an attribute has that value.
  package func has(_ name: StaticString, _ value: StaticString) -> Bool {
    self.value(where: { $0.equal(name) })?.equal(value) == true
  }

  func value(where isIt: (UnsafeBufferPointer<UInt8>) -> Bool) -> UnsafeBufferPointer<UInt8>? {
    let end = self.end
    var index = self.index + 1
    while index < end, document.items[index].kind == .attribute {
      if isIt(document.nameBytes(document.items[index])) { return document.valueBytes(document.items[index]) }
      index += 1
    }
    return nil
  }

  /// The attributes in the order of the document, namespace declarations among them.
  package var attributes: [XMLAttribute] {
    (index + 1..<document.contentStart(index)).map { place in
      let item = document.items[place]
      return XMLAttribute(document.nameBytes(item).string, document.valueBytes(item).string)
    }
  }

  /// How many attributes there are.
  package var attributeCount: Int { document.contentStart(index) - index - 1 }

  /// Elements and texts in the order of the document. White space between elements is not kept.
  package var content: [XMLContent] {
    document.children(index).map { place in
      let item = document.items[place]
      return item.kind == .element ? .element(XMLElement(document, place)) : .text(document.valueBytes(item).string)
    }
  }

  /// Whether nothing stands in it.
  package var isEmpty: Bool { document.contentStart(index) == end }

  /// The elements below, in order.
  package var elements: Elements { Elements(document: document, children: document.children(index)) }

  /// The elements directly in another one.
  package struct Elements: Sequence, IteratorProtocol {
    let document: XMLDocument
    var children: XMLDocument.Children

    /// The next one.
    package mutating func next() -> XMLElement? {
      while let place = children.next() {
        if document.items[place].kind == .element { return XMLElement(document, place) }
      }
      return nil
    }
  }

  /// The first element of that name below.
  package func first(_ name: StaticString) -> XMLElement? { first { $0.equal(name) } }

  /// The first element of that name below.
  @_disfavoredOverload
  package func first(_ name: String) -> XMLElement? {
    var name = name
    return name.withUTF8 { name in first { $0.equal(name) } }
  }

  private func first(where isIt: (UnsafeBufferPointer<UInt8>) -> Bool) -> XMLElement? {
    for place in document.children(index) {
      let item = document.items[place]
      if item.kind == .element, isIt(document.nameBytes(item)) { return XMLElement(document, place) }
    }
    return nil
  }

  /// All texts directly in the element, joined.
  package var text: String {
    var joined = ""
    for place in document.children(index) where document.items[place].kind == .text {
      let text = document.valueBytes(document.items[place]).string
      if joined.isEmpty { joined = text } else { joined += text }
    }
    return joined
  }

  /// Whether a text stands in it.
  package var hasText: Bool { document.children(index).contains { document.items[$0].kind == .text } }

  /// The URI that its own declarations or those of the elements around it give its prefix; outermost first.
  package func namespace(within around: [XMLElement]) -> String? {
    let name = self.name
    let declaration =
      if let colon = name.utf8.firstIndex(of: UInt8(ascii: ":")) { "xmlns:" + String(name[..<colon]) } else { "xmlns" }
    if let own = self[named: declaration] { return own }
    for element in around.reversed() { if let uri = element[named: declaration] { return uri } }
    return nil
  }

  /// The name without its prefix.
  package var localName: Substring {
    let name = self.name
    guard let colon = name.utf8.firstIndex(of: UInt8(ascii: ":")) else { return name[...] }
    return name[name.utf8.index(after: colon)...]
  }
}

// MARK: - Changing

extension XMLElement {
  /// The same element under another name.
  package func renamed(_ name: String) -> XMLElement {
    var name = name
    return make(like: name.withUTF8 { Array($0) }) { builder in builder.copy(document, index + 1..<end) }
  }

  /// The same element with other attributes.
  package func with(attributes: [XMLAttribute]) -> XMLElement {
    make { builder in
      for attribute in attributes { builder.attribute(attribute) }
      builder.copy(document, document.contentStart(index)..<end)
    }
  }

  /// The same element with something else in it.
  package func with(content: [XMLContent]) -> XMLElement { XMLElement(name, attributes, content, line: line) }

  /// The same element with only those of the elements and texts in it that the condition holds for.
  package func filtered(_ isKept: (XMLElement) -> Bool) -> XMLElement {
    with(content: content.filter { if case .element(let below) = $0 { isKept(below) } else { true } })
  }

  /// The same element with an attribute set; nil takes it away. A new one goes to the end, or to the front.
  package func setting(_ name: StaticString, _ value: String?, inFront: Bool = false) -> XMLElement {
    let start = document.contentStart(index)
    let place = (index + 1..<start).first { document.nameBytes(document.items[$0]).equal(name) }
    if place == nil, value == nil { return self }
    let nameBytes = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    return make { builder in
      let split = place ?? (inFront ? index + 1 : start)
      builder.copy(document, index + 1..<split)
      if var value { value.withUTF8 { builder.attribute(nameBytes, $0) } }
      builder.copy(document, (place.map { $0 + 1 } ?? split)..<end)
    }
  }

  /// The same element with one more below, at the end.
  package func appending(_ element: XMLElement) -> XMLElement {
    make { builder in
      builder.copy(document, index + 1..<end)
      builder.add(element)
    }
  }

  /// The same element with the first one of that name below replaced, or added behind the others.
  package func replacing(_ name: StaticString, with element: XMLElement) -> XMLElement {
    guard let old = first(name) else { return appending(element) }
    return make { builder in
      builder.copy(document, index + 1..<old.index)
      builder.add(element)
      builder.copy(document, old.end..<end)
    }
  }

  /// An element of this one's name and line, or of another name.
  private func make(like name: [UInt8]? = nil, _ fill: (inout XMLBuilder) -> Void) -> XMLElement {
    var builder = XMLBuilder(items: end - index + 4)
    let made =
      name.map { $0.withUnsafeBufferPointer { builder.begin($0, line: line) } }
      ?? builder.begin(document.nameBytes(item), line: line)
    fill(&builder)
    builder.end(made)
    return XMLElement(builder.finish(), 0)
  }
}

extension XMLElement: Equatable {
  /// Whether two elements say the same; where they stood does not matter.
  package static func == (one: XMLElement, other: XMLElement) -> Bool {
    if one.document === other.document, one.index == other.index { return true }
    guard one.end - one.index == other.end - other.index else { return false }
    for step in 0..<one.end - one.index {
      let mine = one.document.items[one.index + step], its = other.document.items[other.index + step]
      guard mine.kind == its.kind, one.document.nameBytes(mine).equal(other.document.nameBytes(its)) else { return false }
      if mine.kind == .element {
        guard Int(mine.place) - one.index == Int(its.place) - other.index else { return false }
      } else {
        guard one.document.valueBytes(mine).equal(other.document.valueBytes(its)) else { return false }
      }
    }
    return true
  }
}

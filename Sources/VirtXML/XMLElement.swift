/// One element of a document, with all below it. Immutable, so that definitions share what they have in common.
package final class XMLElement: Sendable {
  /// The name as written, with its prefix.
  package let name: String
  /// The attributes in the order of the document, namespace declarations among them.
  package let attributes: [XMLAttribute]
  /// Elements and texts in the order of the document. White space between elements is not kept.
  package let content: [XMLContent]
  /// Where it began; 0 for an element that no document had.
  package let line: Int

  /// Makes an element.
  package init(_ name: String, _ attributes: [XMLAttribute] = [], _ content: [XMLContent] = [], line: Int = 0) {
    self.name = name
    self.attributes = attributes
    self.content = content
    self.line = line
  }

  /// Makes an element that holds a text.
  package convenience init(_ name: String, text: String) {
    self.init(name, [], text.isEmpty ? [] : [.text(text)])
  }
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
package enum XMLContent: Sendable {
  /// An element below.
  case element(XMLElement)
  /// A text, unescaped.
  case text(String)
}

extension XMLElement {
  /// The value of an attribute; nil when it is not there.
  package subscript(name: String) -> String? {
    for attribute in attributes where attribute.name == name { return attribute.value }
    return nil
  }

  /// The elements below, in order.
  package var elements: some Sequence<XMLElement> {
    content.lazy.compactMap { if case .element(let element) = $0 { element } else { nil } }
  }

  /// The first element of that name below.
  package func first(_ name: String) -> XMLElement? {
    for case .element(let element) in content where element.name == name { return element }
    return nil
  }

  /// All texts directly in the element, joined.
  package var text: String {
    if content.count == 1, case .text(let text) = content[0] { return text }
    var joined = ""
    for case .text(let text) in content { joined += text }
    return joined
  }

  /// Whether a text stands in it.
  package var hasText: Bool {
    for case .text in content { return true }
    return false
  }

  /// The same element with other attributes or content.
  package func with(attributes: [XMLAttribute]? = nil, content: [XMLContent]? = nil) -> XMLElement {
    XMLElement(name, attributes ?? self.attributes, content ?? self.content, line: line)
  }

  /// The same element with an attribute set; nil takes it away. A new one goes to the end.
  package func setting(_ name: String, _ value: String?) -> XMLElement {
    var changed = attributes
    if let index = changed.firstIndex(where: { $0.name == name }) {
      if let value { changed[index].value = value } else { changed.remove(at: index) }
    } else if let value {
      changed.append(XMLAttribute(name, value))
    } else {
      return self
    }
    return with(attributes: changed)
  }

  /// The same element with one more below, at the end.
  package func appending(_ element: XMLElement) -> XMLElement { with(content: content + [.element(element)]) }

  /// The URI that its own declarations or those of the elements around it give its prefix; outermost first.
  package func namespace(within around: [XMLElement]) -> String? {
    let declaration =
      if let colon = name.utf8.firstIndex(of: UInt8(ascii: ":")) { "xmlns:" + String(name[..<colon]) } else { "xmlns" }
    if let own = self[declaration] { return own }
    for element in around.reversed() { if let uri = element[declaration] { return uri } }
    return nil
  }

  /// The name without its prefix.
  package var localName: Substring {
    guard let colon = name.utf8.firstIndex(of: UInt8(ascii: ":")) else { return name[...] }
    return name[name.utf8.index(after: colon)...]
  }
}

extension XMLElement: Equatable {
  /// Whether two elements say the same; where they stood does not matter.
  package static func == (one: XMLElement, other: XMLElement) -> Bool {
    if one === other { return true }
    return one.name == other.name && one.attributes == other.attributes && one.content == other.content
  }
}

extension XMLContent: Equatable {}

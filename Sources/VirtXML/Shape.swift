/// The order in which the parts of an element are written.
///
/// A document may give parts in any order; definitions keep them in this one. Parts that a shape does not know follow
/// behind those it does, in the order of the document.
package struct Shape: Sendable {
  /// A part: an attribute, or an element below with a shape of its own.
  package typealias Part = (name: StaticString, shape: Shape?)

  /// Attributes, first to last.
  let attributes: [StaticString]
  /// Elements below, first to last.
  let elements: [Part]

  /// Lists attributes and elements in order.
  package init(_ attributes: [StaticString] = [], _ elements: [Part] = []) {
    self.attributes = attributes
    self.elements = elements
  }

  /// Lists elements that have no shape of their own.
  package init(names: [StaticString]) {
    self.init([], names.map { ($0, nil) })
  }

  /// The place of an element of that name among its kind; behind all others when the shape does not know it.
  package func rank(_ element: XMLElement) -> Int {
    rank(of: element.document.nameBytes(element.document.items[element.index]))
  }

  /// Whether the shape knows elements of that name.
  package func knows(_ element: XMLElement) -> Bool { rank(element) < elements.count }

  /// The shape that an element of that name has in this one; nil when it has none.
  package func below(_ element: XMLElement) -> Shape? {
    let rank = rank(element)
    return rank < elements.count ? elements[rank].shape : nil
  }

  fileprivate func rank(of name: UnsafeBufferPointer<UInt8>) -> Int {
    for (rank, part) in elements.enumerated() where name.equal(part.name) { return rank }
    return elements.count
  }

  fileprivate func rank(ofAttribute name: UnsafeBufferPointer<UInt8>) -> Int {
    for (rank, known) in attributes.enumerated() where name.equal(known) { return rank }
    return attributes.count
  }
}

extension Shape {
  /// The element with its parts in order; itself when they are, as in most documents.
  package func arranged(_ element: XMLElement) -> XMLElement {
    if isInOrder(element.document, element.index) { return element }
    var builder = XMLBuilder(items: element.end - element.index)
    builder.add(element, in: self)
    return builder.finish().root
  }

  private func isInOrder(_ document: XMLDocument, _ element: Int) -> Bool {
    var last = 0
    for index in element + 1..<document.contentStart(element) {
      let own = rank(ofAttribute: document.nameBytes(document.items[index]))
      if own < last { return false }
      last = own
    }
    if elements.isEmpty || XMLElement(document, element).hasText { return true }
    last = 0
    for index in document.children(element) {
      let own = rank(of: document.nameBytes(document.items[index]))
      if own < last { return false }
      if own < elements.count, let below = elements[own].shape, !below.isInOrder(document, index) { return false }
      last = own
    }
    return true
  }
}

extension XMLBuilder {
  /// Adds a copy of an element, its parts in the order of the shape.
  package mutating func add(_ element: XMLElement, in shape: Shape) {
    let document = element.document
    let made = begin(document.nameBytes(document.items[element.index]), line: element.line)
    let start = document.contentStart(element.index)
    inOrder(element.index + 1..<start, document, shape.rank(ofAttribute:)) { builder, index in
      builder.copy(document, index..<index + 1)
    }
    if element.hasText {
      copy(document, start..<element.end)
    } else {
      inOrder(document.children(element.index), document, shape.rank(of:)) { builder, index in
        let below = XMLElement(document, index)
        if let known = shape.below(below) {
          builder.add(below, in: known)
        } else {
          builder.add(below)
        }
      }
    }
    end(made)
  }

  /// Goes through neighbours by rank; those of one rank in the order of the document.
  private mutating func inOrder(
    _ indices: some Sequence<Int>, _ document: XMLDocument, _ rank: (UnsafeBufferPointer<UInt8>) -> Int,
    _ add: (inout XMLBuilder, Int) -> Void
  ) {
    var places = indices.map { (rank: rank(document.nameBytes(document.items[$0])), index: $0) }
    places.sort { ($0.rank, $0.index) < ($1.rank, $1.index) }
    for place in places { add(&self, place.index) }
  }
}

/// An order in which the parts of an element are written. Parts that it does not know follow behind those it does, in the order of
/// the document.
protocol PartOrder {
  /// The place of an element of that name, and behind all others when it is not known.
  ///
  /// - Parameter start: Where it probably is.
  func rank(of name: UnsafeBufferPointer<UInt8>, from start: Int) -> Int
  /// The place of an attribute of that name.
  func rank(ofAttribute name: UnsafeBufferPointer<UInt8>, from start: Int) -> Int
  /// The order of the parts of an element of that place; nil when it has none.
  func order(below rank: Int) -> Self?
}

extension PartOrder {
  /// The element with its parts in order; itself when they are, as in most documents.
  func inOrder(_ element: XMLElement) -> XMLElement {
    if isInOrder(element.document, element.index) { return element }
    var builder = XMLBuilder(items: element.end - element.index)
    builder.add(element, in: self)
    return builder.finish().root
  }

  private func isInOrder(_ document: XMLDocument, _ element: Int) -> Bool {
    var last = 0
    for index in element + 1..<document.contentStart(element) {
      let own = rank(ofAttribute: document.nameBytes(document.items[index]), from: last)
      if own < last { return false }
      last = own
    }
    if XMLElement(document, element).hasText { return true }
    last = 0
    for index in document.children(element) {
      let own = rank(of: document.nameBytes(document.items[index]), from: last)
      if own < last { return false }
      if let below = order(below: own), !below.isInOrder(document, index) { return false }
      last = own
    }
    return true
  }
}

extension XMLBuilder {
  /// Adds a copy of an element, its parts in order.
  mutating func add(_ element: XMLElement, in order: some PartOrder) {
    let document = element.document
    let made = begin(document.nameBytes(document.items[element.index]), line: element.line)
    let start = document.contentStart(element.index)
    inOrder(element.index + 1..<start, document, { order.rank(ofAttribute: $0, from: 0) }) { builder, index in
      builder.copy(document, index..<index + 1)
    }
    if element.hasText {
      copy(document, start..<element.end)
    } else {
      inOrder(document.children(element.index), document, { order.rank(of: $0, from: 0) }) { builder, index in
        let below = XMLElement(document, index)
        if let known = order.order(below: order.rank(of: document.nameBytes(document.items[index]), from: 0)) {
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

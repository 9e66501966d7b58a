internal import CVirtGrammar

/// Parts that are not known follow behind those that are, in the order of the document.
extension DocumentGrammar {
  /// The element with its parts in order, and theirs; itself when they are, as in most documents.
  package func arranged(_ element: XMLElement) -> XMLElement {
    if isInOrder(element.document, element.index) { return element }
    var builder = XMLBuilder(items: element.end - element.index)
    builder.add(element.document, element.index, in: self)
    return builder.finish().root
  }

  /// Elements that stand here in order, and their parts.
  package func arranged(_ elements: [XMLElement]) -> [XMLElement] {
    var elements = elements
    var places: [Int]?
    var last = 0
    for index in elements.indices {
      let element = elements[index], own = place(element, from: last)
      if places == nil, own < last { places = elements[..<index].map { place($0) } }
      places?.append(own)
      last = own
      let below = below(own)
      if !below.isInOrder(element.document, element.index) { elements[index] = below.arranged(element) }
    }
    guard let places else { return elements }
    return elements.indices.sorted { (places[$0], $0) < (places[$1], $1) }.map { elements[$0] }
  }

  fileprivate func isInOrder(_ document: XMLDocument, _ element: Int) -> Bool {
    let end = Int(document.items[element].place)
    if content == 0 || end == element + 1 { return true }
    var index = element + 1
    var last = 0
    while index < end, document.items[index].kind == .attribute {
      let own = attribute(document.nameBytes(document.items[index]), from: last)
      if own < last { return false }
      last = own
      index += 1
    }
    let isMixed = table.pointee.is_mixed > 0
    last = 0
    while index < end {
      let item = document.items[index]
      // Nothing is moved that stands among text.
      if item.kind == .text { return true }
      let own = self.element(document.nameBytes(item), from: last, in: document, element)
      if own < last && !isMixed || !below(own).isInOrder(document, index) {
        return XMLElement(document, element).hasText
      }
      last = own
      index = Int(item.place)
    }
    return true
  }
}

extension XMLBuilder {
  /// Adds a copy of an element, its parts in order.
  fileprivate mutating func add(_ document: XMLDocument, _ element: Int, in order: DocumentGrammar) {
    let item = document.items[element]
    let made = begin(document.nameBytes(item), line: Int(item.length))
    let start = document.contentStart(element)
    inOrder(element + 1..<start, { order.attribute(document.nameBytes(document.items[$0]), from: 0) }) { builder, _, index in
      builder.copy(document, index..<index + 1)
    }
    let place = { order.element(document.nameBytes(document.items[$0]), from: 0, in: document, element) }
    if XMLElement(document, element).hasText {
      copy(document, start..<Int(item.place))
    } else if order.table.pointee.is_mixed > 0 {
      for index in document.children(element) { add(document, index, in: order, at: place(index)) }
    } else {
      inOrder(document.children(element), place) { builder, place, index in builder.add(document, index, in: order, at: place) }
    }
    end(made)
  }

  /// Adds a copy of an element that stands in another one.
  private mutating func add(_ document: XMLDocument, _ element: Int, in order: DocumentGrammar, at place: Int) {
    let below = order.below(place)
    if below.isInOrder(document, element) {
      copy(document, element..<Int(document.items[element].place))
    } else {
      add(document, element, in: below)
    }
  }

  /// Goes through neighbours by place; those of one place in the order of the document.
  private mutating func inOrder(
    _ indices: some Sequence<Int>, _ place: (Int) -> Int, _ add: (inout XMLBuilder, Int, Int) -> Void
  ) {
    var count = 0
    for _ in indices { count += 1 }
    if count == 0 { return }
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: count) { memory in
      var places = memory, filled = 0
      for index in indices {
        places.initializeElement(at: filled, to: UInt64(place(index)) << 32 | UInt64(index))
        filled += 1
      }
      places.sort()
      for one in places { add(&self, Int(one >> 32), Int(one & 0xffff_ffff)) }
    }
  }
}

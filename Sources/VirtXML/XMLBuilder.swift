/// Puts a document together, item by item in its order.
package struct XMLBuilder: ~Copyable {
  private var items: GrowingBuffer<XMLDocument.Item>
  private var bytes: GrowingBuffer<UInt8>
  /// How many items there are: the place of the next one.
  var count: Int { items.count }

  /// Room for so many items and bytes before memory is asked for again.
  package init(items: Int = 16, bytes: Int = 128) {
    self.items = GrowingBuffer(capacity: items)
    self.bytes = GrowingBuffer(capacity: bytes)
  }

  /// Begins an element; what follows stands in it until it ends.
  ///
  /// - Returns: What to end it with.
  package mutating func begin(_ name: UnsafeBufferPointer<UInt8>, line: Int) -> Int {
    let place = append(name)
    items.append(
      XMLDocument.Item(kind: .element, nameLength: UInt16(name.count), name: place, place: 0, length: UInt32(clamping: line)))
    return count - 1
  }

  /// Ends an element.
  package mutating func end(_ element: Int) { items.start[element].place = UInt32(count) }

  /// Adds an attribute to the element that has just begun.
  package mutating func attribute(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) {
    let place = append(name)
    let valuePlace = append(value)
    items.append(
      XMLDocument.Item(
        kind: .attribute, nameLength: UInt16(name.count), name: place, place: valuePlace, length: UInt32(value.count)))
  }

  /// Adds an attribute to the element that has just begun.
  package mutating func attribute(_ attribute: XMLAttribute) {
    var name = attribute.name, value = attribute.value
    name.withUTF8 { name in value.withUTF8 { self.attribute(name, $0) } }
  }

  /// Adds a text.
  package mutating func text(_ text: UnsafeBufferPointer<UInt8>) {
    let start = textStart
    piece(text)
    takeText(from: start)
  }

  /// Whether anything but attributes stands in an element that has not ended.
  func hasContent(_ element: Int) -> Bool {
    var index = element + 1
    while index < count, items.start[index].kind == .attribute { index += 1 }
    return index < count
  }

  /// Whether an element that has not ended has an attribute of that name.
  func hasAttribute(_ element: Int, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
    (element + 1..<count).contains { items.start[$0].kind == .attribute && self.name($0, is: name) }
  }

  /// Whether an item has that name.
  func name(_ item: Int, is name: UnsafeBufferPointer<UInt8>) -> Bool {
    UnsafeBufferPointer(start: bytes.start + Int(items.start[item].name), count: Int(items.start[item].nameLength)).equal(name)
  }

  /// Adds a piece to a text that is taken by ``takeText(from:)`` or dropped.
  mutating func piece(_ text: UnsafeBufferPointer<UInt8>) { _ = append(text) }

  /// Where the next piece of a text begins.
  var textStart: Int { bytes.count }

  /// Makes a text of the pieces since.
  mutating func takeText(from start: Int) {
    items.append(
      XMLDocument.Item(kind: .text, nameLength: 0, name: UInt32(start), place: UInt32(start), length: UInt32(bytes.count - start)))
  }

  /// Forgets the pieces since.
  mutating func dropText(from start: Int) { bytes.truncate(to: start) }

  /// Adds a copy of an element with all below it.
  package mutating func add(_ element: XMLElement) { copy(element.document, element.index..<element.end) }

  /// Adds copies of items; whole elements, or attributes of the one that has just begun.
  mutating func copy(_ document: XMLDocument, _ range: Range<Int>) {
    guard !range.isEmpty else { return }
    let first = Int(document.items[range.lowerBound].name)
    let last = range.upperBound < document.count ? Int(document.items[range.upperBound].name) : document.size
    let place = append(UnsafeBufferPointer(start: document.bytes + first, count: last - first))
    let byteShift = place &- UInt32(first), itemShift = UInt32(truncatingIfNeeded: count &- range.lowerBound)
    items.reserve(range.count)
    for index in range {
      var item = document.items[index]
      item.name &+= byteShift
      item.place &+= item.kind == .element ? itemShift : byteShift
      items.append(item)
    }
  }

  /// The document; the builder is empty afterwards.
  package mutating func finish() -> XMLDocument {
    let document = XMLDocument(items.elements, bytes.elements)
    items.truncate(to: 0)
    bytes.truncate(to: 0)
    return document
  }

  private mutating func append(_ text: UnsafeBufferPointer<UInt8>) -> UInt32 {
    let place = bytes.count
    bytes.append(text)
    return UInt32(place)
  }
}

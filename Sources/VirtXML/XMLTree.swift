/// A document that grows as its tags and texts come by, whoever reads them.
struct XMLTree: ~Copyable {
  private var document: XMLBuilder
  /// Elements whose end has not come.
  private var open: [Int] = []
  /// Where the text so far begins, and whether it is nothing but white space.
  private var text: Int?
  private var isBlank = true

  /// A tree for a text of that length.
  init(length: Int) {
    document = XMLBuilder(items: length / 16, bytes: length)
    open.reserveCapacity(8)
  }

  /// How many elements are open.
  var depth: Int { open.count }

  /// What was read, once all elements have ended.
  mutating func finish() -> XMLElement { document.finish().root }

  /// An element begins.
  mutating func start(_ name: UnsafeBufferPointer<UInt8>, line: Int) {
    finishText(between: true)
    open.append(document.begin(name, line: line))
  }

  /// An attribute of the element that has just begun.
  mutating func attribute(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) {
    document.attribute(name, value)
  }

  /// Whether the innermost element, which has just begun, has so many attributes, or one of that name.
  func hasAttribute(_ name: UnsafeBufferPointer<UInt8>, orMoreThan most: Int) -> Bool {
    guard let element = open.last else { return false }
    return document.count - element > most || document.hasAttribute(element, name)
  }

  /// Whether the innermost element has that name.
  func isInnermost(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    open.last.map { document.name($0, is: name) } ?? false
  }

  /// A piece of text.
  mutating func piece(_ bytes: UnsafeBufferPointer<UInt8>) {
    if text == nil { text = document.textStart }
    if isBlank { isBlank = bytes.allSatisfy { $0 == 0x20 || $0 == 0x0a || $0 == 0x09 || $0 == 0x0d } }
    document.piece(bytes)
  }

  /// The innermost element ends.
  mutating func end() {
    guard let last = open.popLast() else { return }
    finishText(between: document.hasContent(last))
    document.end(last)
  }

  /// Takes the text so far into the innermost element; white space between elements is dropped.
  private mutating func finishText(between: Bool) {
    guard let start = text else { return }
    if isBlank && between { document.dropText(from: start) } else { document.takeText(from: start) }
    text = nil
    isBlank = true
  }
}

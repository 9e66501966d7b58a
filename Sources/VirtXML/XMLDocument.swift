internal import Glibc

/// The items of a document in its order, and the bytes of all names, values and texts, in one piece of memory. Immutable.
package final class XMLDocument: @unchecked Sendable {
  /// An element, an attribute or a text. An element's attributes follow it, then what stands in it.
  struct Item {
    enum Kind: UInt8 { case element, attribute, text }

    var kind: Kind
    /// Length of the name in bytes; 0 for a text.
    var nameLength: UInt16
    /// Where the name begins among the bytes, or the text. Never less than that of the item before.
    var name: UInt32
    /// Where an attribute's value begins, or a text; for an element the item behind all below it.
    var place: UInt32
    /// How long an attribute's value is, or a text; the line of an element.
    var length: UInt32
  }

  let items: UnsafePointer<Item>
  let count: Int
  let bytes: UnsafePointer<UInt8>
  let size: Int
  private let memory: UnsafeMutablePointer<Item>

  /// Copies what a builder has.
  init(_ items: UnsafeBufferPointer<Item>, _ bytes: UnsafeBufferPointer<UInt8>) {
    let itemSize = MemoryLayout<Item>.stride
    memory = .allocate(capacity: items.count + (bytes.count + itemSize - 1) / itemSize)
    if let base = items.baseAddress { memory.initialize(from: base, count: items.count) }
    let rest = UnsafeMutableRawPointer(memory + items.count)
    if let base = bytes.baseAddress { rest.copyMemory(from: base, byteCount: bytes.count) }
    self.items = UnsafePointer(memory)
    self.bytes = UnsafePointer(rest.assumingMemoryBound(to: UInt8.self))
    count = items.count
    size = bytes.count
  }

  deinit { memory.deallocate() }

  /// The element that everything else stands in.
  package var root: XMLElement { XMLElement(self, 0) }

  func nameBytes(_ item: Item) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: bytes + Int(item.name), count: Int(item.nameLength))
  }

  /// An attribute's value or a text.
  func valueBytes(_ item: Item) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: bytes + Int(item.place), count: Int(item.length))
  }

  /// The item behind an element and its attributes.
  func contentStart(_ element: Int) -> Int {
    let end = Int(items[element].place)
    var index = element + 1
    while index < end, items[index].kind == .attribute { index += 1 }
    return index
  }

  /// The places of what stands directly in an element, in order. Good as long as the document is held.
  @inline(__always)
  func children(_ element: Int) -> Children {
    Children(items: items, index: contentStart(element), end: Int(items[element].place))
  }

  /// Goes from one item to the one behind it and all below it.
  struct Children: Sequence, IteratorProtocol {
    let items: UnsafePointer<Item>
    var index: Int
    let end: Int

    @inline(__always)
    mutating func next() -> Int? {
      guard index < end else { return nil }
      defer { index = items[index].kind == .element ? Int(items[index].place) : index + 1 }
      return index
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether the bytes are those of a constant.
  @inline(__always)
  func equal(_ text: StaticString) -> Bool {
    guard let baseAddress, count == text.utf8CodeUnitCount, baseAddress[0] == text.utf8Start[0] else { return false }
    return memcmp(baseAddress, text.utf8Start, count) == 0
  }

  /// Whether the bytes are the same.
  func equal(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
    guard count == other.count else { return false }
    guard let baseAddress, let other = other.baseAddress else { return count == 0 }
    return memcmp(baseAddress, other, count) == 0
  }

  /// The text; what is short needs no memory of its own.
  var string: String {
    guard let baseAddress, count <= 15 else { return String(decoding: self, as: UTF8.self) }
    return String(unsafeUninitializedCapacity: count) { place in
      place.baseAddress?.update(from: baseAddress, count: count)
      return count
    }
  }
}

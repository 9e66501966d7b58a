internal import CVirtDriverKit
public import VirtCore

// How arrays cross the boundary. Numbers come from the caller: nothing here traps on them.

/// A count of the caller's as a size; what is negative or too large to be one counts as nothing.
@inline(__always)
func extent(_ count: some BinaryInteger) -> Int { Int(exactly: count).map { max(0, $0) } ?? 0 }

/// A product of two such counts.
func extent(_ first: some BinaryInteger, _ second: some BinaryInteger) -> Int {
  let (product, overflow) = extent(first).multipliedReportingOverflow(by: extent(second))
  return overflow ? 0 : product
}

/// The texts of an array, up to the first NULL.
func readTexts(_ items: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int) -> [BorrowedText] {
  guard let items else { return [] }
  var texts: [BorrowedText] = []
  for index in 0..<count {
    guard let text = BorrowedText(items[index]) else { break }
    texts.append(text)
  }
  return texts
}

/// The handles of an array that ends with NULL; nil for no array.
func readHandles<Item: Handle>(_ items: UnsafePointer<OpaquePointer?>?, _: Item.Type) -> [Item]? {
  guard var cursor = items else { return nil }
  var handles: [Item] = []
  while let handle = cursor.pointee {
    handles.append(Item(handle))
    cursor += 1
  }
  return handles
}

/// Fills the caller's array as far as it goes. The number written; with no array the number there is.
func fill<Element>(_ array: UnsafeMutablePointer<Element>?, _ capacity: Int, _ values: [Element]) -> Int32 {
  guard let array else { return Int32(clamping: values.count) }
  let count = min(capacity, values.count)
  for index in 0..<count { array[index] = values[index] }
  return Int32(truncatingIfNeeded: count)
}

/// Fills the caller's array as far as it goes; with no room it gives the number alone.
func fill<Element>(_ array: UnsafeMutablePointer<Element>?, _ count: UnsafeMutablePointer<Int32>?, _ values: [Element]) {
  guard let count else { return }
  guard count.pointee > 0 else {
    count.pointee = Int32(truncatingIfNeeded: values.count)
    return
  }
  count.pointee = fill(array, Int(count.pointee), values)
}

/// Copies as much of a struct as the caller knows.
func fillPrefix<Value>(_ place: UnsafeMutablePointer<Value>?, _ known: Int, _ value: Value) {
  guard let place else { return }
  withUnsafeBytes(of: value) { bytes in
    guard let base = bytes.baseAddress else { return }
    UnsafeMutableRawPointer(place).copyMemory(from: base, byteCount: min(max(0, known), bytes.count))
  }
}

/// An array in the host's memory, on its way to the caller.
struct HostArray<Element>: ~Copyable {
  private let items: UnsafeMutablePointer<Element>
  /// How many there are.
  let count: Int32

  /// Copies values.
  init(_ values: [Element]) throws(VirtError) {
    let (bytes, overflow) = max(1, values.count).multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    guard !overflow, values.count <= Int32.max, let memory = virt_kit_allocate(bytes) else {
      throw VirtError(.noMemory, .none)
    }
    items = memory.bindMemory(to: Element.self, capacity: values.count)
    for (index, value) in values.enumerated() { (items + index).initialize(to: value) }
    count = Int32(truncatingIfNeeded: values.count)
  }

  deinit { virt_kit_release(items) }

  /// Gives the array away; without a place to put it, it is released.
  consuming func give(_ place: UnsafeMutablePointer<UnsafeMutablePointer<Element>?>?) {
    guard let place else {
      _ = consume self
      return
    }
    place.pointee = items
    discard self
  }
}

/// A copy of a text in the host's memory, for a field of a public struct. Nil stays nil.
public func hostText(_ text: String?) throws(VirtError) -> UnsafeMutablePointer<CChar>? {
  guard let text else { return nil }
  return try HostString(text).take()
}

/// A public struct in the host's memory, for an operation that answers with allocated structs.
public func hostStruct<Value>(_ value: Value) throws(VirtError) -> UnsafeMutablePointer<Value> {
  guard let memory = virt_kit_allocate(MemoryLayout<Value>.stride) else { throw VirtError(.noMemory, .none) }
  let place = memory.bindMemory(to: Value.self, capacity: 1)
  place.initialize(to: value)
  return place
}

/// Releases what `hostText`, `hostStruct` or `hostArray` gave when it will not be answered.
public func releaseHostMemory(_ memory: UnsafeMutableRawPointer?) { virt_kit_release(memory) }

/// An array of public structs in the host's memory, for a field of another.
public func hostArray<Value>(_ values: [Value]) throws(VirtError) -> UnsafeMutablePointer<Value>? {
  var place: UnsafeMutablePointer<Value>?
  try HostArray(values).give(&place)
  return place
}

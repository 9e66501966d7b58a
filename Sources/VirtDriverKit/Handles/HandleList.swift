internal import CVirtDriverKit
public import VirtCore

/// The handles an operation lists, gathered in the caller's array. When the caller asks only for their number, nothing is
/// made.
public struct HandleList<Item: Handle>: ~Copyable {
  @usableFromInline var items: UnsafeMutablePointer<OpaquePointer?>?
  @usableFromInline var capacity = 0
  @usableFromInline var made = 0
  /// How many there are so far.
  @inlinable public var count: Int { made }
  /// Whether the caller wants the number alone.
  public let countsOnly: Bool

  init(countsOnly: Bool) { self.countsOnly = countsOnly }

  deinit {
    guard let items else { return }
    for index in 0..<count { items[index].map { Item($0).release() } }
    virt_kit_release(items)
  }

  /// Makes room for so many items at once.
  public mutating func reserve(_ wanted: Int) throws(VirtError) {
    guard !countsOnly, wanted >= capacity else { return }
    let (bytes, overflow) = (wanted + 1).multipliedReportingOverflow(by: MemoryLayout<OpaquePointer?>.stride)
    guard !overflow, let memory = virt_kit_allocate(bytes) else { throw VirtError(.noMemory, .none) }
    let grown = memory.bindMemory(to: OpaquePointer?.self, capacity: wanted + 1)
    if let items {
      grown.moveInitialize(from: items, count: count)
      virt_kit_release(items)
    }
    items = grown
    capacity = wanted
  }

  // Inlined: a list is filled by one driver with one kind of handle.
  /// Adds an item, made only when it is wanted; the list becomes its owner.
  @inlinable
  public mutating func append(_ make: () throws(VirtError) -> Item) throws(VirtError) {
    guard made < Int32.max else { throw VirtError(.overflow, .none, "too many objects to list") }
    if !countsOnly {
      if made == capacity { try reserve(max(16, capacity * 2)) }
      let item = try make()
      items?[made] = item.pointer
    }
    made += 1
  }

  /// Makes sure there is an array even when nothing was listed.
  mutating func finish() throws(VirtError) {
    if items == nil { try reserve(0) }
  }

  /// Gives array and number to the caller. The array ends with NULL.
  consuming func give(
    _ array: UnsafeMutablePointer<UnsafeMutablePointer<OpaquePointer?>?>?, _ result: UnsafeMutablePointer<Int32>?
  ) {
    if let array {
      items?[count] = nil
      array.pointee = items
    }
    result?.pointee = Int32(truncatingIfNeeded: count)
    discard self
  }
}

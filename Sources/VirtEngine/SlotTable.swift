internal import Glibc

/// Pieces of memory by a hash: open addressing with linear probing, at most three quarters full. Not locked by itself; what the
/// pieces are is its owner's business, who also frees them.
struct SlotTable: ~Copyable, @unchecked Sendable {
  private struct Slot {
    var hash: UInt64 = 0
    var item: UnsafeMutableRawPointer?
  }

  private var slots: UnsafeMutableBufferPointer<Slot>
  private var mask: Int { slots.count &- 1 }
  /// How many there are.
  private(set) var count = 0

  /// An empty table.
  init() { slots = Self.room(16) }

  private static let largePage = 1 << 21

  private static func room(_ capacity: Int) -> UnsafeMutableBufferPointer<Slot> {
    let size = capacity * MemoryLayout<Slot>.stride
    // In a large table every look would first have to find the page.
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: size, alignment: size < largePage ? MemoryLayout<Slot>.alignment : largePage)
    if size >= largePage { _ = madvise(memory, size, Int32(MADV_HUGEPAGE)) }
    let room = UnsafeMutableBufferPointer(start: memory.bindMemory(to: Slot.self, capacity: capacity), count: capacity)
    room.initialize(repeating: Slot())
    return room
  }

  deinit { slots.baseAddress.map { UnsafeMutableRawPointer($0) }?.deallocate() }

  /// The item with that hash for which the comparison holds.
  @inline(__always)
  func find(_ hash: UInt64, _ isIt: (UnsafeMutableRawPointer) -> Bool) -> UnsafeMutableRawPointer? {
    var index = Int(truncatingIfNeeded: hash) & mask
    while let item = slots[index].item {
      if slots[index].hash == hash, isIt(item) { return item }
      index = (index &+ 1) & mask
    }
    return nil
  }

  /// The places, and what is at one; most are empty.
  var places: Range<Int> { 0..<slots.count }
  subscript(place: Int) -> UnsafeMutableRawPointer? { slots[place].item }

  /// Adds an item that is not there yet.
  mutating func insert(_ hash: UInt64, _ item: UnsafeMutableRawPointer) {
    if (count + 1) * 4 > slots.count * 3 { grow() }
    place(Slot(hash: hash, item: item))
    count += 1
  }

  /// Takes an item out. Whether it was there.
  mutating func remove(_ hash: UInt64, _ item: UnsafeMutableRawPointer) -> Bool {
    var hole = Int(truncatingIfNeeded: hash) & mask
    while let here = slots[hole].item, here != item { hole = (hole + 1) & mask }
    guard slots[hole].item != nil else { return false }
    slots[hole].item = nil
    count -= 1
    // What follows moves up, so that no search ends too early.
    var next = (hole + 1) & mask
    while slots[next].item != nil {
      let home = Int(truncatingIfNeeded: slots[next].hash) & mask
      if (next &- home) & mask >= (next &- hole) & mask {
        slots[hole] = slots[next]
        slots[next].item = nil
        hole = next
      }
      next = (next + 1) & mask
    }
    return true
  }

  private func place(_ slot: Slot) {
    var index = Int(truncatingIfNeeded: slot.hash) & mask
    while slots[index].item != nil { index = (index + 1) & mask }
    slots[index] = slot
  }

  private mutating func grow() {
    let old = slots
    slots = Self.room(old.count * 2)
    for slot in old where slot.item != nil { place(slot) }
    old.baseAddress.map { UnsafeMutableRawPointer($0) }?.deallocate()
  }
}

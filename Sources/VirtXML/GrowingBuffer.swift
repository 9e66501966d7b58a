/// Elements without lifetimes, one after the other, in memory that grows by doubling.
struct GrowingBuffer<Element: BitwiseCopyable>: ~Copyable {
  private(set) var start: UnsafeMutablePointer<Element>
  private var capacity: Int
  /// How many there are.
  private(set) var count = 0

  /// Room for so many before memory is asked for again.
  init(capacity: Int) {
    self.capacity = max(4, capacity)
    start = .allocate(capacity: self.capacity)
  }

  deinit { start.deallocate() }

  /// Those there are; good until the next change.
  var elements: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: start, count: count) }

  /// Makes room for so many more.
  @inline(__always)
  mutating func reserve(_ more: Int) { if capacity - count < more { grow(more) } }

  /// Adds one.
  @inline(__always)
  mutating func append(_ element: Element) {
    reserve(1)
    (start + count).initialize(to: element)
    count += 1
  }

  /// Adds copies.
  @inline(__always)
  mutating func append(_ elements: UnsafeBufferPointer<Element>) {
    guard let base = elements.baseAddress else { return }
    reserve(elements.count)
    (start + count).update(from: base, count: elements.count)
    count += elements.count
  }

  /// Takes so many as there that were put behind the last one.
  @inline(__always)
  mutating func extend(by more: Int) { count += more }

  /// Forgets all behind the first so many.
  mutating func truncate(to count: Int) { self.count = count }

  @inline(never)
  private mutating func grow(_ more: Int) {
    let wanted = max(capacity * 2, count + more)
    let grown = UnsafeMutablePointer<Element>.allocate(capacity: wanted)
    grown.update(from: start, count: count)
    start.deallocate()
    start = grown
    capacity = wanted
  }
}

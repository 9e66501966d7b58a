package import VirtCore

/// Bytes of which only those written take memory; all others are zero.
///
/// Copies share what neither changes. Work is proportional to what is read or written, not to where. What a store has of it is
/// read when somebody asks for it: nothing else here fails. Reading keeps nothing of it in memory, changing does.
package struct SparseContent: Sendable {
  /// Bytes that are kept or not kept together.
  package static let pageSize: UInt64 = 4096
  static let regionPages = 256
  static let regionSize = pageSize * UInt64(regionPages)

  /// Neighbouring pages, some of which are kept.
  struct Region: Sendable {
    let number: UInt64
    var pages: [[UInt8]?]
    var count = 0
    /// Changes whenever a byte does.
    var stamp: UInt64 = 0
    /// Where the bytes are that nobody has changed since the store was opened; the pages are empty then, and say only which
    /// ones there are.
    var source: PieceSource?

    init(_ number: UInt64) {
      self.number = number
      pages = Array(repeating: nil, count: SparseContent.regionPages)
    }

    /// Its pages with their bytes.
    func read() throws(VirtError) -> [[UInt8]?] { try source?.read() ?? pages }

    /// Takes the bytes into memory.
    mutating func load() throws(VirtError) {
      pages = try read()
      source = nil
    }

    var start: UInt64 { number * SparseContent.regionSize }
  }

  /// In order of their numbers.
  var regions: [Region] = []
  private var pageCount: UInt64 = 0

  /// Nothing but zeros.
  package init() {}

  /// How many bytes take memory.
  package var stored: UInt64 { pageCount * Self.pageSize }

  /// Where the region of that number is, or would be.
  func place(_ number: UInt64) -> (index: Int, isThere: Bool) {
    // What is written in order goes to the end.
    guard let last = regions.last, last.number >= number else { return (regions.count, false) }
    var low = 0, high = regions.count
    while low < high {
      let middle = (low + high) / 2
      if regions[middle].number < number { low = middle + 1 } else { high = middle }
    }
    return (low, low < regions.count && regions[low].number == number)
  }

  /// Adds a region that is not there.
  mutating func insert(_ region: Region, at index: Int) {
    regions.insert(region, at: index)
    pageCount += UInt64(region.count)
  }

  /// Goes through the pieces of a range that are in one page each.
  private static func forEachPage(
    _ offset: UInt64, _ length: UInt64,
    _ body: (_ region: UInt64, _ page: Int, _ bytes: Range<Int>, _ done: Int) throws(VirtError) -> Void
  ) throws(VirtError) {
    var done: UInt64 = 0
    while done < length {
      let place = offset &+ done
      let inside = place % pageSize
      let count = min(pageSize - inside, length - done)
      try body(
        place / regionSize, Int(place % regionSize / pageSize), Int(inside)..<Int(inside + count), Int(truncatingIfNeeded: done))
      done += count
    }
  }

  /// Writes bytes. The end must not be beyond 2^63.
  package mutating func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(VirtError) {
    let stamp = ChangeStamp.next()
    try Self.forEachPage(offset, UInt64(bytes.count)) { (number, page, range, done) throws(VirtError) in
      let place = place(number)
      if !place.isThere { regions.insert(Region(number), at: place.index) }
      if regions[place.index].source != nil { try regions[place.index].load() }
      if regions[place.index].pages[page] == nil {
        regions[place.index].pages[page] = Array(repeating: 0, count: Int(Self.pageSize))
        regions[place.index].count += 1
        pageCount += 1
      }
      regions[place.index].stamp = stamp
      regions[place.index].pages[page]?.withUnsafeMutableBytes { kept in
        UnsafeMutableRawBufferPointer(rebasing: kept[range]).copyMemory(from: .init(rebasing: bytes[done..<done + range.count]))
      }
    }
  }

  /// Reads bytes. The end must not be beyond 2^63.
  package func read(_ bytes: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(VirtError) {
    try Self.forEachPage(offset, UInt64(bytes.count)) { (number, page, range, done) throws(VirtError) in
      let place = place(number)
      let target = UnsafeMutableRawBufferPointer(rebasing: bytes[done..<done + range.count])
      guard place.isThere, regions[place.index].pages[page] != nil, let kept = try regions[place.index].read()[page] else {
        target.initializeMemory(as: UInt8.self, repeating: 0)
        return
      }
      kept.withUnsafeBytes { target.copyMemory(from: .init(rebasing: $0[range])) }
    }
  }

  /// Makes a range zero, and gives back the memory of whole pages in it.
  package mutating func clear(_ range: Range<UInt64>) throws(VirtError) {
    if range.isEmpty { return }
    let stamp = ChangeStamp.next()
    var index = place(range.lowerBound / Self.regionSize).index
    while index < regions.count, regions[index].start < range.upperBound {
      let start = regions[index].start
      // Of what goes as a whole nobody needs the bytes.
      let isWhole = range.lowerBound <= start && range.upperBound - start >= Self.regionSize
      if !isWhole, regions[index].source != nil { try regions[index].load() }
      for page in 0..<Self.regionPages where regions[index].pages[page] != nil {
        let first = start + UInt64(page) * Self.pageSize
        let cut = range.clamped(to: first..<first + Self.pageSize)
        if cut.isEmpty { continue }
        regions[index].stamp = stamp
        if cut.count == Int(Self.pageSize) {
          regions[index].pages[page] = nil
          regions[index].count -= 1
          pageCount -= 1
        } else {
          for byte in Int(cut.lowerBound - first)..<Int(cut.upperBound - first) { regions[index].pages[page]?[byte] = 0 }
        }
      }
      if regions[index].count == 0 { regions.remove(at: index) } else { index += 1 }
    }
  }

  /// How many bytes more take memory once a range is written.
  package func growth(writing range: Range<UInt64>) -> UInt64 {
    if range.isEmpty { return 0 }
    var pages: UInt64 = 0
    for page in range.lowerBound / Self.pageSize...(range.upperBound - 1) / Self.pageSize where !isData(page * Self.pageSize) {
      pages += 1
    }
    return pages * Self.pageSize
  }

  /// What stands at a place, and for how long.
  ///
  /// - Parameters:
  ///   - end: Behind this nothing is looked at; not before the place.
  ///   - most: How much of data is looked at.
  /// - Returns: Whether there are data, and how many bytes follow of the same sort.
  package func extent(at offset: UInt64, end: UInt64, most: UInt64) -> (isData: Bool, length: UInt64) {
    if isData(offset) {
      let stop = min(end, offset + min(most, end - offset))
      var place = offset
      while place < stop, isData(place) { place = min(stop, (place / Self.pageSize + 1) * Self.pageSize) }
      return (true, place - offset)
    }
    var index = place(offset / Self.regionSize).index
    while index < regions.count, regions[index].start < end {
      let start = regions[index].start
      for page in 0..<Self.regionPages where regions[index].pages[page] != nil {
        let first = start + UInt64(page) * Self.pageSize
        if first > offset { return (false, min(first, end) - offset) }
      }
      index += 1
    }
    return (false, end - offset)
  }

  private func isData(_ offset: UInt64) -> Bool {
    let place = place(offset / Self.regionSize)
    return place.isThere && regions[place.index].pages[Int(offset % Self.regionSize / Self.pageSize)] != nil
  }
}

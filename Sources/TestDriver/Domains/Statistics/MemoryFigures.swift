internal import CVirt
internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

/// What a pretended guest's memory looks like: figures that follow from how much it has.
struct MemoryFigures {
  /// What a figure is, its key among the statistics of all domains, and the figure; sizes in KiB.
  typealias Figure = (tag: DomainMemoryStatTags, key: StaticString, value: UInt64)
  /// All of them, in the order in which they are told.
  let figures: [Figure]

  /// Of a guest that has so much memory, in KiB.
  init(_ size: UInt64) {
    figures = [
      (.actualBalloon, "balloon.current", size), (.swapIn, "balloon.swap_in", 0), (.swapOut, "balloon.swap_out", 0),
      (.majorFault, "balloon.major_fault", 0), (.minorFault, "balloon.minor_fault", 0), (.unused, "balloon.unused", size / 2),
      (.available, "balloon.available", size), (.usable, "balloon.usable", size / 2),
      (.lastUpdate, "balloon.last-update", UInt64(GuestState.birth)), (.diskCaches, "balloon.disk_caches", size / 8),
      (.hugetlbPgalloc, "balloon.hugetlb_pgalloc", 0), (.hugetlbPgfail, "balloon.hugetlb_pgfail", 0),
      (.rss, "balloon.rss", size / 2),
    ]
  }
}

extension TestDriver {
  func memoryFigures(_ domain: Domain, _ most: Int, _ flags: UInt32) throws(VirtError) -> [virDomainMemoryStatStruct] {
    try acceptNone(flags, in: "domainMemoryStats")
    let size = try running(domain) { $0.definition.values.currentMemory }
    return MemoryFigures(size).figures.prefix(most).map { virDomainMemoryStatStruct(tag: $0.tag.rawValue, val: $0.value) }
  }

  /// A guest's memory holds the low byte of every address.
  func peekMemory(
    _ domain: Domain, _ start: UInt64, _ place: UnsafeMutableRawBufferPointer, _ flags: DomainMemoryFlags
  ) throws(VirtError) {
    try accept(flags, only: [.virtual, .physical], in: "domainMemoryPeek")
    guard flags == .virtual || flags == .physical else {
      throw VirtError(.invalidArg, .test, "an address is either virtual or physical")
    }
    try running(domain) { _ in }
    Self.fill(place, from: start)
  }

  /// Fills with the low bytes of addresses.
  static func fill(_ place: UnsafeMutableRawBufferPointer, from start: UInt64) {
    for index in place.indices { place[index] = UInt8(truncatingIfNeeded: start &+ UInt64(index)) }
  }
}

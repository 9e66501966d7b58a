package import VirtCore

extension SparseContent {
  /// A piece of content that a store keeps under a key of its own: a mebibyte at a multiple of its size, of which only written
  /// pages are there.
  package struct Piece: Sendable {
    fileprivate let region: Region
    /// Its number from the beginning, as text.
    package var name: String { "\(region.number)" }
    /// Changes whenever a byte does.
    package var stamp: UInt64 { region.stamp }

    /// What a store keeps of it: for each row of pages a line with the number of the first and how many there are, and the pages.
    package func bytes() throws(VirtError) -> [UInt8] {
      let pages = try region.read()
      var bytes: [UInt8] = []
      bytes.reserveCapacity(region.count * Int(SparseContent.pageSize) + 64)
      var page = 0
      while page < pages.count {
        let row = pages[page...].prefix { $0 != nil }
        if !row.isEmpty { bytes += "\(page) \(row.count)\n".utf8 }
        for case let kept? in row { bytes += kept }
        page += row.count + 1
      }
      return bytes
    }
  }

  /// All pieces in which something was written.
  package var pieces: [Piece] { regions.map { Piece(region: $0) } }

  /// Puts back what a store kept of a piece that is not there yet. Of the bytes only the lines are read.
  ///
  /// - Returns: The piece's stamp; nil when this is no piece, and nothing is changed then.
  package mutating func put(_ name: String, _ bytes: any StoredBytes) throws(VirtError) -> UInt64? {
    guard let number = UInt64(name), number <= UInt64(Int64.max) / Self.regionSize else { return nil }
    let place = place(number)
    guard !place.isThere, let source = try PieceSource(bytes) else { return nil }
    var region = Region(number)
    for row in source.rows { for page in row.pages { region.pages[page] = [] } }
    region.count = source.rows.reduce(0) { $0 + $1.pages.count }
    region.source = source
    region.stamp = ChangeStamp.next()
    insert(region, at: place.index)
    return region.stamp
  }

  // MARK: - What a store has

  /// The first part of a range whose bytes only a store has, as a content of its own, which can be loaded while others use this
  /// one.
  package func unread(in range: Range<UInt64>) -> SparseContent? {
    var index = place(range.lowerBound / Self.regionSize).index
    while index < regions.count, regions[index].start < range.upperBound {
      if regions[index].source != nil {
        var part = SparseContent()
        part.insert(regions[index], at: 0)
        return part
      }
      index += 1
    }
    return nil
  }

  /// How long a part is.
  package static var partSize: UInt64 { regionSize }

  /// Where the first byte may be that is not zero; nil when all are.
  package var start: UInt64? { regions.first?.start }

  /// What tells the content of a part from all others.
  package var stamp: UInt64? { regions.first?.stamp }

  /// Takes into memory whatever only a store has.
  ///
  /// - Throws: `VIR_ERR_SYSTEM_ERROR`: it cannot be read, or is not what it was.
  package mutating func load() throws(VirtError) {
    for index in regions.indices where regions[index].source != nil { try regions[index].load() }
  }

  /// Takes a part that was loaded meanwhile, as far as it is still what this content has.
  package mutating func take(_ part: SparseContent) {
    for region in part.regions where region.source == nil {
      let place = place(region.number)
      if place.isThere, regions[place.index].stamp == region.stamp { regions[place.index] = region }
    }
  }
}

/// The bytes of a piece that a store has.
final class PieceSource: Sendable {
  /// Neighbouring pages, and where their bytes begin.
  struct Row {
    let pages: Range<Int>
    let start: Int
  }

  private let bytes: any StoredBytes
  let rows: [Row]

  /// Finds out which pages there are; nil when this is no piece.
  init?(_ bytes: any StoredBytes) throws(VirtError) {
    let size = Int(SparseContent.pageSize)
    var rows: [Row] = []
    var place = 0
    while place < bytes.count {
      let line = try bytes.peek(place..<min(place + 16, bytes.count))
      guard let end = line.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
      let words = String(decoding: line[..<end], as: UTF8.self).split(separator: " ")
      guard words.count == 2, let first = Int(words[0]), let count = Int(words[1]), first >= rows.last?.pages.upperBound ?? 0,
        count > 0, first < SparseContent.regionPages, count <= SparseContent.regionPages - first
      else { return nil }
      place += end + 1
      guard bytes.count - place >= count * size else { return nil }
      rows.append(Row(pages: first..<first + count, start: place))
      place += count * size
    }
    if rows.isEmpty { return nil }
    self.bytes = bytes
    self.rows = rows
  }

  /// All pages.
  func read() throws(VirtError) -> [[UInt8]?] {
    let whole = try bytes.whole(), size = Int(SparseContent.pageSize)
    var pages = [[UInt8]?](repeating: nil, count: SparseContent.regionPages)
    for row in rows {
      for page in row.pages {
        let start = row.start + (page - row.pages.lowerBound) * size
        pages[page] = Array(whole[start..<start + size])
      }
    }
    return pages
  }
}

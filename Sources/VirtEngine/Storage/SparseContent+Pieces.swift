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
    package var bytes: [UInt8] {
      var bytes: [UInt8] = []
      bytes.reserveCapacity(region.count * Int(SparseContent.pageSize) + 64)
      var page = 0
      while page < region.pages.count {
        let row = region.pages[page...].prefix { $0 != nil }
        if !row.isEmpty { bytes += "\(page) \(row.count)\n".utf8 }
        for case let kept? in row { bytes += kept }
        page += row.count + 1
      }
      return bytes
    }
  }

  /// All pieces in which something was written.
  package var pieces: [Piece] { regions.map { Piece(region: $0) } }

  /// Puts back what a store kept of a piece that is not there yet.
  ///
  /// - Returns: The piece's stamp; nil when this is no piece, and nothing is changed then.
  package mutating func put(_ name: String, _ bytes: [UInt8]) -> UInt64? {
    guard let number = UInt64(name), number <= UInt64(Int64.max) / Self.regionSize else { return nil }
    let place = place(number)
    guard !place.isThere else { return nil }
    var region = Region(number)
    var rest = bytes[...]
    var next = 0
    while !rest.isEmpty {
      guard let end = rest.prefix(16).firstIndex(of: UInt8(ascii: "\n")) else { return nil }
      let words = String(decoding: rest[..<end], as: UTF8.self).split(separator: " ")
      guard words.count == 2, let first = Int(words[0]), let count = Int(words[1]), first >= next, count > 0,
        first < region.pages.count, count <= region.pages.count - first
      else { return nil }
      rest = rest[(end + 1)...]
      for page in first..<first + count {
        guard rest.count >= Int(Self.pageSize) else { return nil }
        region.pages[page] = Array(rest.prefix(Int(Self.pageSize)))
        rest = rest.dropFirst(Int(Self.pageSize))
      }
      region.count += count
      next = first + count
    }
    guard region.count > 0 else { return nil }
    region.stamp = ChangeStamp.next()
    insert(region, at: place.index)
    return region.stamp
  }
}

import Glibc
import Testing
import VirtCore
import VirtEngine

/// Bytes of which somebody wants to know how often they were read.
private final class CountedBytes: StoredBytes {
  private let inner: BytesInMemory
  let reads = Lock(0)
  let isGone = Lock(false)

  init(_ bytes: [UInt8]) { inner = BytesInMemory(bytes) }

  var count: Int { inner.count }
  func peek(_ range: Range<Int>) throws(VirtError) -> [UInt8] {
    if range.count > 16 { reads.withLock { $0 += 1 } }
    return try inner.peek(range)
  }
  func whole() throws(VirtError) -> [UInt8] {
    if isGone.withLock({ $0 }) { throw VirtError(.systemError, .none, "it is gone") }
    reads.withLock { $0 += 1 }
    return try inner.whole()
  }
}

/// Compared with a plain array of the same size.
@Suite struct SparseContentTests {
  private static let size = 5 << 20

  private static func bytes(_ content: SparseContent, _ range: Range<Int>) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0xff, count: range.count)
    try bytes.withUnsafeMutableBytes { try content.read($0, at: UInt64(range.lowerBound)) }
    return bytes
  }

  /// Compares at once, not byte by byte.
  private static func same(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    one.count == other.count
      && one.withUnsafeBytes { bytes in
        other.withUnsafeBytes { others in
          guard let start = bytes.baseAddress, let otherStart = others.baseAddress else { return true }
          return memcmp(start, otherStart, bytes.count) == 0
        }
      }
  }

  @Test func holdsWhatAnArrayHolds() throws {
    var generator = SystemRandomNumberGenerator()
    var content = SparseContent()
    var plain = [UInt8](repeating: 0, count: Self.size)
    for round in 0..<400 {
      let start = Int.random(in: 0..<Self.size, using: &generator)
      let range = start..<min(Self.size, start + Int.random(in: 0..<(round % 20 == 0 ? 1 << 20 : 9000), using: &generator))
      if round % 3 == 0 {
        try content.clear(UInt64(range.lowerBound)..<UInt64(range.upperBound))
        plain.replaceSubrange(range, with: repeatElement(0, count: range.count))
      } else {
        let value = UInt8.random(in: 1...255, using: &generator)
        plain.replaceSubrange(range, with: repeatElement(value, count: range.count))
        try plain[range].withUnsafeBytes { try content.write($0, at: UInt64(range.lowerBound)) }
      }
      let isSame = try Self.same(Self.bytes(content, range), Array(plain[range]))
      #expect(isSame)
    }
    let isSame = try Self.same(Self.bytes(content, 0..<Self.size), plain)
    #expect(isSame)
  }

  @Test func tellsHolesFromData() throws {
    var content = SparseContent()
    let far: UInt64 = 1 << 40, end: UInt64 = 1 << 50
    try [1, 2, 3].withUnsafeBytes { try content.write($0, at: far + 5) }
    #expect(content.stored == SparseContent.pageSize)
    #expect(content.extent(at: 0, end: end, most: 1) == (false, far))
    #expect(content.extent(at: 0, end: 100, most: 1) == (false, 100))
    #expect(content.extent(at: far, end: end, most: end) == (true, SparseContent.pageSize))
    #expect(content.extent(at: far + 7, end: far + 9, most: end) == (true, 2))
    #expect(content.extent(at: far + SparseContent.pageSize, end: end, most: 1) == (false, end - far - SparseContent.pageSize))
    try content.clear(0..<end)
    #expect(content.stored == 0)
    #expect(content.extent(at: 5, end: end, most: 1) == (false, end - 5))
    #expect(content.extent(at: end, end: end, most: 1) == (false, 0))
  }

  /// Extents are those of the pages that were written, and lead from one end to the other.
  @Test func extentsCoverEverythingOnce() throws {
    var generator = SeededGenerator()
    for _ in 0..<30 {
      var content = SparseContent()
      let page = Int(SparseContent.pageSize)
      var written = [Bool](repeating: false, count: Self.size / page)
      for _ in 0..<Int.random(in: 0..<40, using: &generator) {
        let first = Int.random(in: written.indices, using: &generator)
        let last = min(written.count - 1, first + Int.random(in: 0..<(Bool.random(using: &generator) ? 3 : 400), using: &generator))
        if Bool.random(using: &generator) {
          try content.clear(UInt64(first * page)..<UInt64((last + 1) * page))
          for index in first...last { written[index] = false }
        } else {
          let bytes = [UInt8](repeating: 1, count: (last - first) * page + 1)
          try bytes.withUnsafeBytes { try content.write($0, at: UInt64(first * page + page - 1)) }
          for index in first...last { written[index] = true }
        }
      }
      #expect(content.stored == UInt64(written.count { $0 } * page), "seed \(generator.seed)")
      var place = Int.random(in: 0..<page, using: &generator)
      let end = Self.size - Int.random(in: 0..<page, using: &generator)
      while place < end {
        let most = UInt64(Int.random(in: 1...Self.size, using: &generator))
        let extent = content.extent(at: UInt64(place), end: UInt64(end), most: most)
        let next = place + Int(extent.length)
        #expect(extent.length > 0 && next <= end, "seed \(generator.seed)")
        #expect((place / page...(next - 1) / page).allSatisfy { written[$0] == extent.isData }, "seed \(generator.seed)")
        // It ends because the other sort begins, or where it was to end.
        let isCut = next == end || extent.isData && extent.length == most
        #expect(isCut || written[next / page] != extent.isData, "seed \(generator.seed)")
        if extent.length == 0 { break }
        place = next
      }
    }
  }

  /// What is kept in pieces is the same content, holes and all; and only pieces that changed have other stamps.
  @Test func isWhatItsPiecesAre() throws {
    var generator = SeededGenerator()
    var content = SparseContent()
    var kept: [String: (stamp: UInt64, bytes: [UInt8])] = [:]
    for round in 0..<100 {
      let start = UInt64.random(in: 0..<UInt64(Self.size), using: &generator) + (round % 10 == 0 ? 1 << 50 : 0)
      let length = UInt64.random(in: 1..<(round % 7 == 0 ? 2 << 20 : 6000), using: &generator)
      if round % 3 == 0 {
        try content.clear(start..<start + length)
      } else {
        let bytes = [UInt8](repeating: UInt8.random(in: 0...255, using: &generator), count: Int(length))
        try bytes.withUnsafeBytes { try content.write($0, at: start) }
      }
      let pieces = content.pieces, before = kept
      for piece in pieces where kept[piece.name]?.stamp != piece.stamp { kept[piece.name] = (piece.stamp, try piece.bytes()) }
      let names = Set(pieces.map(\.name))
      kept = kept.filter { names.contains($0.key) }
      // Nothing was touched but where it was written.
      let touched = Set((start >> 20...(start + length - 1) >> 20).map { "\($0)" })
      let isKept = pieces.allSatisfy { touched.contains($0.name) || before[$0.name]?.stamp == $0.stamp }
      #expect(isKept, "seed \(generator.seed)")
      guard round % 10 == 9 else { continue }
      var again = SparseContent()
      for (name, piece) in kept.shuffled(using: &generator) {
        let stamp = try again.put(name, BytesInMemory(piece.bytes)), second = try again.put(name, BytesInMemory(piece.bytes))
        #expect(stamp != nil && stamp != piece.stamp && second == nil)
      }
      #expect(again.stored == content.stored, "seed \(generator.seed)")
      #expect(again.pieces.map(\.name) == content.pieces.map(\.name), "seed \(generator.seed)")
      let isSame =
        try zip(again.pieces, content.pieces).allSatisfy { try Self.same($0.bytes(), $1.bytes()) }
        && Self.same(Self.bytes(again, 0..<Self.size), Self.bytes(content, 0..<Self.size))
      #expect(isSame, "seed \(generator.seed)")
    }
  }

  @Test func refusesWhatIsNoPiece() throws {
    var content = SparseContent()
    try [1].withUnsafeBytes { try content.write($0, at: 300 * SparseContent.pageSize) }
    let page = [UInt8](repeating: 1, count: Int(SparseContent.pageSize))
    func bytes(_ line: String, _ pages: Int) -> [UInt8] { Array(line.utf8) + Array(repeating: page, count: pages).joined() }
    for (name, bytes) in [
      ("1", bytes("0 1\n", 1)), ("x", bytes("0 1\n", 1)), ("-1", bytes("0 1\n", 1)), ("8796093022208", bytes("0 1\n", 1)),
      ("0", []), ("0", bytes("0 1", 1)), ("0", bytes("0 2\n", 1)), ("0", bytes("256 1\n", 1)), ("0", bytes("255 2\n", 2)),
      ("0", bytes("0 0\n", 0)), ("0", bytes("-1 1\n", 1)), ("0", bytes("0 1\n", 1) + [1]),
      ("0", bytes("3 1\n", 1) + bytes("3 1\n", 1)),
      ("0", bytes("0 9223372036854775807\n", 1)), ("0", bytes("a b\n", 1)), ("0", bytes("0 1\n", 1).dropLast()),
    ] {
      #expect(try content.put(name, BytesInMemory(bytes)) == nil, "\(name): \(String(decoding: bytes.prefix(20), as: UTF8.self))")
    }
    #expect(content.stored == SparseContent.pageSize)
    let pages = BytesInMemory(bytes("3 1\n", 1) + bytes("4 2\n", 2))
    #expect(try content.put("0", pages) != nil && content.stored == 4 * SparseContent.pageSize)
  }

  /// Whatever is done to content that only a store has is done as if it were in memory, and it is read when it is needed.
  @Test func whatAStoreHasIsReadWhenItIsNeeded() throws {
    var generator = SeededGenerator()
    for round in 0..<40 {
      var whole = SparseContent()
      for _ in 0..<20 {
        let bytes = [UInt8](
          repeating: UInt8.random(in: 1...255, using: &generator), count: Int.random(in: 1..<9000, using: &generator))
        try bytes.withUnsafeBytes { try whole.write($0, at: UInt64.random(in: 0..<UInt64(Self.size - 9000), using: &generator)) }
      }
      var content = SparseContent()
      let sources = try whole.pieces.map { ($0.name, CountedBytes(try $0.bytes())) }
      for (name, bytes) in sources { #expect(try content.put(name, bytes) != nil, "seed \(generator.seed)") }
      #expect(content.stored == whole.stored && sources.allSatisfy { $0.1.reads.withLock { $0 } == 0 }, "seed \(generator.seed)")
      let start = UInt64.random(in: 0..<UInt64(Self.size - (3 << 20)), using: &generator)
      let range = start..<start + UInt64.random(in: 1..<UInt64(3 << 20), using: &generator)
      #expect(
        content.extent(at: start, end: range.upperBound, most: 1 << 30)
          == whole.extent(at: start, end: range.upperBound, most: 1 << 30))
      switch round % 4 {
      case 0:
        try content.clear(range)
        try whole.clear(range)
        // What lies within is not looked at.
        #expect(sources.reduce(0) { $0 + $1.1.reads.withLock { $0 } } <= 2, "seed \(generator.seed)")
      case 1:
        let bytes = [UInt8](repeating: 7, count: 5000)
        let growth = whole.growth(writing: start..<start + 5000), before = whole.stored
        #expect(content.growth(writing: start..<start + 5000) == growth && content.growth(writing: start..<start) == 0)
        for _ in 0..<2 {
          try bytes.withUnsafeBytes { try content.write($0, at: start) }
          try bytes.withUnsafeBytes { try whole.write($0, at: start) }
        }
        #expect(whole.stored == before + growth && whole.growth(writing: start..<start + 5000) == 0, "seed \(generator.seed)")
      case 2:
        // Loaded by one while another one changes it: what was changed stays.
        while var part = content.unread(in: range) {
          try part.load()
          if Bool.random(using: &generator) {
            let place = try #require(part.start)
            try [9].withUnsafeBytes { try content.write($0, at: place) }
            try [9].withUnsafeBytes { try whole.write($0, at: place) }
          }
          content.take(part)
        }
      default: try content.load()
      }
      #expect(content.stored == whole.stored, "seed \(generator.seed)")
      let isSame = try Self.same(Self.bytes(content, 0..<Self.size), Self.bytes(whole, 0..<Self.size))
      #expect(isSame, "seed \(generator.seed)")
    }
  }

  /// What cannot be read fails where it is needed, and nowhere else; nothing is lost.
  @Test func whatCannotBeReadFailsWhereItIsNeeded() throws {
    var whole = SparseContent()
    for place in [0, 1 << 20, 2 << 20] as [UInt64] { try [1].withUnsafeBytes { try whole.write($0, at: place) } }
    var content = SparseContent()
    let sources = try whole.pieces.map { ($0.name, CountedBytes(try $0.bytes())) }
    for (name, bytes) in sources { _ = try content.put(name, bytes) }
    sources[1].1.isGone.withLock { $0 = true }
    #expect(try Self.bytes(content, 0..<10)[0] == 1)
    #expect(try Self.bytes(content, (1 << 20) + 5000..<(1 << 20) + 5010) == Array(repeating: 0, count: 10))
    #expect(throws: VirtError.self) { try Self.bytes(content, 0..<3 << 20) }
    #expect(throws: VirtError.self) { try [2].withUnsafeBytes { try content.write($0, at: 1 << 20) } }
    #expect(throws: VirtError.self) { try content.clear(5..<(1 << 20) + 5) }
    #expect(throws: VirtError.self) { try content.load() }
    #expect(throws: VirtError.self) { try content.pieces[1].bytes() }
    sources[1].1.isGone.withLock { $0 = false }
    #expect(try Self.bytes(content, (1 << 20)..<(1 << 20) + 1) == [1])
    sources[1].1.isGone.withLock { $0 = true }
    try content.clear(1 << 20..<2 << 20)
    try content.load()
    #expect(content.stored == 2 * SparseContent.pageSize)
  }

  @Test func copiesAreApart() throws {
    var content = SparseContent()
    try [7].withUnsafeBytes { try content.write($0, at: 0) }
    let copy = content
    try [8].withUnsafeBytes { try content.write($0, at: 0) }
    #expect(try Self.bytes(copy, 0..<1)[0] == 7)
    try content.clear(0..<1)
    #expect(try Self.bytes(copy, 0..<1)[0] == 7)
  }
}

import Glibc
import Testing
import VirtEngine

/// Compared with a plain array of the same size.
@Suite struct SparseContentTests {
  private static let size = 5 << 20

  private static func bytes(_ content: SparseContent, _ range: Range<Int>) -> [UInt8] {
    var bytes = [UInt8](repeating: 0xff, count: range.count)
    bytes.withUnsafeMutableBytes { content.read($0, at: UInt64(range.lowerBound)) }
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

  @Test func holdsWhatAnArrayHolds() {
    var generator = SystemRandomNumberGenerator()
    var content = SparseContent()
    var plain = [UInt8](repeating: 0, count: Self.size)
    for round in 0..<400 {
      let start = Int.random(in: 0..<Self.size, using: &generator)
      let range = start..<min(Self.size, start + Int.random(in: 0..<(round % 20 == 0 ? 1 << 20 : 9000), using: &generator))
      if round % 3 == 0 {
        content.clear(UInt64(range.lowerBound)..<UInt64(range.upperBound))
        plain.replaceSubrange(range, with: repeatElement(0, count: range.count))
      } else {
        let value = UInt8.random(in: 1...255, using: &generator)
        plain.replaceSubrange(range, with: repeatElement(value, count: range.count))
        plain[range].withUnsafeBytes { content.write($0, at: UInt64(range.lowerBound)) }
      }
      let isSame = Self.same(Self.bytes(content, range), Array(plain[range]))
      #expect(isSame)
    }
    let isSame = Self.same(Self.bytes(content, 0..<Self.size), plain)
    #expect(isSame)
  }

  @Test func tellsHolesFromData() {
    var content = SparseContent()
    let far: UInt64 = 1 << 40, end: UInt64 = 1 << 50
    [1, 2, 3].withUnsafeBytes { content.write($0, at: far + 5) }
    #expect(content.stored == SparseContent.pageSize)
    #expect(content.extent(at: 0, end: end, most: 1) == (false, far))
    #expect(content.extent(at: 0, end: 100, most: 1) == (false, 100))
    #expect(content.extent(at: far, end: end, most: end) == (true, SparseContent.pageSize))
    #expect(content.extent(at: far + 7, end: far + 9, most: end) == (true, 2))
    #expect(content.extent(at: far + SparseContent.pageSize, end: end, most: 1) == (false, end - far - SparseContent.pageSize))
    content.clear(0..<end)
    #expect(content.stored == 0)
    #expect(content.extent(at: 5, end: end, most: 1) == (false, end - 5))
    #expect(content.extent(at: end, end: end, most: 1) == (false, 0))
  }

  /// Extents are those of the pages that were written, and lead from one end to the other.
  @Test func extentsCoverEverythingOnce() {
    var generator = SeededGenerator()
    for _ in 0..<30 {
      var content = SparseContent()
      let page = Int(SparseContent.pageSize)
      var written = [Bool](repeating: false, count: Self.size / page)
      for _ in 0..<Int.random(in: 0..<40, using: &generator) {
        let first = Int.random(in: written.indices, using: &generator)
        let last = min(written.count - 1, first + Int.random(in: 0..<(Bool.random(using: &generator) ? 3 : 400), using: &generator))
        if Bool.random(using: &generator) {
          content.clear(UInt64(first * page)..<UInt64((last + 1) * page))
          for index in first...last { written[index] = false }
        } else {
          let bytes = [UInt8](repeating: 1, count: (last - first) * page + 1)
          bytes.withUnsafeBytes { content.write($0, at: UInt64(first * page + page - 1)) }
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
        content.clear(start..<start + length)
      } else {
        let bytes = [UInt8](repeating: UInt8.random(in: 0...255, using: &generator), count: Int(length))
        bytes.withUnsafeBytes { content.write($0, at: start) }
      }
      let pieces = content.pieces, before = kept
      for piece in pieces where kept[piece.name]?.stamp != piece.stamp { kept[piece.name] = (piece.stamp, piece.bytes) }
      let names = Set(pieces.map(\.name))
      kept = kept.filter { names.contains($0.key) }
      // Nothing was touched but where it was written.
      let touched = Set((start >> 20...(start + length - 1) >> 20).map { "\($0)" })
      let isKept = pieces.allSatisfy { touched.contains($0.name) || before[$0.name]?.stamp == $0.stamp }
      #expect(isKept, "seed \(generator.seed)")
      guard round % 10 == 9 else { continue }
      var again = SparseContent()
      for (name, piece) in kept.shuffled(using: &generator) {
        let stamp = again.put(name, piece.bytes), second = again.put(name, piece.bytes)
        #expect(stamp != nil && stamp != piece.stamp && second == nil)
      }
      #expect(again.stored == content.stored, "seed \(generator.seed)")
      #expect(again.pieces.map(\.name) == content.pieces.map(\.name), "seed \(generator.seed)")
      let isSame =
        zip(again.pieces, content.pieces).allSatisfy { Self.same($0.bytes, $1.bytes) }
        && Self.same(Self.bytes(again, 0..<Self.size), Self.bytes(content, 0..<Self.size))
      #expect(isSame, "seed \(generator.seed)")
    }
  }

  @Test func refusesWhatIsNoPiece() {
    var content = SparseContent()
    [1].withUnsafeBytes { content.write($0, at: 300 * SparseContent.pageSize) }
    let page = [UInt8](repeating: 1, count: Int(SparseContent.pageSize))
    func bytes(_ line: String, _ pages: Int) -> [UInt8] { Array(line.utf8) + Array(repeating: page, count: pages).joined() }
    for (name, bytes) in [
      ("1", bytes("0 1\n", 1)), ("x", bytes("0 1\n", 1)), ("-1", bytes("0 1\n", 1)), ("8796093022208", bytes("0 1\n", 1)),
      ("0", []), ("0", bytes("0 1", 1)), ("0", bytes("0 2\n", 1)), ("0", bytes("256 1\n", 1)), ("0", bytes("255 2\n", 2)),
      ("0", bytes("0 0\n", 0)), ("0", bytes("-1 1\n", 1)), ("0", bytes("0 1\n", 1) + [1]),
      ("0", bytes("3 1\n", 1) + bytes("3 1\n", 1)),
      ("0", bytes("0 9223372036854775807\n", 1)), ("0", bytes("a b\n", 1)), ("0", bytes("0 1\n", 1).dropLast()),
    ] { #expect(content.put(name, bytes) == nil, "\(name): \(String(decoding: bytes.prefix(20), as: UTF8.self))") }
    #expect(content.stored == SparseContent.pageSize)
    #expect(content.put("0", bytes("3 1\n", 1) + bytes("4 2\n", 2)) != nil && content.stored == 4 * SparseContent.pageSize)
  }

  @Test func copiesAreApart() {
    var content = SparseContent()
    [7].withUnsafeBytes { content.write($0, at: 0) }
    let copy = content
    [8].withUnsafeBytes { content.write($0, at: 0) }
    #expect(Self.bytes(copy, 0..<1)[0] == 7)
    content.clear(0..<1)
    #expect(Self.bytes(copy, 0..<1)[0] == 7)
  }
}

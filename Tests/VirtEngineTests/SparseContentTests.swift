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
      #expect(Self.bytes(content, range) == Array(plain[range]))
    }
    #expect(Self.bytes(content, 0..<Self.size) == plain)
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

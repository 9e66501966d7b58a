internal import VirtCore
internal import VirtXML

/// A set of small numbers: the host's processors or memory nodes, as documents write them (`0-3,^2,8`) and as calls pass
/// them, a bit for each.
package struct NumberSet: Sendable, Equatable {
  /// A bit for each number, the lowest first; the last byte is not zero.
  package private(set) var bytes: [UInt8] = []
  /// Numbers are below this; a document that names a larger one is refused.
  package static let limit = 1 << 16

  /// The empty set.
  package init() {}

  /// The numbers below a limit.
  package init(below count: Int) {
    for number in 0..<max(0, min(count, Self.limit)) { insert(number) }
  }

  /// One number below ``limit``.
  init(one number: Int) {
    if (0..<Self.limit).contains(number) { insert(number) }
  }

  /// The numbers below a limit among those that a caller's map has.
  package init(_ map: UnsafeRawBufferPointer, below count: Int) {
    for number in 0..<min(count, Self.limit) where number / 8 < map.count && map[number / 8] >> (number % 8) & 1 == 1 {
      insert(number)
    }
  }

  /// Reads a list of numbers and ranges, some of them taken away again by `^`; nil when it is none, or empty in the end.
  package init?(_ text: String) {
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let part = part.drop { $0 == " " }
      if part.first == "^" {
        guard let number = Self.number(part.dropFirst()) else { return nil }
        remove(number)
        continue
      }
      let ends = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      guard let first = ends.first.flatMap(Self.number), let last = ends.last.flatMap(Self.number), first <= last else {
        return nil
      }
      for number in first...last { insert(number) }
    }
    if isEmpty { return nil }
  }

  private static func number(_ text: Substring) -> Int? {
    guard text.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }), let number = Int(text), number < limit
    else { return nil }
    return number
  }

  private mutating func insert(_ number: Int) {
    if number / 8 >= bytes.count { bytes.append(contentsOf: [UInt8](repeating: 0, count: number / 8 + 1 - bytes.count)) }
    bytes[number / 8] |= 1 << (number % 8)
  }

  private mutating func remove(_ number: Int) {
    guard number / 8 < bytes.count else { return }
    bytes[number / 8] &= ~(1 << (number % 8))
    while bytes.last == 0 { bytes.removeLast() }
  }

  /// Whether it has no numbers.
  package var isEmpty: Bool { bytes.isEmpty }

  /// Whether it has a number.
  package func contains(_ number: Int) -> Bool {
    number >= 0 && number / 8 < bytes.count && bytes[number / 8] >> (number % 8) & 1 == 1
  }

  /// The largest number; nil for none.
  package var last: Int? {
    bytes.last.map { (bytes.count - 1) * 8 + 7 - $0.leadingZeroBitCount }
  }

  /// Those of the numbers that the condition holds for.
  package func filtered(_ isKept: (Int) -> Bool) -> NumberSet {
    var set = NumberSet()
    for number in 0..<bytes.count * 8 where contains(number) && isKept(number) { set.insert(number) }
    return set
  }

  /// Whether it has no number of another set.
  func isDisjoint(with other: NumberSet) -> Bool { zip(bytes, other.bytes).allSatisfy { $0 & $1 == 0 } }

  /// Whether another set has all of its numbers.
  func isSubset(of other: NumberSet) -> Bool {
    bytes.count <= other.bytes.count && zip(bytes, other.bytes).allSatisfy { $0 & ~$1 == 0 }
  }

  /// Takes the numbers of another set in.
  mutating func formUnion(_ other: NumberSet) {
    if bytes.count < other.bytes.count { bytes += [UInt8](repeating: 0, count: other.bytes.count - bytes.count) }
    for (place, byte) in other.bytes.enumerated() { bytes[place] |= byte }
  }

  /// Fills a caller's map, as far as it goes.
  package func fill(_ map: UnsafeMutableRawBufferPointer) {
    let known = min(map.count, bytes.count)
    map.copyBytes(from: bytes[..<known])
    // In one go: a caller's map may be as long as numbers go.
    UnsafeMutableRawBufferPointer(rebasing: map[known...]).initializeMemory(as: UInt8.self, repeating: 0)
  }

  /// The numbers as a list of numbers and ranges.
  package var text: String {
    var parts: [String] = []
    var start: Int?
    for number in 0..<bytes.count * 8 + 1 {
      if contains(number) {
        if start == nil { start = number }
      } else if let first = start {
        parts.append(first == number - 1 ? "\(first)" : "\(first)-\(number - 1)")
        start = nil
      }
    }
    return parts.joined(separator: ",")
  }

  /// Reads the set in an attribute, which is written with the same numbers.
  static func arranged(_ name: StaticString, of element: XMLElement) throws(VirtError) -> XMLElement {
    guard let text = element[name] else { return element }
    guard let set = NumberSet(text) else {
      throw element.wrong(.invalidArg, "'\(name)' is no list of numbers: '\(text)'", .none)
    }
    return element.saying(name, set.text)
  }
}

/// A file of a ``FolderStore``: one line that says what follows, and the bytes. A file that was not written to its end, or that
/// something else changed, does not fit its first line.
enum StoredFile {
  private static let mark = "virt-store", version = 1

  /// The file's bytes.
  static func bytes(_ key: StoreKey, _ content: [UInt8]) -> [UInt8] {
    let place = Array("\(key.kind) \(escaped(key.name))\n".utf8)
    let body = place + content
    return Array("\(mark) \(version) \(body.count) \(String(sum(body[...]), radix: 16))\n".utf8) + body
  }

  /// Why a file cannot be used.
  struct Unusable: Error {
    let reason: String
    static let torn = Unusable(reason: "is broken: it was not written to its end, or changed since")
  }

  /// What the first line says of the rest.
  struct Head: Equatable {
    /// Where the rest begins, and how many bytes it has.
    let start, count: Int
    let sum: UInt64
  }

  /// What the beginning of a file says of the rest.
  static func head(_ bytes: [UInt8]) throws(Unusable) -> Head {
    guard let end = bytes.prefix(128).firstIndex(of: newline) else { throw .torn }
    let words = String(decoding: bytes[..<end], as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
    guard words.count >= 2, words[0] == mark, let form = Int(words[1]), form > 0 else { throw .torn }
    guard form <= version else { throw Unusable(reason: "is of format \(form), newer than \(version), which is understood") }
    guard words.count == 4, let count = Int(words[2]), count >= 0, let sum = UInt64(words[3], radix: 16) else { throw .torn }
    return Head(start: end + 1, count: count, sum: sum)
  }

  /// The key in the line behind the first one, and where the content begins; nil where the line has no end.
  static func key(_ bytes: [UInt8], _ head: Head) throws(Unusable) -> (key: StoreKey, start: Int)? {
    guard let line = bytes[head.start...].firstIndex(of: newline) else { return nil }
    let place = String(decoding: bytes[head.start..<line], as: UTF8.self)
    guard let space = place.firstIndex(of: " "), let name = unescaped(place[place.index(after: space)...]) else { throw .torn }
    return (StoreKey(String(place[..<space]), name), line + 1)
  }

  /// What a file holds.
  static func read(_ bytes: [UInt8]) throws(Unusable) -> (key: StoreKey, bytes: [UInt8]) {
    let head = try head(bytes), body = bytes[head.start...]
    guard body.count == head.count, sum(body) == head.sum, let (key, start) = try key(bytes, head) else { throw .torn }
    return (key, Array(bytes[start...]))
  }

  private static let newline = UInt8(ascii: "\n")

  // MARK: - Names

  /// What names of files end with: those of objects, and behind that those not written to their end and those found broken.
  static let whole = ".object", unfinished = ".new", torn = ".object.torn"
  /// The file that says what becomes of files that were written together.
  static let list = "changes" + whole

  /// The name of an object's file.
  static func name(_ key: StoreKey) -> String {
    let name = escaped(key.name)
    // File systems have names of 255 bytes.
    if name.utf8.count <= 200 { return "\(key.kind).\(name)\(whole)" }
    return "\(key.kind).\(name.prefix(150))~\(String(sum(Array(name.utf8)[...]), radix: 16))\(whole)"
  }

  /// The kind of what a file of that name holds.
  static func kind(_ name: String) -> Substring { name.prefix { $0 != "." } }

  /// Where a broken file of that name goes.
  static func aside(_ name: String) -> String { name.dropLast(whole.utf8.count) + torn }

  /// A text of letters, digits, `-` and `_`; every other byte as `%` and two digits.
  private static func escaped(_ name: String) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var bytes: [UInt8] = []
    for byte in name.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"), UInt8(ascii: "_"):
        bytes.append(byte)
      default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func unescaped(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else { return nil }
      bytes.append(value)
      rest.removeFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }

  /// FNV-1a, of 64 bits.
  static func sum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}

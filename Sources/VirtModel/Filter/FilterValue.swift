internal import Glibc
internal import VirtCore
internal import VirtXML

/// What the attributes of filters' rules may be. Each may be a variable instead, which gets its value where the filter is used.
enum FilterValue {
  /// A value as it is written; nil for one that is none.
  typealias Written = @Sendable (String) -> String?

  /// A value, or a variable.
  private static func rule(_ written: @escaping Written) -> Written {
    { $0.hasPrefix("$") ? variable($0) : written($0) }
  }

  /// A variable as it is written: a dollar sign, a name, perhaps an index or an iterator in brackets.
  private static func variable(_ text: String) -> String? {
    let rest = text.dropFirst()
    let name = rest.prefix { isWord($0) }
    let index = rest.dropFirst(name.count)
    if index.isEmpty { return text }
    guard index.first == "[", index.last == "]" else { return nil }
    let inside = String(index.dropFirst().dropLast().filter { $0 != " " })
    let digits = inside.hasPrefix("@") ? inside.dropFirst() : inside[...]
    guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }), UInt32(digits) != nil else { return nil }
    return "$\(name)[\(inside)]"
  }

  private static func isWord(_ character: Character) -> Bool {
    character == "_" || (character.isASCII && (character.isLetter || character.isNumber))
  }

  /// A number, written in the base that it was given in.
  static func number(upTo most: UInt64, from least: UInt64 = 0) -> Written {
    rule { text in numeral(text, least...most).map { isHexadecimal(text) ? String(hexadecimal: $0, digits: 1) : String($0) } }
  }

  private static func isHexadecimal(_ text: String) -> Bool { text.hasPrefix("0x") || text.hasPrefix("0X") }

  private static func numeral(_ text: String, _ range: ClosedRange<UInt64>) -> UInt64? {
    guard let number = UInt64(number: text, base: isHexadecimal(text) ? 16 : 10), range.contains(number) else { return nil }
    return number
  }

  /// A number that has a name where it is known.
  static func named(_ names: [(String, UInt64)], upTo most: UInt64, from least: UInt64 = 0) -> Written {
    rule { text in
      if let known = names.first(where: { $0.0.lowercased() == text.lowercased() }) { return known.0 }
      guard let number = numeral(text, least...most) else { return nil }
      if let known = names.first(where: { $0.1 == number }) { return known.0 }
      return isHexadecimal(text) ? String(hexadecimal: number, digits: 1) : String(number)
    }
  }

  /// Yes or no, written as true and false.
  static let answer = rule { ["1", "yes", "true"].contains($0) ? "true" : "false" }

  /// A text.
  static let comment = rule { $0 }

  /// The name of a set of addresses.
  static let set = rule { text in
    let isFit = text.utf8.count <= 31 && text.allSatisfy { isWord($0) || ".:-+ ".contains($0) }
    return isFit ? text : nil
  }

  /// Which addresses of a packet are looked for in a set.
  static let setFlags = rule { text in
    let words = text.lowercased().split(separator: ",", omittingEmptySubsequences: false)
    return words.count <= 6 && words.allSatisfy { $0 == "src" || $0 == "dst" } ? text.lowercased() : nil
  }

  /// States of connections.
  static let state = rule { list($0, of: ["NEW", "ESTABLISHED", "RELATED", "INVALID"]) }

  /// The flags of TCP that are looked at, and those of them that are set.
  static let tcpFlags = rule { text in
    let halves = text.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count == 2 else { return nil }
    let names = ["FIN", "SYN", "RST", "PSH", "ACK", "URG"]
    let written = halves.compactMap { list(String($0), of: names, hasAll: true) }
    return written.count == 2 ? written.map { $0.isEmpty ? "NONE" : $0 }.joined(separator: "/") : nil
  }

  /// A list of words in the order that they have.
  private static func list(_ text: String, of words: [String], hasAll: Bool = false) -> String? {
    var found = Set<String>()
    var saysNone = false
    for part in text.uppercased().split(separator: ",") {
      let word = part.drop { $0 == " " }
      switch String(word) {
      case "ALL" where hasAll: found.formUnion(words)
      case "NONE": saysNone = true
      case let word where words.contains(word): found.insert(word)
      default: return nil
      }
    }
    if saysNone { return "NONE" }
    if hasAll, found.count == words.count { return "ALL" }
    return words.filter { found.contains($0) }.joined(separator: ",")
  }

  // MARK: - Addresses

  /// A hardware address.
  static let mac = rule { macBytes($0).map(written) }

  /// A mask of a hardware address: ones, then zeros.
  static let macMask = rule { text in
    guard let bytes = macBytes(text), prefix(bytes) != nil else { return nil }
    return written(bytes)
  }

  private static func written(_ bytes: [UInt8]) -> String {
    bytes.map { String(hexadecimal: UInt64($0), digits: 2).dropFirst(2) }.joined(separator: ":")
  }

  /// The six bytes of a hardware address.
  static func macBytes(_ text: String) -> [UInt8]? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let bytes = parts.compactMap { part in
      (1...2).contains(part.utf8.count) && part.utf8.allSatisfy { NumberText.digit($0) != nil } ? UInt8(part, radix: 16) : nil
    }
    return parts.count == 6 && bytes.count == 6 ? bytes : nil
  }

  /// An address of IP version 4 or 6.
  static func address(_ family: Int32) -> Written {
    rule { text in addressBytes(text, family).flatMap { format($0, family) } }
  }

  /// A mask of such an address, written as the number of its ones.
  static func mask(_ family: Int32) -> Written {
    let most: UInt64 = family == AF_INET ? 32 : 128
    return rule { text in
      if let number = UInt64(number: text) { return number <= most ? String(number) : nil }
      return addressBytes(text, family).flatMap { prefix($0) }.map { String($0) }
    }
  }

  private static func addressBytes(_ text: String, _ family: Int32) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: family == AF_INET ? 4 : 16)
    let read = text.withCString { text in bytes.withUnsafeMutableBytes { inet_pton(family, text, $0.baseAddress) } }
    return read == 1 ? bytes : nil
  }

  private static func format(_ bytes: [UInt8], _ family: Int32) -> String? {
    var text = [CChar](repeating: 0, count: 64)
    let done = bytes.withUnsafeBytes { bytes in
      text.withUnsafeMutableBufferPointer { inet_ntop(family, bytes.baseAddress, $0.baseAddress, 64) != nil }
    }
    return done ? String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
  }

  /// How many ones there are when nothing but zeros follows them.
  private static func prefix(_ bytes: [UInt8]) -> Int? {
    let ones = bytes.reduce(0) { $0 + $1.nonzeroBitCount }
    let leading = bytes.prefix { $0 == 0xff }.count
    let next = leading < bytes.count ? (~bytes[leading]).leadingZeroBitCount : 0
    return ones == leading * 8 + next ? ones : nil
  }
}

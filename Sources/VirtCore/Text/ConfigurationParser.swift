/// Reads the syntax of libvirt's configuration files: `name = value` per line, values being numbers, quoted texts and
/// lists.
struct ConfigurationParser {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let path: String
  private var position = 0
  private var line = 1
  /// Lists in lists deeper than this are refused.
  private static let deepest = 32

  /// Makes a parser of a file's bytes; `path` is only for errors.
  init(_ bytes: UnsafeBufferPointer<UInt8>, path: String) {
    self.bytes = bytes
    self.path = path
  }

  /// All settings in order.
  mutating func parse() throws(VirtError) -> [(name: String, value: ConfigurationValue)] {
    var settings: [(name: String, value: ConfigurationValue)] = []
    while skipToSetting() {
      let name = try parseName()
      skipBlanks()
      guard take("=") else { throw fault("expected '='") }
      skipBlanks()
      settings.append((name, try parseValue(depth: 0)))
      skipBlanks()
      skipComment()
      guard position == bytes.count || take("\n") || take(";") else { throw fault("expected the end of the line") }
    }
    return settings
  }

  private func fault(_ text: StaticString) -> VirtError {
    VirtError(.confSyntax, .conf, "", "\(path):\(line): \(text)")
  }

  private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ wanted: Unicode.Scalar) -> Bool {
    guard byte == UInt8(truncatingIfNeeded: wanted.value) else { return false }
    if wanted == "\n" { line += 1 }
    position += 1
    return true
  }

  private mutating func skipBlanks() {
    while let byte, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r") {
      position += 1
    }
  }

  private mutating func skipComment() {
    guard byte == UInt8(ascii: "#") else { return }
    while let byte, byte != UInt8(ascii: "\n") { position += 1 }
  }

  /// Skips blanks, line ends and, where `comments` says so, comments; false at the end of the file.
  private mutating func skipSpace(comments: Bool) -> Bool {
    while true {
      skipBlanks()
      if comments { skipComment() }
      guard take("\n") else { return position < bytes.count }
    }
  }

  private mutating func skipToSetting() -> Bool { skipSpace(comments: true) }

  private mutating func parseName() throws(VirtError) -> String {
    let start = position
    while let byte {
      let kind = ByteClass.of(byte)
      guard kind.contains(.letter) || (position > start && (kind.contains(.digit) || byte == UInt8(ascii: "_"))) else {
        break
      }
      position += 1
    }
    guard position > start else { throw fault("expected a name") }
    return text(start..<position)
  }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
  }

  private mutating func parseValue(depth: Int) throws(VirtError) -> ConfigurationValue {
    switch byte {
    case UInt8(ascii: "\""): return .text(try parseQuoted("\""))
    case UInt8(ascii: "'"): return .text(try parseQuoted("'"))
    case UInt8(ascii: "["):
      guard depth < Self.deepest else { throw fault("lists are nested too deeply") }
      return .list(try parseList(depth: depth + 1))
    case let byte? where ByteClass.of(byte).contains(.digit) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+"):
      return try parseNumber()
    default: throw fault("expected a value")
    }
  }

  /// A text in single, double or triple double quotes; only the last may run over lines.
  private mutating func parseQuoted(_ quote: Unicode.Scalar) throws(VirtError) -> String {
    let mark = UInt8(truncatingIfNeeded: quote.value)
    if quote == "\"", position + 2 < bytes.count, bytes[position + 1] == mark, bytes[position + 2] == mark {
      return try parseTripleQuoted(mark)
    }
    position += 1
    let start = position
    while let byte, byte != mark, byte != UInt8(ascii: "\n") { position += 1 }
    guard byte == mark else { throw fault("a text in quotes does not end") }
    defer { position += 1 }
    return text(start..<position)
  }

  private mutating func parseTripleQuoted(_ mark: UInt8) throws(VirtError) -> String {
    position += 3
    let start = position
    while position + 2 < bytes.count {
      if bytes[position] == mark, bytes[position + 1] == mark, bytes[position + 2] == mark {
        defer { position += 3 }
        return text(start..<position)
      }
      if bytes[position] == UInt8(ascii: "\n") { line += 1 }
      position += 1
    }
    throw fault("a text in quotes does not end")
  }

  private mutating func parseList(depth: Int) throws(VirtError) -> [ConfigurationValue] {
    position += 1
    var values: [ConfigurationValue] = []
    while skipSpace(comments: true) {
      if take("]") { return values }
      values.append(try parseValue(depth: depth))
      guard skipSpace(comments: true) else { break }
      if take("]") { return values }
      guard take(",") else { throw fault("expected ',' or ']'") }
    }
    throw fault("a list does not end")
  }

  /// A decimal number; one that does not fit becomes the nearest that does.
  private mutating func parseNumber() throws(VirtError) -> ConfigurationValue {
    let negative = byte == UInt8(ascii: "-")
    if negative || byte == UInt8(ascii: "+") { position += 1 }
    let start = position
    var value: Int64 = 0
    while let byte, ByteClass.of(byte).contains(.digit) {
      let digit = Int64(byte &- UInt8(ascii: "0"))
      let (scaled, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (next, overflow) =
        negative ? scaled.subtractingReportingOverflow(digit) : scaled.addingReportingOverflow(digit)
      value = tooLarge || overflow ? (negative ? .min : .max) : next
      position += 1
    }
    guard position > start else { throw fault("expected a number") }
    return .number(value)
  }
}

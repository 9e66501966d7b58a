/// One forward pass over the bytes of a URI.
struct URIParser {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  /// Makes a parser of these bytes, which must outlive it.
  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  /// The whole text as a URI, nil when it is none.
  mutating func parse() -> URI? {
    var uri = URI(scheme: parseScheme() ?? "")
    if next(is: "/"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "/") {
      position += 2
      guard parseAuthority(into: &uri) else { return nil }
    }
    let start = position
    guard let path = component(.path) else { return nil }
    if start == 0, bytes[..<position].prefix(while: { $0 != UInt8(ascii: "/") }).contains(UInt8(ascii: ":")) {
      return nil
    }
    uri.path = path
    if next(is: "?") {
      position += 1
      let start = position
      guard component(.path, question: true) != nil else { return nil }
      uri.query = text(start..<position)
    }
    if next(is: "#") {
      position += 1
      guard let fragment = component(.path, question: true) else { return nil }
      uri.fragment = fragment
    }
    return position == bytes.count ? uri : nil
  }

  private func next(is byte: Unicode.Scalar) -> Bool {
    position < bytes.count && bytes[position] == UInt8(truncatingIfNeeded: byte.value)
  }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
  }

  /// The scheme and its colon, which are skipped; nil, and nothing is skipped, when there is none.
  private mutating func parseScheme() -> String? {
    var end = 0
    while end < bytes.count {
      let byte = bytes[end]
      if byte == UInt8(ascii: ":") {
        guard end > 0 else { return nil }
        position = end + 1
        return text(0..<end)
      }
      let kind = ByteClass.of(byte)
      let inside =
        kind.contains(.digit) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
      guard kind.contains(.letter) || (end > 0 && inside) else { return nil }
      end += 1
    }
    return nil
  }

  /// Skips and decodes the longest run of bytes that may stand there; nil for a broken percent sign or a NUL.
  private mutating func component(_ allowed: ByteClass, question: Bool = false) -> String? {
    let start = position
    var encoded = false
    while position < bytes.count {
      let byte = bytes[position]
      if ByteClass.of(byte).overlaps(allowed) || (question && byte == UInt8(ascii: "?")) {
        position &+= 1
      } else if byte == UInt8(ascii: "%") {
        guard position + 2 < bytes.count, let high = hexadecimalValue(bytes[position + 1]),
          let low = hexadecimalValue(bytes[position + 2]), high | low != 0
        else { return nil }
        encoded = true
        position &+= 3
      } else {
        break
      }
    }
    return encoded ? decodePercents(bytes[start..<position]) : text(start..<position)
  }

  /// User, server and port, up to the path; false when they are malformed.
  private mutating func parseAuthority(into uri: inout URI) -> Bool {
    let start = position
    var end = start
    var at: Int?
    while end < bytes.count, bytes[end] != UInt8(ascii: "/"), bytes[end] != UInt8(ascii: "?"),
      bytes[end] != UInt8(ascii: "#")
    {
      if bytes[end] == UInt8(ascii: "@"), at == nil { at = end }
      end += 1
    }
    if let at {
      guard let user = component([.name, .colon]), position == at else { return false }
      uri.user = user.isEmpty ? nil : user
      position += 1
    }
    if next(is: "[") {
      guard parseAddress(into: &uri) else { return false }
    } else {
      guard let server = component(.name) else { return false }
      uri.server = server.isEmpty ? nil : server
    }
    if next(is: ":") {
      position += 1
      guard let port = parsePort() else { return false }
      uri.port = uri.server == nil ? 0 : port
    }
    return position == end
  }

  /// An address in brackets.
  private mutating func parseAddress(into uri: inout URI) -> Bool {
    position += 1
    let start = position
    while position < bytes.count,
      ByteClass.of(bytes[position]).overlaps([.unreserved, .colon]) || bytes[position] == UInt8(ascii: "%")
    {
      position += 1
    }
    guard next(is: "]"), position > start else { return false }
    uri.server = text(start..<position)
    position += 1
    return true
  }

  /// One to nine digits; nil for anything else.
  private mutating func parsePort() -> Int32? {
    let start = position
    var port: Int32 = 0
    while position < bytes.count, ByteClass.of(bytes[position]).contains(.digit) {
      guard position - start < 9 else { return nil }
      port = port &* 10 &+ Int32(bytes[position] &- UInt8(ascii: "0"))
      position += 1
    }
    return position > start ? port : nil
  }
}

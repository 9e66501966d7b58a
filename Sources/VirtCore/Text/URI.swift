/// A connection URI, taken apart.
///
/// `scheme` names the driver and, after a plus sign, the transport (`qemu+ssh`). Everything but the query is decoded.
public struct URI: Sendable, Equatable {
  /// The scheme as written; empty when the text has none.
  public var scheme: String
  /// User name before the server, nil when there is none.
  public var user: String?
  /// Server name or address (without the brackets of IPv6), nil when there is none.
  public var server: String?
  /// Port, 0 when none is given.
  public var port: Int32
  /// The decoded path, empty when there is none.
  public var path: String
  /// The query as written, nil without a question mark.
  public var query: String?
  /// The decoded fragment, nil without a number sign.
  public var fragment: String?

  /// Makes a URI from its parts.
  public init(
    scheme: String, user: String? = nil, server: String? = nil, port: Int32 = 0, path: String = "",
    query: String? = nil,
    fragment: String? = nil
  ) {
    self.scheme = scheme
    self.user = user
    self.server = server
    self.port = port
    self.path = path
    self.query = query
    self.fragment = fragment
  }

  /// Takes a text apart. Refuses what RFC 3986 does not allow, and NUL bytes however they are written.
  public init(parsing text: String) throws(VirtError) {
    var text = text
    let parsed: URI? = text.withUTF8 { bytes in
      var parser = URIParser(bytes)
      return parser.parse()
    }
    guard let parsed else { throw VirtError(.internalError, .uri, "not a URI:", text) }
    self = parsed
  }

  /// The scheme up to a plus sign: the name of the driver.
  public var driver: String { scheme.splitOnce(at: "+")?.0 ?? scheme }

  /// What follows the plus sign of the scheme, nil when there is none.
  public var transport: String? { scheme.splitOnce(at: "+")?.1 }

  /// The decoded parameters of the query in order, both separators (`&` and `;`) accepted. Nameless ones are left out.
  public var parameters: [(name: String, value: String)] {
    guard let query else { return [] }
    return query.utf8.split(whereSeparator: { $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: ";") }).compactMap {
      piece in
      let sign = piece.firstIndex(of: UInt8(ascii: "="))
      let name = decodePercents(piece[..<(sign ?? piece.endIndex)])
      let value = sign.map { decodePercents(piece[piece.index(after: $0)...]) }
      return name.isEmpty ? nil : (name, value ?? "")
    }
  }

  /// The decoded value of the first parameter of this name, nil when there is none.
  public func parameter(_ name: String) -> String? {
    parameters.first { $0.name == name }?.value
  }
}

extension URI: CustomStringConvertible {
  /// The text form; a path that is not absolute is written without the double slash.
  public var description: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(64)
    if !scheme.isEmpty {
      bytes.append(contentsOf: scheme.utf8)
      bytes.append(UInt8(ascii: ":"))
    }
    if server != nil || user != nil || path.utf8.first == UInt8(ascii: "/") || path.isEmpty {
      bytes.append(contentsOf: "//".utf8)
    }
    if let user {
      encodePercents(user, allowing: [.name, .colon], into: &bytes)
      bytes.append(UInt8(ascii: "@"))
    }
    if let server {
      if server.utf8.contains(UInt8(ascii: ":")) {
        bytes.append(UInt8(ascii: "["))
        bytes.append(contentsOf: server.utf8)
        bytes.append(UInt8(ascii: "]"))
      } else {
        encodePercents(server, allowing: .name, into: &bytes)
      }
      if port > 0 {
        bytes.append(UInt8(ascii: ":"))
        bytes.append(contentsOf: String(port).utf8)
      }
    }
    encodePercents(path, allowing: .path, into: &bytes)
    if let query {
      bytes.append(UInt8(ascii: "?"))
      bytes.append(contentsOf: query.utf8)
    }
    if let fragment {
      bytes.append(UInt8(ascii: "#"))
      encodePercents(fragment, allowing: .path, into: &bytes)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension String {
  /// The texts before and after the first occurrence of an ASCII character, nil when it does not occur.
  fileprivate func splitOnce(at mark: Unicode.Scalar) -> (String, String)? {
    guard let index = utf8.firstIndex(of: UInt8(truncatingIfNeeded: mark.value)) else { return nil }
    return (String(self[..<index]), String(self[utf8.index(after: index)...]))
  }
}

/// Replaces `%41` by what it stands for; a percent sign without two digits stays.
func decodePercents(_ bytes: some Collection<UInt8>) -> String {
  var decoded: [UInt8] = []
  decoded.reserveCapacity(bytes.count)
  var index = bytes.startIndex
  while index != bytes.endIndex {
    let byte = bytes[index]
    index = bytes.index(after: index)
    if byte == UInt8(ascii: "%"), index != bytes.endIndex, let high = hexadecimalValue(bytes[index]) {
      let second = bytes.index(after: index)
      if second != bytes.endIndex, let low = hexadecimalValue(bytes[second]) {
        decoded.append(high << 4 | low)
        index = bytes.index(after: second)
        continue
      }
    }
    decoded.append(byte)
  }
  return String(decoding: decoded, as: UTF8.self)
}

/// Appends a text with every byte that may not stand in a URI written as a percent sign and two digits.
func encodePercents(_ text: String, allowing allowed: ByteClass, into bytes: inout [UInt8]) {
  let digits: StaticString = "0123456789ABCDEF"
  for byte in text.utf8 {
    if ByteClass.of(byte).overlaps(allowed) {
      bytes.append(byte)
    } else {
      bytes.append(UInt8(ascii: "%"))
      bytes.append(digits.utf8Start[Int(byte >> 4)])
      bytes.append(digits.utf8Start[Int(byte & 15)])
    }
  }
}

/// What a byte of a URI may be, after RFC 3986.
struct ByteClass: OptionSet {
  /// The bits.
  let rawValue: UInt8
  /// `A` to `Z` and `a` to `z`.
  static let letter = ByteClass(rawValue: 1)
  /// `0` to `9`.
  static let digit = ByteClass(rawValue: 2)
  /// `- . _ ~`
  static let mark = ByteClass(rawValue: 4)
  /// `! $ & ' ( ) * + , ; =`
  static let subDelimiter = ByteClass(rawValue: 8)
  /// A digit to base 16.
  static let hexadecimal = ByteClass(rawValue: 16)

  /// What needs no encoding anywhere.
  static let unreserved: ByteClass = [.letter, .digit, .mark]

  /// The class of one byte.
  @inline(__always)
  static func of(_ byte: UInt8) -> ByteClass {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): [.letter, .hexadecimal]
    case UInt8(ascii: "g")...UInt8(ascii: "z"), UInt8(ascii: "G")...UInt8(ascii: "Z"): .letter
    case UInt8(ascii: "0")...UInt8(ascii: "9"): [.digit, .hexadecimal]
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): .mark
    case UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&")...UInt8(ascii: ","), UInt8(ascii: ";"),
      UInt8(ascii: "="):
      .subDelimiter
    default: []
    }
  }

  /// Whether a byte is of any of these classes.
  @inline(__always)
  func overlaps(_ other: ByteClass) -> Bool { rawValue & other.rawValue != 0 }
}

/// The value of a hexadecimal digit, nil for any other byte.
@inline(__always)
func hexadecimalValue(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- UInt8(ascii: "a") &+ 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- UInt8(ascii: "A") &+ 10
  default: nil
  }
}

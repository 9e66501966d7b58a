internal import CVirtRuntime

/// What a byte of a URI may be, after RFC 3986.
struct ByteClass: OptionSet {
  /// The bits.
  let rawValue: UInt8
  /// `A` to `Z` and `a` to `z`.
  static let letter = ByteClass(rawValue: UInt8(VIRT_BYTE_LETTER))
  /// `0` to `9`.
  static let digit = ByteClass(rawValue: UInt8(VIRT_BYTE_DIGIT))
  /// `- . _ ~`
  static let mark = ByteClass(rawValue: UInt8(VIRT_BYTE_MARK))
  /// `! $ & ' ( ) * + , ; =`
  static let subDelimiter = ByteClass(rawValue: UInt8(VIRT_BYTE_DELIMITER))
  /// A digit to base 16.
  static let hexadecimal = ByteClass(rawValue: UInt8(VIRT_BYTE_HEXADECIMAL))
  /// `:`
  static let colon = ByteClass(rawValue: UInt8(VIRT_BYTE_COLON))
  /// `/`
  static let slash = ByteClass(rawValue: UInt8(VIRT_BYTE_SLASH))
  /// `@`
  static let atSign = ByteClass(rawValue: UInt8(VIRT_BYTE_AT))

  /// What needs no encoding anywhere.
  static var unreserved: ByteClass { [.letter, .digit, .mark] }
  /// What a name of a user or server may have.
  static var name: ByteClass { [.unreserved, .subDelimiter] }
  /// What a path may have.
  static var path: ByteClass { [.name, .colon, .atSign, .slash] }

  /// The class of one byte.
  @inline(__always)
  static func of(_ byte: UInt8) -> ByteClass { ByteClass(rawValue: virt_byte_class(byte)) }

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

/// A number in a text, as C reads it: white space and a sign may precede it, nothing follows it.
package struct NumberText {
  /// The number without its sign.
  package let magnitude: UInt64
  /// Whether a minus precedes it.
  package let isNegative: Bool

  /// Reads a text; nil when it is no number, or has more than 64 bits.
  ///
  /// - Parameter base: 10, 8 or 16, where `0x` may stand in front; 0 for what `0x` or `0` in front says.
  package init?(_ text: UnsafeBufferPointer<UInt8>, base: UInt8) {
    var index = 0
    while index < text.count, text[index] == 0x20 || (0x09...0x0d).contains(text[index]) { index += 1 }
    isNegative = index < text.count && text[index] == UInt8(ascii: "-")
    if isNegative || (index < text.count && text[index] == UInt8(ascii: "+")) { index += 1 }
    var base = UInt64(base)
    if base == 0 || base == 16, index + 2 < text.count, text[index] == UInt8(ascii: "0"),
      text[index + 1] | 0x20 == UInt8(ascii: "x")
    {
      base = 16
      index += 2
    } else if base == 0 {
      base = index + 1 < text.count && text[index] == UInt8(ascii: "0") ? 8 : 10
    }
    guard index < text.count else { return nil }
    var number: UInt64 = 0
    while index < text.count {
      guard let digit = Self.digit(text[index]), digit < base else { return nil }
      let (product, isTooMuch) = number.multipliedReportingOverflow(by: base)
      let (sum, isStillTooMuch) = product.addingReportingOverflow(digit)
      if isTooMuch || isStillTooMuch { return nil }
      number = sum
      index += 1
    }
    magnitude = number
  }

  /// What a hexadecimal digit stands for; nil for another letter.
  package static func digit(_ letter: UInt8) -> UInt64? {
    switch letter {
    case 0x30...0x39: UInt64(letter - 0x30)
    case 0x41...0x46: UInt64(letter - 0x41) + 10
    case 0x61...0x66: UInt64(letter - 0x61) + 10
    default: nil
    }
  }

  /// The number as documents write it.
  ///
  /// - Parameter digits: As many at least, in base 16 and behind 0x; 0 for base 10.
  func written(digits: Int) -> String {
    if digits == 0 { return (isNegative && magnitude > 0 ? "-" : "") + String(magnitude) }
    return String(hexadecimal: magnitude, digits: digits)
  }

  /// Whether it lies in a range.
  func isWithin(_ least: Int64, _ most: UInt64) -> Bool {
    if isNegative { return least < 0 && magnitude <= least.magnitude }
    return magnitude <= most && (least <= 0 || magnitude >= UInt64(least))
  }
}

extension String {
  /// A number in base 16, behind 0x, with as many digits at least.
  package init(hexadecimal number: UInt64, digits: Int) {
    let text = String(number, radix: 16)
    self = "0x" + String(repeating: "0", count: Swift.max(0, digits - text.utf8.count)) + text
  }
}

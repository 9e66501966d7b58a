package import VirtCore
package import VirtXML

/// Sizes as documents give them: a number and a unit.
package enum ScaledSize {
  /// Bytes in a unit; nil for no such unit. Letters of either case.
  static func scale(of unit: String) -> UInt64? {
    var unit = unit
    return unit.withUTF8 { letters in
      guard let first = letters.first else { return nil }
      if first | 0x20 == UInt8(ascii: "b") { return letters.isAny(of: "b", "byte", "bytes") ? 1 : nil }
      let orders: StaticString = "kmgtpe"
      for order in 0..<orders.utf8CodeUnitCount where orders.utf8Start[order] == first | 0x20 {
        let rest = UnsafeBufferPointer(rebasing: letters[1...])
        if rest.isEmpty || rest.isAny(of: "ib") { return 1 << (10 * UInt64(order + 1)) }
        return rest.isAny(of: "b") ? (0...order).reduce(1) { scale, _ in scale * 1000 } : nil
      }
      return nil
    }
  }

  /// So many of the unit that an attribute of an element says, in bytes; without a unit they are bytes.
  static func bytes(_ number: UInt64, of element: XMLElement, unit: StaticString = "unit", usual: String? = nil) throws(VirtError)
    -> UInt64
  {
    guard let unit = element.nonempty(unit) ?? usual else { return number }
    guard let scale = scale(of: unit) else { throw element.wrong(.invalidArg, "there is no unit '\(unit)'", .none) }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: scale)
    guard !overflow else { throw element.wrong(.overflow, "the size is too large: '\(number) \(unit)'", .none) }
    return bytes
  }

  /// The size in an element, in KiB, rounded up; nil for an empty one.
  package static func kibibytes(_ element: XMLElement) throws(VirtError) -> UInt64? {
    element.hasText ? try kibibytes(element.text, of: element) : nil
  }

  /// The size in a text, in KiB, rounded up; an attribute of the element says the unit.
  static func kibibytes(_ text: String, of element: XMLElement) throws(VirtError) -> UInt64 {
    guard let number = UInt64(text.filter { $0 != " " && $0 != "\n" && $0 != "\t" }) else {
      throw element.wrong(.xmlError, "this is no size: '\(text)'", .xml)
    }
    let unit = element.nonempty("unit") ?? "KiB"
    guard let scale = scale(of: unit) else { throw element.wrong(.invalidArg, "there is no unit '\(unit)'", .none) }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: scale)
    guard !overflow, bytes <= UInt64(Int64.max) else {
      throw element.wrong(.overflow, "the size is too large: '\(number) \(unit)'", .none)
    }
    return bytes / 1024 + (bytes % 1024 == 0 ? 0 : 1)
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether the bytes are one of the texts, which are of small letters, whatever the case of these here.
  fileprivate func isAny(of texts: StaticString...) -> Bool {
    texts.contains { text in
      text.utf8CodeUnitCount == count && indices.allSatisfy { self[$0] | 0x20 == text.utf8Start[$0] }
    }
  }
}

package import VirtCore
package import VirtXML

/// Sizes as documents give them: a number and a unit.
package enum ScaledSize {
  /// Bytes in a unit; nil for no such unit. Letters of either case.
  static func scale(of unit: String) -> UInt64? {
    switch unit.lowercased() {
    case "b", "byte", "bytes": 1
    case "kb": 1000
    case "k", "kib": 1 << 10
    case "mb": 1_000_000
    case "m", "mib": 1 << 20
    case "gb": 1_000_000_000
    case "g", "gib": 1 << 30
    case "tb": 1_000_000_000_000
    case "t", "tib": 1 << 40
    case "pb": 1_000_000_000_000_000
    case "p", "pib": 1 << 50
    case "eb": 1_000_000_000_000_000_000
    case "e", "eib": 1 << 60
    default: nil
    }
  }

  /// So many of a unit, in bytes; without a unit they are bytes.
  static func bytes(_ number: UInt64, _ unit: String?) throws(VirtError) -> UInt64 {
    guard let unit, !unit.isEmpty else { return number }
    guard let scale = scale(of: unit) else { throw VirtError(.invalidArg, .none, "there is no unit", unit) }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: scale)
    guard !overflow else { throw VirtError(.overflow, .none, "the size is too large", "\(number) \(unit)") }
    return bytes
  }

  /// The size in an element, in KiB, rounded up.
  package static func kibibytes(_ element: XMLElement) throws(VirtError) -> UInt64 {
    let unit = element["unit"] ?? "KiB"
    guard let number = UInt64(element.text.filter { $0 != " " && $0 != "\n" && $0 != "\t" }) else {
      throw VirtError(.xmlError, .xml, "<\(element.name)> holds no size: ", element)
    }
    guard let scale = scale(of: unit) else { throw VirtError(.invalidArg, .none, "there is no unit", unit) }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: scale)
    guard !overflow, bytes <= UInt64(Int64.max) else {
      throw VirtError(.overflow, .none, "the size is too large", "\(number) \(unit)")
    }
    return bytes / 1024 + (bytes % 1024 == 0 ? 0 : 1)
  }
}

extension VirtError {
  /// An error about what stands in an element.
  init(_ code: ErrorCode, _ domain: ErrorDomain, _ text: String, _ element: XMLElement) {
    self.init(code, domain, "", "\(text)\(element.text) (line \(element.line))")
  }
}

internal import VirtCore
internal import VirtXML

/// What a text in a document may be, and how it is written.
struct ValueRule: Sendable {
  /// What becomes of a text that is not there, or that is no such value.
  enum Lack: Sendable {
    /// It is left out.
    case leftOut
    /// The element that it stands in is left out.
    case elementLeftOut
    /// The document is refused.
    case refused(ErrorCode, ErrorDomain)
    /// This value is taken.
    case taken(String)
  }

  /// What reading gave.
  enum Outcome {
    case value(String)
    case nothing
    case noElement
  }

  /// The text as it is written; nil when it is no such value, and empty when it says as much as no text.
  let written: @Sendable (String) -> String?
  /// What is done without a text.
  var missing: Lack
  /// What is done with a wrong one.
  var wrong: Lack
  /// Whether an empty text counts as none.
  var emptyIsMissing = true

  /// The same rule with other consequences.
  func with(missing: Lack? = nil, wrong: Lack? = nil, emptyIsMissing: Bool? = nil) -> ValueRule {
    ValueRule(
      written: written, missing: missing ?? self.missing, wrong: wrong ?? self.wrong,
      emptyIsMissing: emptyIsMissing ?? self.emptyIsMissing)
  }

  /// Reads the value of an attribute, or the text of the element where no attribute is named.
  func read(_ attribute: String?, of element: XMLElement) throws(VirtError) -> Outcome {
    let text = attribute.map { element[$0] } ?? element.text
    guard let text, !(emptyIsMissing && text.isEmpty) else { return try outcome(missing, nil, attribute, element) }
    guard let value = written(text) else { return try outcome(wrong, text, attribute, element) }
    return value.isEmpty && !text.isEmpty ? try outcome(missing, nil, attribute, element) : .value(value)
  }

  private func outcome(
    _ lack: Lack, _ text: String?, _ attribute: String?, _ element: XMLElement
  ) throws(VirtError) -> Outcome {
    switch lack {
    case .leftOut: return .nothing
    case .elementLeftOut: return .noElement
    case .taken(let value): return .value(value)
    case .refused(let code, let domain):
      let what = attribute.map { "'\($0)'" } ?? "the text"
      throw element.wrong(code, text.map { "\(what) has no such value: '\($0)'" } ?? "\(what) is missing", domain)
    }
  }
}

extension ValueRule {
  /// Any text.
  static let text = ValueRule(written: { $0 }, missing: .leftOut, wrong: .leftOut)

  /// 1, or else 0.
  static let flag = ValueRule(written: { $0 == "1" ? "1" : "0" }, missing: .taken("0"), wrong: .taken("0"))

  /// A UUID, written with hyphens.
  static let uuid = ValueRule(
    written: { text in UUID(text.drop { $0 == " " }.description).map { "\($0)" } }, missing: .leftOut, wrong: .leftOut)

  /// One of some words.
  static func choice(_ words: [String]) -> ValueRule {
    ValueRule(written: { words.contains($0) ? $0 : nil }, missing: .leftOut, wrong: .leftOut)
  }

  /// A number that is not negative.
  ///
  /// - Parameters:
  ///   - radix: 10, 16, or 0 for what the number's prefix says.
  ///   - width: Digits that it is written with in base 16, behind 0x; nil for base 10.
  static func number(_ radix: Int = 10, upTo most: UInt64 = UInt64(UInt32.max), width: Int? = nil) -> ValueRule {
    ValueRule(
      written: { text in
        guard let number = parse(text, radix), number <= most else { return nil }
        return width.map { hexadecimal(number, $0) } ?? String(number)
      }, missing: .leftOut, wrong: .leftOut)
  }

  /// The same rule, but a negative number says as much as none.
  var ignoringNegatives: ValueRule {
    let written = self.written
    return ValueRule(
      written: { text in
        var text = text
        return text.withUTF8 { NumberText($0, base: 0)?.isNegative } == true ? "" : written(text)
      }, missing: missing, wrong: wrong, emptyIsMissing: emptyIsMissing)
  }

  /// The number in a text, as C reads it; nil for a negative one.
  static func parse(_ text: String, _ radix: Int) -> UInt64? { UInt64(number: text, base: UInt8(radix)) }

  /// A number in base 16, behind 0x.
  static func hexadecimal(_ number: UInt64, _ width: Int) -> String {
    let digits = String(number, radix: 16)
    return "0x" + String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

/// An error on its way to the C boundary: a typed value, whose text is written only when a caller will see it.
///
/// Throwing one costs no formatting. `text` is a static sentence fragment in our own words; `subject` is the name it is
/// about, shown in quotes behind it. Codes and domains are those of the public API.
public struct VirtError: Error, Sendable {
  /// What went wrong, by the public numbers (`VIR_ERR_…`).
  public let code: ErrorCode
  /// Who says so, by the public numbers (`VIR_FROM_…`).
  public let domain: ErrorDomain
  /// The constant part of the detail text; may be empty.
  public let text: StaticString
  /// The thing the text is about (a name, a path, a formatted explanation); may be empty.
  public let subject: String
  /// What a caller finds in the error's string and integer fields when they differ from the usual ones.
  public let details: ErrorDetails?

  /// Makes an error from a constant text and the name of the thing it is about.
  @inlinable
  public init(
    _ code: ErrorCode, _ domain: ErrorDomain, _ text: StaticString = "", _ subject: String = "",
    details: ErrorDetails? = nil
  ) {
    self.code = code
    self.domain = domain
    self.text = text
    self.subject = subject
    self.details = details
  }

  /// The detail text in full, as it follows the code's own sentence.
  public var detail: String {
    let constant = text.description
    if subject.isEmpty { return constant }
    return constant.isEmpty ? subject : "\(constant) '\(subject)'"
  }
}

/// The string and integer fields of an error where they are not the usual ones.
public final class ErrorDetails: Sendable {
  /// The three free strings.
  public let strings: (String?, String?, String?)
  /// The two free integers.
  public let integers: (Int32, Int32)

  /// Makes the fields; what is not given is absent (NULL, -1).
  public init(
    _ first: String? = nil, _ second: String? = nil, _ third: String? = nil, integers: (Int32, Int32) = (-1, -1)
  ) {
    strings = (first, second, third)
    self.integers = integers
  }
}

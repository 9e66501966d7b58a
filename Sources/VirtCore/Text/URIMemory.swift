/// A URI taken apart once and shared.
package final class SharedURI: Sendable {
  /// The text it was read from.
  package let text: String
  /// Its parts.
  package let uri: URI

  private init(_ text: String, _ uri: URI) {
    self.text = text
    self.uri = uri
  }

  private static let last = ProcessLock<SharedURI?>(nil)

  /// Takes a text apart, or finds that it was the last one: programs open the same URI again and again.
  package static func parse(_ text: String) throws(VirtError) -> SharedURI {
    let known = last.withLock { last in last?.text == text ? last : nil }
    if let known { return known }
    let fresh = SharedURI(text, try URI(parsing: text))
    last.withLock { $0 = fresh }
    return fresh
  }
}

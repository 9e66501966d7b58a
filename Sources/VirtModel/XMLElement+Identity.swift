package import VirtCore
package import VirtXML

extension XMLElement {
  /// What <name> and <uuid> of a document say; a UUID is made where there is none.
  func identity(for domain: ErrorDomain) throws(VirtError) -> (name: String, uuid: UUID) {
    guard let name = nonemptyText("name") else { throw wrong(.noName, "<name> is missing", domain) }
    guard !name.utf8.contains(UInt8(ascii: "/")) else { throw part("name", .xmlDetail, "a name has no slash: '\(name)'", .xml) }
    return (name, try uuid(.internalError, domain) ?? .random())
  }

  /// What <uuid> of a document says; nil when it says nothing.
  func uuid(_ code: ErrorCode, _ domain: ErrorDomain) throws(VirtError) -> UUID? {
    guard let text = nonemptyText("uuid") else { return nil }
    guard let uuid = UUID(text) else { throw part("uuid", code, "this is no UUID: '\(text)'", domain) }
    return uuid
  }

  /// An error about the first element of a name below, or about this one when there is none.
  package func part(_ name: StaticString, _ code: ErrorCode, _ rule: String, _ domain: ErrorDomain) -> VirtError {
    (first(name) ?? self).wrong(code, rule, domain)
  }

  /// The text of the first element of that name; nil when there is none.
  func nonemptyText(_ name: StaticString) -> String? {
    guard let text = first(name)?.text, !text.isEmpty else { return nil }
    return text
  }
}

extension XMLWriter {
  /// Writes a line with one element that holds a UUID.
  mutating func line(_ name: StaticString, _ uuid: UUID, _ depth: Int) {
    indent(depth)
    write("<")
    write(name)
    write(">")
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 36) { text in
      uuid.format(into: text)
      write(UnsafeBufferPointer(text))
    }
    write("</")
    write(name)
    write(">\n")
  }
}

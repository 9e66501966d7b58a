internal import VirtCore
internal import VirtXML

extension XMLElement {
  /// What <name> and <uuid> of a document say; a UUID is made where there is none.
  func identity(for domain: ErrorDomain) throws(VirtError) -> (name: String, uuid: UUID) {
    guard let name = nonemptyText("name") else { throw VirtError(.noName, domain, "<name> is missing in", self.name) }
    guard !name.utf8.contains(UInt8(ascii: "/")) else {
      throw VirtError(.xmlDetail, .xml, "a name must not contain a slash", name)
    }
    guard let text = nonemptyText("uuid") else { return (name, .random()) }
    guard let uuid = UUID(text) else { throw VirtError(.internalError, domain, "this is no UUID", text) }
    return (name, uuid)
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

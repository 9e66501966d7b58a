package import VirtCore
package import VirtXML

/// A storage pool as its document describes it. Immutable.
package final class StoragePoolDefinition: NamedDefinition {
  /// The pool's name.
  package let name: String
  /// The pool's UUID.
  package let uuid: UUID
  /// The pool's type.
  package let kind: StoragePoolKind
  /// The path under which its volumes appear; nil when they appear nowhere.
  package let path: String?
  private let attributes: [XMLAttribute]
  /// All but name and UUID, in the order it is written, what this library does not know last.
  private let parts: [XMLElement]
  private let front = FormattedText()
  private let back = FormattedText()

  /// Makes a definition from values, which are arranged and complete; the first attribute is the type.
  package init(
    name: String, uuid: UUID, kind: StoragePoolKind, path: String?, attributes: [XMLAttribute], parts: [XMLElement]
  ) {
    (self.name, self.uuid, self.kind, self.path) = (name, uuid, kind, path)
    (self.attributes, self.parts) = (attributes, parts)
  }

  /// The source; nil when there is nothing to say about it.
  var source: XMLElement? { parts.first { $0.isNamed("source") } }

  /// The path and the key of a volume of that name.
  package func place(of volume: String) -> String {
    let folder = path ?? source?.first("name")?.text ?? source?.first("device")?["path"] ?? name
    return folder.hasSuffix("/") ? folder + volume : folder + "/" + volume
  }

  /// Sizes of a pool, in bytes.
  package struct Sizes: Sendable {
    /// All of it, and what its volumes take.
    package var capacity, allocation: UInt64
    /// What is left.
    package var available: UInt64 { capacity > allocation ? capacity - allocation : 0 }

    /// Names sizes.
    package init(capacity: UInt64, allocation: UInt64) { (self.capacity, self.allocation) = (capacity, allocation) }
  }

  /// The document of a pool of these sizes. All but the sizes is made once.
  package func text(_ sizes: Sizes) -> [UInt8] {
    let front = front.bytes {
      var writer = XMLWriter(capacity: 256)
      writer.write("<pool")
      writer.write(attributes)
      writer.write(">\n")
      writer.line("name", name, 1)
      writer.line("uuid", uuid, 1)
      return writer.array
    }
    let back = back.bytes {
      var writer = XMLWriter(capacity: 512)
      for part in parts { Self.write(part, to: &writer) }
      writer.write("</pool>\n")
      return writer.array
    }
    var writer = XMLWriter(capacity: front.count + back.count + 256)
    writer.write(front)
    writer.size("capacity", sizes.capacity)
    writer.size("allocation", sizes.allocation)
    writer.size("available", sizes.available)
    writer.write(back)
    return writer.array
  }

  /// A source has a last line of its own even when nothing stands in it.
  private static func write(_ part: XMLElement, to writer: inout XMLWriter) {
    guard part.isEmpty, part.isNamed("source") else { return writer.write(part, depth: 1) }
    writer.write("  <source")
    writer.write(part.attributes)
    writer.write(">\n  </source>\n")
  }
}

extension XMLWriter {
  /// Writes a line with a size in bytes.
  mutating func size(_ name: StaticString, _ bytes: UInt64) {
    write("  <")
    write(name)
    write(" unit='bytes'>")
    write(number: bytes)
    write("</")
    write(name)
    write(">\n")
  }
}

package import VirtCore
package import VirtXML

/// A domain as its document describes it. Immutable: a change makes another one that shares what stayed.
package final class DomainDefinition: NamedDefinition {
  /// What it says.
  package let values: DomainValues
  /// Its text as it was asked for last.
  private let kept = Lock<Text?>(nil)

  /// A formatted document.
  private struct Text: Sendable {
    /// The number in its first line; negative when there is none.
    var id: Int32
    /// Where the second line begins.
    var second: Int32
    var bytes: [UInt8]
  }

  /// Makes a definition from values.
  package init(_ values: DomainValues) { self.values = values }

  /// The domain's name.
  package var name: String { values.name }
  /// The domain's UUID.
  package var uuid: UUID { values.uuid }

  /// A definition with something changed.
  package func changing(_ change: (inout DomainValues) -> Void) -> DomainDefinition {
    var values = self.values
    change(&values)
    return DomainDefinition(values)
  }

  /// The document without passwords. Made once; another number replaces the first line only.
  ///
  /// - Parameter id: The number of the running domain; a negative one is left out.
  package func text(id: Int32) -> [UInt8] {
    kept.withLock { kept in kept?.id == id ? kept?.bytes : nil } ?? make(id).bytes
  }

  /// The document with passwords.
  package func textWithSecrets(id: Int32) -> [UInt8] {
    guard values.hardware.hasSecrets else { return text(id: id) }
    var writer = XMLWriter(capacity: 4096)
    writeFirstLine(to: &writer, id: id)
    writeBody(to: &writer, secrets: true)
    return writer.array
  }

  /// Formats outside the lock; twice when two threads are first.
  private func make(_ id: Int32) -> Text {
    let known = kept.withLock { $0 }
    // Room for most domains, and little enough for the allocator to keep it apart from what stays.
    var writer = XMLWriter(capacity: (known?.bytes.count ?? 480 + values.hardware.devices.count * 256) + 32)
    writeFirstLine(to: &writer, id: id)
    let second = writer.count
    if let known {
      known.bytes[Int(known.second)...].withUnsafeBufferPointer { writer.write($0) }
    } else {
      writeBody(to: &writer, secrets: false)
    }
    let made = Text(id: id, second: Int32(clamping: second), bytes: writer.array)
    kept.withLock { $0 = made }
    return made
  }

  private func writeFirstLine(to writer: inout XMLWriter, id: Int32) {
    writer.write("<domain type='")
    writer.write(escaped: values.type)
    if id >= 0 {
      writer.write("' id='")
      writer.write(number: UInt64(id))
    }
    writer.write("'")
    writer.write(values.declarations)
    writer.write(">\n")
  }

  /// Writes the document as part of another one, without the number of a running domain.
  package func write(to writer: inout XMLWriter, depth: Int, as element: StaticString = "domain", secrets: Bool = false) {
    writer.indent(depth)
    writer.write("<")
    writer.write(element)
    writer.write(" type='")
    writer.write(escaped: values.type)
    writer.write("'")
    writer.write(values.declarations)
    writer.write(">\n")
    let text = secrets ? textWithSecrets(id: -1) : text(id: -1)
    let second = (text.firstIndex(of: 0x0a) ?? 0) + 1
    writer.write(lines: text[second...].dropLast(DomainHardware.lastLine.utf8CodeUnitCount), indentedBy: depth)
    writer.indent(depth)
    writer.write("</")
    writer.write(element)
    writer.write(">\n")
  }
}

extension XMLWriter {
  /// Writes lines, each moved to the right.
  fileprivate mutating func write(lines: ArraySlice<UInt8>, indentedBy depth: Int) {
    lines.withUnsafeBufferPointer { bytes in
      var start = 0
      while start < bytes.count {
        let rest = UnsafeBufferPointer(rebasing: bytes[start...])
        let length = (rest.firstIndex(of: 0x0a) ?? rest.count - 1) + 1
        indent(depth)
        write(UnsafeBufferPointer(rebasing: rest[..<length]))
        start += length
      }
    }
  }
}

package import VirtCore
package import VirtXML

/// A domain as its document describes it. Immutable: a change makes another one that shares what stayed.
package final class DomainDefinition: Sendable {
  /// What it says.
  package let values: DomainValues
  private let text = FormattedText()

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

  /// Writes the document.
  ///
  /// - Parameters:
  ///   - id: The number of the running domain; nil leaves it out.
  ///   - secrets: Whether passwords are written.
  package func write(to writer: inout XMLWriter, id: Int32? = nil, secrets: Bool = false) {
    writer.write("<domain type='")
    writer.write(escaped: values.type)
    if let id, id >= 0 {
      writer.write("' id='")
      writer.write(number: UInt64(id))
    }
    writer.write("'>\n")
    guard !secrets || !values.hardware.hasSecrets else { return writeBody(to: &writer, secrets: true) }
    writer.write(body)
  }

  /// Everything behind the first line, without secrets.
  private var body: [UInt8] {
    text.bytes {
      var writer = XMLWriter(capacity: 1024 + values.hardware.devices.count * 256)
      writeBody(to: &writer, secrets: false)
      return writer.array
    }
  }

  /// Writes the document as part of another one, without the number of a running domain.
  package func write(to writer: inout XMLWriter, depth: Int, as element: StaticString = "domain", secrets: Bool = false) {
    writer.indent(depth)
    writer.write("<")
    writer.write(element)
    writer.write(" type='")
    writer.write(escaped: values.type)
    writer.write("'>\n")
    if secrets && values.hardware.hasSecrets {
      var own = XMLWriter()
      writeBody(to: &own, secrets: true)
      writer.write(lines: own.array.dropLast(DomainHardware.lastLine.utf8CodeUnitCount), indentedBy: depth)
    } else {
      writer.write(lines: body.dropLast(DomainHardware.lastLine.utf8CodeUnitCount), indentedBy: depth)
    }
    writer.indent(depth)
    writer.write("</")
    writer.write(element)
    writer.write(">\n")
  }
}

extension XMLWriter {
  /// Writes lines, each moved to the right.
  fileprivate mutating func write(lines: ArraySlice<UInt8>, indentedBy depth: Int) {
    var rest = lines
    while let end = rest.firstIndex(of: 0x0a) {
      indent(depth)
      rest[...end].withUnsafeBufferPointer { write($0) }
      rest = rest[(end + 1)...]
    }
  }
}

package import VirtXML

/// What a volume's document says.
package struct StorageVolumeValues: Sendable {
  /// Unique in its pool.
  package var name: String
  /// Where it appears.
  package var path = ""
  /// Unique among all volumes.
  package var key = ""
  /// What documents call its kind.
  package var type = "file"
  /// How large it looks and how much it takes, in bytes.
  package var capacity: UInt64
  package var allocation: UInt64
  /// How its content is laid out; nil when volumes of its pool have no format.
  package var format: String?
  /// Attributes that this library does not know.
  package var attributes: [XMLAttribute] = []
  /// All else of its target, in the order it is written.
  package var target: [XMLElement] = []
  /// All else, in the order it is written.
  package var parts: [XMLElement] = []

  /// A volume with nothing but a name and sizes.
  package init(name: String, capacity: UInt64, allocation: UInt64) {
    self.name = name
    self.capacity = capacity
    self.allocation = allocation
  }
}

/// A volume as its document describes it. Immutable: a change makes another one that shares what stayed.
package final class StorageVolumeDefinition: Sendable {
  /// What it says.
  package let values: StorageVolumeValues
  private let kept = FormattedText()

  /// Makes a definition from values, which are arranged and complete.
  package init(_ values: StorageVolumeValues) { self.values = values }

  /// A definition with something changed.
  package func changing(_ change: (inout StorageVolumeValues) -> Void) -> StorageVolumeDefinition {
    var values = self.values
    change(&values)
    return StorageVolumeDefinition(values)
  }

  /// The document; made once.
  package var text: [UInt8] {
    kept.bytes {
      var writer = XMLWriter(capacity: 512)
      writer.write("<volume type='")
      writer.write(verbatim: values.type)
      writer.write("'")
      writer.write(values.attributes)
      writer.write(">\n")
      writer.line("name", values.name, 1)
      writer.line("key", values.key, 1)
      writer.size("capacity", values.capacity)
      writer.size("allocation", values.allocation)
      writer.write("  <target>\n")
      writer.line("path", values.path, 2)
      if let format = values.format {
        writer.write("    <format type='")
        writer.write(verbatim: format)
        writer.write("'/>\n")
      }
      for part in values.target { Self.write(part, to: &writer) }
      writer.write("  </target>\n")
      for part in values.parts { writer.write(part, depth: 1) }
      writer.write("</volume>\n")
      return writer.array
    }
  }

  /// An encryption has a last line of its own even when nothing stands in it.
  private static func write(_ part: XMLElement, to writer: inout XMLWriter) {
    guard part.isEmpty, part.isNamed("encryption") else { return writer.write(part, depth: 2) }
    writer.write("    <encryption")
    writer.write(part.attributes)
    writer.write(">\n    </encryption>\n")
  }
}

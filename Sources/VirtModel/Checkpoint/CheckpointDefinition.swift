package import VirtXML

/// A checkpoint as its document describes it: from when on changes of disks are remembered.
package struct CheckpointDefinition: Sendable {
  /// Unique in its domain.
  package var name: String
  /// Text for people.
  package var description: String?
  /// Seconds since 1970.
  package var creationTime: Int64
  /// What happens to each disk.
  package var disks: [Disk]
  /// The domain as it was; absent where a redefinition left it out.
  package var domain: DomainDefinition?

  /// What a checkpoint remembers of one disk.
  package struct Disk: Sendable, Equatable {
    /// The name by which the guest sees it.
    package var name: String
    /// The bitmap with what changed; absent when the disk takes no part.
    package var bitmap: String?

    /// Says what is remembered of a disk.
    package init(name: String, bitmap: String?) {
      self.name = name
      self.bitmap = bitmap
    }
  }

  /// Makes a definition from values.
  package init(name: String, description: String?, creationTime: Int64, disks: [Disk], domain: DomainDefinition?) {
    self.name = name
    self.description = description
    self.creationTime = creationTime
    self.disks = disks
    self.domain = domain
  }

  /// Writes the document.
  ///
  /// - Parameters:
  ///   - parent: The name of the checkpoint before it now.
  ///   - secrets: Whether passwords are written; nil leaves the domain out.
  ///   - changed: How many bytes changed since on each disk that takes part, where that is asked for.
  package func write(to writer: inout XMLWriter, parent: String?, secrets: Bool?, changed: UInt64? = nil) {
    writer.write("<domaincheckpoint>\n")
    writer.line("name", name, 1)
    if let description { writer.line("description", description, 1) }
    if let parent {
      writer.write("  <parent>\n")
      writer.line("name", parent, 2)
      writer.write("  </parent>\n")
    }
    writer.write("  <creationTime>")
    writer.write(number: UInt64(max(0, creationTime)))
    writer.write("</creationTime>\n")
    if !disks.isEmpty {
      writer.write("  <disks>\n")
      for disk in disks {
        let kept = disk.bitmap.map { [XMLAttribute("checkpoint", "bitmap"), XMLAttribute("bitmap", $0)] }
        var attributes = [XMLAttribute("name", disk.name)] + (kept ?? [XMLAttribute("checkpoint", "no")])
        if let changed, disk.bitmap != nil { attributes.append(XMLAttribute("size", String(changed))) }
        writer.write(XMLElement("disk", attributes, []), depth: 2)
      }
      writer.write("  </disks>\n")
    }
    if let secrets { domain?.write(to: &writer, depth: 1, secrets: secrets) }
    writer.write("</domaincheckpoint>\n")
  }
}

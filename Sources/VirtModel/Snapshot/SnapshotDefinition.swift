internal import VirtCore
package import VirtXML

/// A snapshot as its document describes it. Its domains are shared with what was there when it was made.
package struct SnapshotDefinition: Sendable {
  /// Unique in its domain.
  package var name: String
  /// Text for people.
  package var description: String?
  /// What the domain did: the name of a `virDomainState`, or `disk-snapshot`.
  package var state: String
  /// The name of the snapshot before it; absent for a root.
  package var parent: String?
  /// Seconds since 1970.
  package var creationTime: Int64
  /// Where memory is kept.
  package var memory: Place
  /// Where a file with memory is, when memory is kept outside.
  package var memoryFile: String?
  /// What happens to each disk.
  package var disks: [Disk]
  /// The domain as it was; absent in documents of old programs.
  package var domain: DomainDefinition?
  /// How it would have started next, when that differs.
  package var inactiveDomain: DomainDefinition?
  /// What else the document says.
  package var other: [XMLElement]

  /// Where something is kept.
  package enum Place: String, Sendable {
    /// Nowhere.
    case none = "no"
    /// In the disk image itself.
    case `internal`
    /// In a file of its own.
    case external
    /// By somebody else.
    case manual
  }

  /// What happens to one disk.
  package struct Disk: Sendable, Equatable {
    /// The name by which the guest sees it.
    package var name: String
    /// Where its contents are kept; absent where the document says nothing.
    package var place: Place?
    /// What else the document says about it.
    package var content: [XMLContent] = []
    /// Its other attributes.
    package var attributes: [XMLAttribute] = []
    /// Where a document names the disk, for errors; 0 for what no document had.
    package var line = 0

    /// Says where a disk is kept.
    package init(name: String, place: Place?) {
      self.name = name
      self.place = place
    }
  }

  /// Makes a definition from values.
  package init(name: String, state: String, creationTime: Int64, memory: Place) {
    self.name = name
    self.state = state
    self.creationTime = creationTime
    self.memory = memory
    disks = []
    other = []
  }

  /// Writes the document.
  ///
  /// - Parameters:
  ///   - parent: The name of the snapshot before it now.
  ///   - secrets: Whether passwords are written.
  package func write(to writer: inout XMLWriter, parent: String?, secrets: Bool) {
    writer.write("<domainsnapshot>\n")
    writer.line("name", name, 1)
    if let description { writer.line("description", description, 1) }
    writer.line("state", state, 1)
    if let parent {
      writer.write("  <parent>\n")
      writer.line("name", parent, 2)
      writer.write("  </parent>\n")
    }
    writer.write(creationTime < 0 ? "  <creationTime>-" : "  <creationTime>")
    writer.write(number: creationTime.magnitude)
    writer.write("</creationTime>\n")
    writer.write("  <memory snapshot='")
    writer.write(escaped: memory.rawValue)
    if let memoryFile {
      writer.write("' file='")
      writer.write(escaped: memoryFile)
    }
    writer.write("'/>\n")
    if !disks.isEmpty {
      writer.write("  <disks>\n")
      for disk in disks {
        let attributes = [XMLAttribute("name", disk.name)] + (disk.place.map { [XMLAttribute("snapshot", $0.rawValue)] } ?? [])
        writer.write(XMLElement("disk", attributes + disk.attributes, disk.content), depth: 2)
      }
      writer.write("  </disks>\n")
    }
    domain?.write(to: &writer, depth: 1, secrets: secrets)
    inactiveDomain?.write(to: &writer, depth: 1, as: "inactiveDomain", secrets: secrets)
    for element in other { writer.write(element, depth: 1) }
    writer.write("</domainsnapshot>\n")
  }
}

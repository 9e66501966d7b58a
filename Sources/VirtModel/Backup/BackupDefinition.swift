package import VirtCore
package import VirtXML

/// A backup job as its document describes it: a view, which keeps what nobody here knows.
package struct BackupDefinition: Sendable {
  /// The document.
  package let element: XMLElement

  /// What becomes of one disk.
  package struct Disk: Sendable {
    /// Its element.
    package let element: XMLElement

    /// The name by which the guest sees it.
    package var name: String { element["name"] ?? "" }
    /// Whether it is backed up.
    package var isKept: Bool { !element.has("backup", "no") }
    /// The checkpoint since which changes are taken; nil for the whole disk.
    package var base: String? { isWhole ? nil : element.nonempty("incremental") }
    /// Whether the document says that it is backed up as a whole.
    var isWhole: Bool { element.has("backupmode", "full") }
    /// The name under which a server has it.
    package var exportName: String? { element["exportname"] }
    /// The file or device that is written to, or that keeps what changes while somebody reads.
    package var path: String? {
      (element.first("target") ?? element.first("scratch")).flatMap { $0["file"] ?? $0["dev"] }
    }
  }

  private init(_ element: XMLElement) { self.element = element }

  /// Reads what a program asked for.
  ///
  /// - Throws: What is wrong with it, with the element and its line.
  package init(reading element: XMLElement) throws(VirtError) {
    try element.expect("domainbackup")
    try DocumentGrammar.backup.check(element)
    self.element = DocumentGrammar.backup.arranged(element)
    guard isPush || element.first("server") != nil else {
      throw element.wrong(.xmlError, "a backup to be pulled needs a <server>")
    }
    var names: Set<String> = []
    for disk in disks {
      guard !disk.name.isEmpty else { throw disk.element.wrong(.xmlError, "a 'name' is missing") }
      guard names.insert(disk.name).inserted else { throw disk.element.wrong(.xmlError, "disk '\(disk.name)' is there twice") }
    }
  }

  /// Whether files are written; the other kind is read by somebody from a server.
  package var isPush: Bool { !element.has("mode", "pull") }
  /// The checkpoint since which changes are taken, for disks that name none; nil for whole disks.
  package var base: String? { element.nonemptyText("incremental") }
  /// What it says of disks.
  package var disks: [Disk] { element.first("disks")?.all("disk").map { Disk(element: $0) } ?? [] }
  /// Whether it leaves disks to the driver.
  package var leavesDisks: Bool { element.first("disks") == nil }

  /// The same, with all that is left out filled in for a domain's disks, in their order.
  ///
  /// - Throws: That the domain has no such disk.
  package func completed(for domain: DomainDefinition) throws(VirtError) -> BackupDefinition {
    let devices = domain.values.hardware.devices.filter { $0.kind == .disk }.map(\.element)
    let asked = disks
    for disk in asked where !devices.contains(where: { VirtModel.Disk.target($0) == disk.name }) {
      throw disk.element.wrong(.configUnsupported, "the domain has no disk '\(disk.name)'")
    }
    let complete = devices.map { device in
      let name = VirtModel.Disk.target(device)
      let said = asked.first { $0.name == name }
      let isKept = device.first("readonly") == nil && device.first("source") != nil && (said?.isKept ?? leavesDisks)
      guard isKept else { return XMLElement("disk", [XMLAttribute("name", name), XMLAttribute("backup", "no")]) }
      return completed(said ?? Disk(element: XMLElement("disk", [XMLAttribute("name", name)])), of: device)
    }
    let full = element.setting("mode", isPush ? "push" : "pull").replacing("disks", with: XMLElement("disks", elements: complete))
    return BackupDefinition(DocumentGrammar.backup.arranged(full))
  }

  private func completed(_ disk: Disk, of device: XMLElement) -> XMLElement {
    let type = disk.element["type"] ?? "file"
    let base = disk.isWhole ? nil : disk.base ?? self.base
    let said = disk.element.setting("backup", "yes").setting("type", type)
      .setting("backupmode", base == nil ? "full" : "incremental").setting("incremental", base)
    guard isPush else { return said.setting("exportname", disk.exportName ?? disk.name) }
    guard said.first("target") == nil else { return said }
    let path = DiskChain(device).layers[0].path ?? disk.name
    return said.appending(XMLElement("target", [XMLAttribute(type == "block" ? "dev" : "file", "\(path).backup")]))
  }
}

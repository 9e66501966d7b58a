internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension TestDriver {
  /// Backups, as jobs in memory: nothing is copied.
  static var backupOperations: [Operation<TestDriver>] {
    [.domainBackupBegin { $0.beginBackup }, .domainBackupGetXMLDesc { $0.describeBackup }]
  }

  private func beginBackup(
    _ domain: Domain, _ document: BorrowedText, _ checkpoint: BorrowedText?, _ flags: DomainBackupBeginFlags
  ) throws(VirtError) {
    try accept(flags, only: .known, in: "domainBackupBegin")
    let element = try XMLReader.read(document.bytes, for: .domain)
    let isPush = try Self.check(element)
    let request = try checkpoint.map { (checkpoint) throws(VirtError) in
      try CheckpointRequest.read(try XMLReader.read(checkpoint.bytes, for: .domainCheckpoint), world.context, isExisting: false)
    }
    try with(domain) { (record) throws(VirtError) in
      guard record.isActive else { throw Impact.notRunning(record) }
      guard record.job == nil else {
        throw VirtError(.operationInvalid, .test, "the domain has a job already:", record.definition.name)
      }
      if let base = element.first("incremental")?.text, record.checkpoints.forest[base] == nil {
        throw VirtError(.noDomainCheckpoint, .test, "there is no checkpoint named", base)
      }
      let (complete, size) = try Self.complete(element, isPush, of: record)
      if let request { _ = try Self.make(request, in: &record) }
      record.backup = complete
      record.job = .begin(.backup, size: size, endsByItself: isPush)
    }
  }

  /// Whether files are written to; the other kind is read by somebody from a server.
  private static func check(_ element: XMLElement) throws(VirtError) -> Bool {
    try element.expect("domainbackup")
    switch element["mode"] ?? "push" {
    case "push": return true
    case "pull":
      guard element.first("server") != nil else { throw element.wrong(.xmlError, "a backup to be pulled needs a <server>") }
      return false
    case let mode: throw element.noSuchValue("mode", mode, .xmlError, .domain)
    }
  }

  /// The document with what it leaves out, and how many bytes there are to back up.
  private static func complete(
    _ element: XMLElement, _ isPush: Bool, of record: DomainRecord
  ) throws(VirtError) -> (XMLElement, UInt64) {
    let asked = element.first("disks").map { $0.elements.filter { $0.isNamed("disk") } }
    let devices = record.definition.values.hardware.devices.filter { $0.kind == .disk }.map(\.element)
    for disk in asked ?? [] {
      guard let name = disk["name"] else { throw disk.wrong(.xmlError, "'name' is missing") }
      guard devices.contains(where: { Disk.target($0) == name }) else {
        throw disk.wrong(.configUnsupported, "the domain has no disk '\(name)'")
      }
    }
    var size: UInt64 = 0
    let disks = try devices.map { (device) throws(VirtError) -> XMLElement in
      let name = Disk.target(device)
      let isKept = device.first("readonly") == nil && device.first("source") != nil
      let said = asked?.first { $0["name"] == name }
      guard isKept, said.map({ !$0.has("backup", "no") }) ?? (asked == nil) else {
        return XMLElement("disk", [XMLAttribute("name", name), XMLAttribute("backup", "no")])
      }
      size = size.addingReportingOverflow(record.size(ofDisk: name)).partialValue
      let disk = said ?? XMLElement("disk", [XMLAttribute("name", name)])
      var complete = disk.setting("backup", "yes").setting("type", disk["type"] ?? "file")
      if let base = disk.has("backupmode", "full") ? nil : disk["incremental"] ?? element.first("incremental")?.text {
        try check(base, remembers: name, in: record)
        complete = complete.setting("backupmode", "incremental").setting("incremental", base)
      } else {
        complete = complete.setting("backupmode", "full")
      }
      guard isPush else { return complete.setting("exportname", disk["exportname"] ?? name) }
      guard complete.first("target") == nil else { return complete }
      let path = DiskChain(device).layers[0].path ?? name
      let target = disk["type"] == "block" ? "dev" : "file"
      return complete.appending(XMLElement("target", [XMLAttribute(target, "\(path).backup")]))
    }
    guard size > 0 else {
      throw VirtError(.operationInvalid, .test, "there is no disk to back up in", record.definition.name)
    }
    let list = XMLElement("disks", [], disks.map { .element($0) })
    return (element.setting("mode", isPush ? "push" : "pull").replacing("disks", with: list), size)
  }

  /// Refuses a base of a backup that does not say what changed on a disk since.
  private static func check(_ base: String, remembers disk: String, in record: DomainRecord) throws(VirtError) {
    guard let checkpoint = record.checkpoints.forest[base] else {
      throw VirtError(.noDomainCheckpoint, .test, "there is no checkpoint named", base)
    }
    guard checkpoint.definition.disks.contains(where: { $0.name == disk && $0.bitmap != nil }) else {
      throw VirtError(.checkpointInconsistent, .test, "", "checkpoint '\(base)' does not know what changed on disk '\(disk)'")
    }
  }

  private func describeBackup(_ domain: Domain, _ flags: UInt32) throws(VirtError) -> HostString {
    try acceptNone(flags, in: "domainBackupGetXMLDesc")
    let backup = try with(domain) { (record) throws(VirtError) -> XMLElement in
      guard record.isActive else { throw Impact.notRunning(record) }
      guard let backup = record.backup else {
        throw VirtError(.noDomainBackup, .test, "the domain has no backup job:", record.definition.name)
      }
      return backup
    }
    var writer = XMLWriter(capacity: 1024)
    writer.write(backup, depth: 0)
    return try HostString(writer.bytes)
  }
}

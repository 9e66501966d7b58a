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
    let backup = try BackupDefinition(reading: try XMLReader.read(document.bytes, for: .domain))
    let request = try checkpoint.map { (checkpoint) throws(VirtError) in
      try CheckpointRequest.read(try XMLReader.read(checkpoint.bytes, for: .domainCheckpoint), world.context, isExisting: false)
    }
    try with(domain) { (record) throws(VirtError) in
      guard record.isActive else { throw Impact.notRunning(record) }
      guard record.job == nil else {
        throw VirtError(.operationInvalid, .test, "the domain has a job already:", record.definition.name)
      }
      if let base = backup.base, record.checkpoints.forest[base] == nil {
        throw VirtError(.noDomainCheckpoint, .test, "there is no checkpoint named", base)
      }
      let complete = try backup.completed(for: record.definition)
      var size: UInt64 = 0
      for disk in complete.disks where disk.isKept {
        if let base = disk.base { try Self.check(base, remembers: disk.name, in: record) }
        size = size.addingReportingOverflow(record.size(ofDisk: disk.name)).partialValue
      }
      guard size > 0 else {
        throw VirtError(.operationInvalid, .test, "there is no disk to back up in", record.definition.name)
      }
      if let request { _ = try Self.make(request, in: &record) }
      record.backup = complete
      record.job = .begin(.backup, size: size, endsByItself: complete.isPush)
    }
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
    let backup = try with(domain) { (record) throws(VirtError) -> BackupDefinition in
      guard record.isActive else { throw Impact.notRunning(record) }
      guard let backup = record.backup else {
        throw VirtError(.noDomainBackup, .test, "the domain has no backup job:", record.definition.name)
      }
      return backup
    }
    var writer = XMLWriter(capacity: 1024)
    writer.write(backup.element, depth: 0)
    return try HostString(writer.bytes)
  }
}

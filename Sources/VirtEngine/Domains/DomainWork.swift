package import VirtModel

/// Work on a domain, and what was set for it.
struct DomainWork: Sendable {
  var blockJobs: [String: BlockJob] = [:]
  var diskSizes: [String: UInt64] = [:]
  var job: DomainJob?
  var lastJob: DomainJob?
  var backup: BackupDefinition?
  var migration = MigrationLimits()
  var files: Descriptors?
  var viewers: [Descriptors] = []
  var thresholds: [String: UInt64] = [:]
  var bitmaps: Set<DiskBitmap> = []

  /// Ends what does not outlive the guest.
  mutating func stop() {
    blockJobs = [:]
    job = nil
    backup = nil
    files = nil
    viewers = []
    thresholds = [:]
  }
}

extension DomainRecord {
  var work: DomainWork {
    get { worked.first ?? DomainWork() }
    _modify {
      if worked.isEmpty { worked = [DomainWork()] }
      yield &worked[0]
    }
  }

  /// Jobs on its disks, by the guest's names for them.
  package var blockJobs: [String: BlockJob] {
    get { worked.first?.blockJobs ?? [:] }
    _modify { yield &work.blockJobs }
  }

  /// Sizes of its disks in bytes, where they were set; by the same names.
  package var diskSizes: [String: UInt64] {
    get { worked.first?.diskSizes ?? [:] }
    _modify { yield &work.diskSizes }
  }

  /// Work on the domain as a whole: what goes on.
  package var job: DomainJob? {
    get { worked.first?.job }
    _modify { yield &work.job }
  }

  /// The work on the domain as a whole that ended last.
  package var lastJob: DomainJob? {
    get { worked.first?.lastJob }
    _modify { yield &work.lastJob }
  }

  /// The backup that goes on.
  package var backup: BackupDefinition? {
    get { worked.first?.backup }
    _modify { yield &work.backup }
  }

  /// What limits a move to another host.
  package var migration: MigrationLimits {
    get { worked.first?.migration ?? MigrationLimits() }
    _modify { yield &work.migration }
  }

  /// Descriptors that its first process has while it runs.
  package var files: Descriptors? {
    get { worked.first?.files }
    _modify { yield &work.files }
  }

  /// Connections to its graphical consoles.
  package var viewers: [Descriptors] {
    get { worked.first?.viewers ?? [] }
    _modify { yield &work.viewers }
  }

  /// From which byte on writing to a disk is told, once; by the guest's names for them.
  package var thresholds: [String: UInt64] {
    get { worked.first?.thresholds ?? [:] }
    _modify { yield &work.thresholds }
  }

  /// Bitmaps that checkpoints left in its disks when only what was known of them went.
  package var bitmaps: Set<DiskBitmap> {
    get { worked.first?.bitmaps ?? [] }
    _modify { yield &work.bitmaps }
  }
}

/// A bitmap in a disk.
package struct DiskBitmap: Sendable, Hashable {
  /// The disk as the guest sees it.
  package let disk: String
  /// Unique in the disk.
  package let name: String

  /// Names the disk as the guest sees it.
  package init(disk: String, name: String) {
    self.disk = disk
    self.name = name
  }
}

internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension TestDriver {
  /// What the driver does with checkpoints.
  static var checkpointOperations: [Operation<TestDriver>] {
    [
      .domainCheckpointCreateXML { $0.createCheckpoint }, .domainListAllCheckpoints { $0.list },
      .domainCheckpointListAllChildren { $0.list }, .domainCheckpointLookupByName { $0.lookUp },
      .domainCheckpointGetParent { $0.parent }, .domainCheckpointGetXMLDesc { $0.describe }, .domainCheckpointDelete { $0.delete },
    ]
  }

  typealias Checkpoint = Moment<CheckpointDefinition>

  /// Does something with a checkpoint, under its domain's lock.
  private func with<Result: Sendable>(
    _ handle: DomainCheckpoint, _ body: (Checkpoint, inout DomainRecord) throws(VirtError) -> Result
  ) throws(VirtError) -> Result {
    let (domain, name) = try Self.identity(handle)
    return try with(domain) { (record) throws(VirtError) -> Result in
      try body(try Self.find(name, in: record), &record)
    }
  }

  private static func identity(_ handle: DomainCheckpoint) throws(VirtError) -> (Domain, String) {
    guard let domain = handle.domain, let name = handle.name else {
      throw VirtError(.invalidDomainCheckpoint, .test, "the checkpoint has no domain")
    }
    return (domain, name.string)
  }

  private static func find(_ name: String, in record: DomainRecord) throws(VirtError) -> Checkpoint {
    guard !record.checkpoints.isEmpty, let found = record.checkpoints.forest[name] else {
      throw VirtError(.noDomainCheckpoint, .test, "there is no checkpoint named", name)
    }
    return found
  }

  // MARK: - Lists

  private func list(
    _ domain: Domain, _ list: inout HandleList<DomainCheckpoint>, _ flags: DomainCheckpointListFlags
  ) throws(VirtError) {
    try accept(flags, only: .known, in: "domainListAllCheckpoints")
    let names = try with(domain) { record in
      record.checkpoints.isEmpty
        ? [] : Self.shown(record.checkpoints.forest.list(below: nil, deep: !flags.contains(.roots)), flags)
    }
    try fill(&list, names, of: domain)
  }

  private func list(
    _ checkpoint: DomainCheckpoint, _ list: inout HandleList<DomainCheckpoint>, _ flags: DomainCheckpointListFlags
  ) throws(VirtError) {
    try accept(flags, only: .known, in: "domainCheckpointListAllChildren")
    let names = try with(checkpoint) { (found, record) in
      Self.shown(record.checkpoints.forest.list(below: found, deep: flags.contains(.descendants)), flags)
    }
    try fill(&list, names, of: try Self.identity(checkpoint).0)
  }

  private func fill(_ list: inout HandleList<DomainCheckpoint>, _ names: [String], of domain: Domain) throws(VirtError) {
    try list.reserve(names.count)
    for name in names {
      try list.append { () throws(VirtError) in try DomainCheckpoint.make(of: domain, name: name) }
    }
  }

  /// The names of those that flags show; nothing both is a leaf and is none.
  private static func shown(_ checkpoints: [Checkpoint], _ flags: DomainCheckpointListFlags) -> [String] {
    checkpoints.compactMap { checkpoint in
      let isLeaf = checkpoint.children.isEmpty
      if flags.contains(.leaves), !isLeaf { return nil }
      if flags.contains(.noLeaves), isLeaf { return nil }
      return checkpoint.name
    }
  }

  // MARK: - One checkpoint

  private func lookUp(_ domain: Domain, _ name: BorrowedText, _ flags: UInt32) throws(VirtError) -> DomainCheckpoint {
    try acceptNone(flags, in: "domainCheckpointLookupByName")
    let name = name.string
    try with(domain) { (record) throws(VirtError) in _ = try Self.find(name, in: record) }
    return try DomainCheckpoint.make(of: domain, name: name)
  }

  private func parent(_ checkpoint: DomainCheckpoint, _ flags: UInt32) throws(VirtError) -> DomainCheckpoint {
    try acceptNone(flags, in: "domainCheckpointGetParent")
    let name = try with(checkpoint) { (found, _) throws(VirtError) -> String in
      guard let parent = found.parent else {
        throw VirtError(.noDomainCheckpoint, .test, "the checkpoint does not have a parent:", found.name)
      }
      return parent.name
    }
    return try DomainCheckpoint.make(of: try Self.identity(checkpoint).0, name: name)
  }

  private func describe(_ checkpoint: DomainCheckpoint, _ flags: DomainCheckpointXMLFlags) throws(VirtError) -> HostString {
    try accept(flags, only: .known, in: "domainCheckpointGetXMLDesc")
    let hasSizes = flags.contains(.size)
    let (definition, parent) = try with(checkpoint) { (found, record) throws(VirtError) in
      guard !hasSizes || record.isActive else { throw Impact.notRunning(record) }
      return (found.definition, found.parent?.name)
    }
    var writer = XMLWriter(capacity: 4096)
    // Nothing ever writes to the disks of a test domain.
    definition.write(
      to: &writer, parent: parent, secrets: flags.contains(.noDomain) ? nil : flags.contains(.secure), changed: hasSizes ? 0 : nil)
    return try HostString(writer.bytes)
  }

  private func delete(_ checkpoint: DomainCheckpoint, _ flags: DomainCheckpointDeleteFlags) throws(VirtError) {
    try accept(flags, only: .known, in: "domainCheckpointDelete")
    try with(checkpoint) { (found, record) in
      let isAlone = flags.isDisjoint(with: [.children, .childrenOnly])
      for gone in (flags.contains(.childrenOnly) ? [] : [found]) + (isAlone ? [] : found.descendants) {
        for disk in gone.definition.disks {
          guard let name = disk.bitmap else { continue }
          let bitmap = DiskBitmap(disk: disk.name, name: name)
          if flags.contains(.metadataOnly) {
            record.bitmaps.insert(bitmap)
          } else if !record.bitmaps.isEmpty {
            record.bitmaps.remove(bitmap)
          }
        }
      }
      if isAlone {
        record.checkpoints.forest.remove(found)
      } else {
        record.checkpoints.forest.removeSubtree(found, includingRoot: flags.contains(.children))
      }
    }
  }
}

internal import Glibc
internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension TestDriver {
  func createCheckpoint(
    _ domain: Domain, _ text: BorrowedText, _ flags: DomainCheckpointCreateFlags
  ) throws(VirtError) -> DomainCheckpoint {
    try accept(flags, only: .known, in: "domainCheckpointCreateXML")
    let isExisting = flags.contains(.redefine), isChecked = flags.contains(.redefineValidate)
    try with(domain) { (record) throws(VirtError) in try Self.mayHaveCheckpoint(record, isExisting) }
    let element = try XMLReader.read(text.bytes, for: .domainCheckpoint)
    let request = try CheckpointRequest.read(element, world.context, isExisting: isExisting)
    let name = try with(domain) { (record) throws(VirtError) -> String in
      try Self.mayHaveCheckpoint(record, isExisting)
      return isExisting ? try Self.redefine(request, in: &record, isChecked: isChecked) : try Self.make(request, in: &record)
    }
    return try DomainCheckpoint.make(of: domain, name: name)
  }

  private static func mayHaveCheckpoint(_ record: DomainRecord, _ isExisting: Bool) throws(VirtError) {
    guard record.snapshots.isEmpty else {
      throw VirtError(.operationUnsupported, .test, "a domain with snapshots gets no checkpoints:", record.definition.name)
    }
    guard isExisting || record.isActive else {
      throw VirtError(.operationUnsupported, .test, "only a running domain gets a checkpoint:", record.definition.name)
    }
  }

  /// Makes a checkpoint of a domain as it is; gives its name. Backups make one, too.
  static func make(_ request: CheckpointRequest, in record: inout DomainRecord) throws(VirtError) -> String {
    let now = Int64(time(nil))
    let name = request.name ?? "\(now)"
    let definition = CheckpointDefinition(
      name: name, description: request.description, creationTime: now,
      disks: try disks(request.disks, of: record.definition, checkpoint: name), domain: record.definition)
    guard let made = record.checkpoints.forest.add(name, definition, below: record.checkpoints.forest.current) else {
      throw VirtError(.operationFailed, .domain, "the domain has a checkpoint named", name)
    }
    record.checkpoints.forest.makeCurrent(made)
    return name
  }

  /// What is remembered of each disk of a domain. Where a document lists disks, the others take no part.
  private static func disks(
    _ asked: [CheckpointRequest.Disk]?, of definition: DomainDefinition, checkpoint: String
  ) throws(VirtError) -> [CheckpointDefinition.Disk] {
    let devices = definition.values.hardware.devices.filter { $0.kind == .disk }.map(\.element)
    guard !devices.isEmpty else {
      throw VirtError(.configUnsupported, .domainCheckpoint, "a domain without disks gets no checkpoint:", definition.name)
    }
    let isKept = devices.map { $0.first("readonly") == nil && $0.first("source") != nil && !$0.has("device", "cdrom") }
    var disks = zip(devices, isKept).map { (device, isKept) in
      CheckpointDefinition.Disk(name: Disk.target(device), bitmap: asked == nil && isKept ? checkpoint : nil)
    }
    var named: Set<Int> = []
    for one in asked ?? [] {
      let index = devices.firstIndex { Disk.target($0) == one.name || $0.first("source")?["file"] == one.name }
      guard let index else { throw one.wrong("the domain has no disk '\(one.name)'") }
      guard named.insert(index).inserted else {
        throw one.wrong("it is named twice: '\(one.name)'")
      }
      guard one.isKept ?? true else { continue }
      guard isKept[index] else {
        throw one.wrong("the disk is empty or cannot be written: '\(one.name)'")
      }
      disks[index].bitmap = one.bitmap ?? checkpoint
    }
    return disks
  }

  /// Describes a checkpoint anew, or one that this process has not seen; gives its name.
  private static func redefine(
    _ request: CheckpointRequest, in record: inout DomainRecord, isChecked: Bool
  ) throws(VirtError) -> String {
    guard let name = request.name else {
      throw request.element.wrong(.xmlError, "<name> is missing", .domainCheckpoint)
    }
    guard let time = request.creationTime else {
      throw request.element.wrong(.internalError, "<creationTime> is missing", .domainCheckpoint)
    }
    if let domain = request.domain, domain.uuid != record.definition.uuid {
      throw request.element.part("domain", .invalidArg, "the checkpoint is of another domain: '\(domain.uuid)'", .domainCheckpoint)
    }
    var parent: Checkpoint?
    if let parentName = request.parent {
      guard parentName != name, let found = record.checkpoints.forest[parentName] else {
        throw request.element.part("parent", .invalidArg, "there is no checkpoint '\(parentName)' to come after", .domain)
      }
      parent = found
    }
    let known = record.checkpoints.forest[name]
    let definition = CheckpointDefinition(
      name: name, description: request.description, creationTime: time,
      disks: (request.disks ?? []).map { disk in
        .init(name: disk.name, bitmap: disk.isKept ?? true ? disk.bitmap ?? name : nil)
      }, domain: request.domain ?? known?.definition.domain)
    if isChecked { try check(definition, known?.definition, in: record) }
    if let known {
      guard record.checkpoints.forest.move(known, below: parent) else {
        throw request.element.part("parent", .invalidArg, "a checkpoint cannot come after itself: '\(name)'", .domain)
      }
      known.definition = definition
    } else {
      _ = record.checkpoints.forest.add(name, definition, below: parent)
    }
    return name
  }

  /// Refuses a checkpoint whose bitmaps are not in the disks of its domain.
  private static func check(
    _ checkpoint: CheckpointDefinition, _ known: CheckpointDefinition?, in record: DomainRecord
  ) throws(VirtError) {
    for disk in checkpoint.disks {
      guard let name = disk.bitmap else { continue }
      let isThere = record.definition.disk(disk.name) != nil
      guard isThere, known?.disks.contains(disk) == true || record.bitmaps.contains(.init(disk: disk.name, name: name)) else {
        throw VirtError(.checkpointInconsistent, .test, "", "disk '\(disk.name)' has no bitmap '\(name)'")
      }
    }
  }
}

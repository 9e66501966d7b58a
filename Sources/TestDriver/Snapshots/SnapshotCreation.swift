internal import Glibc
internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension TestDriver {
  func createSnapshot(
    _ domain: Domain, _ text: BorrowedText, _ flags: DomainSnapshotCreateFlags
  ) throws(VirtError) -> DomainSnapshot {
    try accept(
      flags,
      only: [.redefine, .current, .noMetadata, .halt, .diskOnly, .reuseExt, .quiesce, .atomic, .live, .validate],
      in: "domainSnapshotCreateXML")
    let element = try document(text, .domainsnapshot, for: .domainSnapshot, isValidated: flags.contains(.validate))
    let request = try SnapshotRequest.read(element, world.context, isExisting: flags.contains(.redefine))
    let object = try object(domain)
    try object.record.withLock { (record) throws(VirtError) in
      guard record.checkpoints.isEmpty else {
        throw VirtError(.operationUnsupported, .test, "a domain with checkpoints gets no snapshots:", record.definition.name)
      }
    }
    let name =
      flags.contains(.redefine)
      ? try redefine(request, of: object, makeCurrent: flags.contains(.current))
      : try take(request, of: object, flags)
    return try DomainSnapshot.make(of: domain, name: name)
  }

  /// Takes a snapshot of a domain as it is; gives its name.
  private func take(
    _ request: SnapshotRequest, of object: DomainObject, _ flags: DomainSnapshotCreateFlags
  ) throws(VirtError) -> String {
    let isDisksOnly = flags.contains(.diskOnly), halt = flags.contains(.halt)
    let now = Int64(time(nil))
    let name = request.name ?? "\(now)"
    let halted = try object.record.withLock { (record) throws(VirtError) -> (DomainTransition, Int32)? in
      let definition = record.definition
      if halt, !record.isPersistent {
        throw VirtError(.operationInvalid, .test, "a transient domain cannot be halted after a snapshot:", definition.name)
      }
      let isActive = record.isActive
      try Self.check(request, flags, isActive: isActive, name)
      var snapshot = SnapshotDefinition(
        name: name, state: isActive ? (record.state == .paused ? "paused" : "running") : "shutoff", creationTime: now,
        memory: request.memory == .external ? .external : isActive ? .internal : .none)
      if isDisksOnly {
        if isActive { snapshot.state = "disk-snapshot" }
        snapshot.memory = .none
      }
      snapshot.memoryFile = snapshot.memory == .external ? request.memoryFile : nil
      snapshot.description = request.description
      let isApart = isDisksOnly || snapshot.memory == .external
      snapshot.disks = try SnapshotDefinition.disks(
        request.disks, of: definition, kept: isApart ? .external : .internal, isUniform: true)
      guard !isDisksOnly || snapshot.isExternal else {
        throw VirtError(.configUnsupported, .domainSnapshot, "a snapshot of disks needs a disk:", name)
      }
      let layers = isApart ? try Self.layers(&snapshot.disks, of: definition, snapshot: name) : [:]
      snapshot.domain = definition
      snapshot.other = request.other
      if record.isActive, let next = record.next, next !== definition { snapshot.inactiveDomain = next }
      if let busy = layers.keys.first(where: { record.blockJobs[$0] != nil }) {
        throw VirtError(.blockCopyActive, .test, "the disk has a job:", busy)
      }
      if !flags.contains(.noMetadata) {
        guard let made = record.snapshots.forest.add(name, snapshot, below: record.snapshots.forest.current) else {
          throw VirtError(.operationFailed, .domain, "the domain has a snapshot named", name)
        }
        record.snapshots.forest.makeCurrent(made)
      }
      record.write(to: layers)
      guard halt, isActive, let off = DomainTransition.of(.revertToOff, in: record.state) else { return nil }
      let id = record.id
      record.apply(off) { -1 }
      return (off, id)
    }
    if let (transition, id) = halted {
      world.domains.renumber(object, from: id, to: -1)
      if let event = transition.event { tell(object, event.type, event.detail) }
    }
    return name
  }

  /// Refuses what contradicts itself or the domain's state.
  private static func check(
    _ request: SnapshotRequest, _ flags: DomainSnapshotCreateFlags, isActive: Bool, _ name: String
  ) throws(VirtError) {
    if let disk = request.disks.first(where: { $0.place == .manual }) {
      throw VirtError(.operationUnsupported, .test, "nobody else keeps disks of a test domain:", disk.name)
    }
    guard flags.contains(.diskOnly) else { return }
    if let memory = request.memory, memory != .none {
      throw VirtError(.configUnsupported, .domainSnapshot, "a snapshot of disks keeps no memory:", name)
    }
    if flags.contains(.live) {
      throw VirtError(.configUnsupported, .domainSnapshot, "a guest goes on meanwhile only where its memory is kept:", name)
    }
    if flags.contains(.quiesce), !isActive {
      throw VirtError(.operationInvalid, .test, "only a guest that runs can be quiet:", name)
    }
  }
}

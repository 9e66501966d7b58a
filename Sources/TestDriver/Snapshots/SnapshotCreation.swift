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
    let request = try SnapshotRequest.read(element, world.context)
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
        throw VirtError(.operationInvalid, .domain, "a transient domain cannot be halted after a snapshot:", definition.name)
      }
      let isActive = record.isActive
      if isDisksOnly, let memory = request.memory, memory != .none {
        throw VirtError(.configUnsupported, .domainSnapshot, "a snapshot of disks keeps no memory:", name)
      }
      var snapshot = SnapshotDefinition(
        name: name, state: isActive ? (record.state == .paused ? "paused" : "running") : "shutoff", creationTime: now,
        memory: isActive ? request.memory ?? .internal : request.memory == .external ? .external : .none)
      if isDisksOnly {
        if isActive { snapshot.state = "disk-snapshot" }
        snapshot.memory = .none
      }
      snapshot.memoryFile = snapshot.memory == .external ? request.memoryFile : nil
      snapshot.description = request.description
      snapshot.disks = try Self.disks(
        request.disks, of: definition, keepsApart: isDisksOnly || snapshot.memory == .external, isDisksOnly: isDisksOnly)
      let layers = isDisksOnly ? try Self.layers(&snapshot.disks, of: definition, snapshot: name) : [:]
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

  /// What happens to each disk of a domain.
  private static func disks(
    _ asked: [SnapshotDefinition.Disk], of definition: DomainDefinition, keepsApart: Bool, isDisksOnly: Bool
  ) throws(VirtError) -> [SnapshotDefinition.Disk] {
    let kept: SnapshotDefinition.Place = isDisksOnly ? .external : .internal
    var disks: [SnapshotDefinition.Disk] = definition.values.hardware.devices.compactMap { device in
      guard device.kind == .disk else { return nil }
      let isKept = device.element.first("readonly") == nil && device.element.first("source") != nil
      return SnapshotDefinition.Disk(name: Disk.target(device.element), place: isKept ? kept : SnapshotDefinition.Place.none)
    }
    for one in asked {
      guard let index = disks.firstIndex(where: { $0.name == one.name }) else {
        throw VirtError(.configUnsupported, .domainSnapshot, "the domain has no disk", one.name)
      }
      if let place = one.place, place != disks[index].place, !keepsApart {
        throw VirtError(
          .configUnsupported, .domainSnapshot, "with memory kept in the image, disks are kept there too:", one.name)
      }
      disks[index].place = one.place ?? disks[index].place
      disks[index].content = one.content
      disks[index].attributes = one.attributes
    }
    if keepsApart, disks.contains(where: { $0.place == .internal }) {
      throw VirtError(.configUnsupported, .domainSnapshot, "with memory kept outside, or none, disks are kept outside")
    }
    return disks
  }

  /// Describes a snapshot anew, or one that this process has not seen; gives its name.
  private func redefine(
    _ request: SnapshotRequest, of object: DomainObject, makeCurrent: Bool
  ) throws(VirtError) -> String {
    guard let name = request.name else { throw VirtError(.xmlError, .domainSnapshot, "a redefined snapshot needs its <name>") }
    guard let time = request.existing.creationTime else {
      throw VirtError(.internalError, .domainSnapshot, "a redefined snapshot needs its <creationTime>:", name)
    }
    guard let state = request.existing.state, Self.states.contains(state) else {
      throw VirtError(.internalError, .domainSnapshot, "a redefined snapshot needs its <state>:", name)
    }
    var definition = SnapshotDefinition(
      name: name, state: state, creationTime: time, memory: request.memory ?? (state == "shutoff" ? .none : .internal))
    definition.description = request.description
    definition.memoryFile = request.memoryFile
    definition.disks = request.disks
    definition.domain = request.existing.domain
    definition.inactiveDomain = request.existing.inactiveDomain
    definition.other = request.other
    let prepared = definition
    try object.record.withLock { (record) throws(VirtError) in
      if let domain = prepared.domain, domain.uuid != object.uuid {
        throw VirtError(.invalidArg, .domain, "the snapshot is of another domain:", "\(domain.uuid)")
      }
      let parent = try Self.parent(request.existing.parent, of: name, in: record.snapshots.forest)
      let snapshot: Snapshot
      if let known = record.snapshots.forest[name] {
        guard record.snapshots.forest.move(known, below: parent) else { throw Self.circle(name) }
        known.definition = prepared
        snapshot = known
      } else if let added = record.snapshots.forest.add(name, prepared, below: parent) {
        snapshot = added
      } else {
        return
      }
      if makeCurrent { record.snapshots.forest.makeCurrent(snapshot) }
    }
    return name
  }

  private static let states: Set<String> = [
    "nostate", "running", "blocked", "paused", "shutdown", "shutoff", "crashed", "pmsuspended", "disk-snapshot",
  ]

  private static func circle(_ name: String) -> VirtError {
    VirtError(.invalidArg, .domain, "a snapshot cannot come after itself:", name)
  }

  private static func parent(
    _ parent: String?, of name: String, in forest: MomentTree<SnapshotDefinition>
  ) throws(VirtError) -> Snapshot? {
    guard let parent else { return nil }
    guard parent != name else { throw circle(name) }
    guard let found = forest[parent] else {
      throw VirtError(.invalidArg, .domain, "", "there is no snapshot '\(parent)' for '\(name)' to come after")
    }
    return found
  }
}

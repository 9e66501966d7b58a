internal import VirtCore
internal import VirtEngine
internal import VirtModel
internal import VirtXML

/// What a store keeps of a domain: everything but jobs and what guests hold.
enum DomainForm {
  /// What is kept of a domain as it is now; nil for one that is about to go.
  static func bytes(_ object: DomainObject) throws(VirtError) -> [UInt8]? {
    // Snapshots and checkpoints change under the lock.
    let (record, snapshots, checkpoints) = object.record.withLock { record in
      (
        record, Kept(record.snapshots.isEmpty ? nil : record.snapshots.forest),
        Kept(record.checkpoints.isEmpty ? nil : record.checkpoints.forest)
      )
    }
    guard record.isActive || record.isPersistent else { return nil }
    var form = StoredForm()
    form.say("runstate", "\(record.state.rawValue)")
    form.say("reason", "\(record.reason)")
    if record.isActive { form.say("id", "\(record.id)") }
    form.say("persistent", record.isPersistent)
    if record.startsWithHost { form.say("autostart", true) }
    if record.startsOnceWithHost { form.say("autostartonce", true) }
    if record.hasManagedSave { form.say("managedsave", true) }
    if let next = record.next, next !== record.definition { form.add(next.textWithSecrets(id: -1), in: "next") }
    if let saved = record.managedSave {
      form.add(saved === record.definition ? [] : saved.textWithSecrets(id: -1), in: "managedsave")
    }
    if !snapshots.moments.isEmpty {
      form.begin("snapshots", snapshots.attributes)
      for moment in snapshots.moments { form.add(bytes(moment.definition, after: moment.parent)) }
      form.end("snapshots")
    }
    if !checkpoints.moments.isEmpty {
      form.begin("checkpoints", checkpoints.attributes)
      for moment in checkpoints.moments { form.add(bytes(moment.definition, after: moment.parent)) }
      form.end("checkpoints")
    }
    for bitmap in record.bitmaps.sorted(by: { ($0.disk, $0.name) < ($1.disk, $1.name) }) {
      form.add(XMLElement("bitmap", [XMLAttribute("disk", bitmap.disk), XMLAttribute("name", bitmap.name)]))
    }
    return try form.bytes(record.definition.textWithSecrets(id: -1))
  }

  /// Snapshots or checkpoints, each after its parent, and which is the current one.
  private struct Kept<Definition: Sendable>: Sendable {
    var moments: [(definition: Definition, parent: String?)] = []
    var current: String?

    init(_ forest: MomentTree<Definition>?) {
      guard let forest else { return }
      moments = forest.list(below: nil, deep: true).map { ($0.definition, $0.parent?.name) }
      current = forest.current?.name
    }

    var attributes: [XMLAttribute] { current.map { [XMLAttribute("current", $0)] } ?? [] }
  }

  // Domains are put in as they are: being moved to the right would change texts of several lines.

  private static func bytes(_ snapshot: SnapshotDefinition, after parent: String?) -> [UInt8] {
    var bare = snapshot
    (bare.domain, bare.inactiveDomain) = (nil, nil)
    var writer = XMLWriter()
    bare.write(to: &writer, parent: parent, secrets: true)
    var domains = snapshot.domain?.textWithSecrets(id: -1) ?? []
    if let inactive = snapshot.inactiveDomain {
      domains += inactive.textWithSecrets(id: -1).renamed(from: "domain", to: "inactiveDomain")
    }
    return writer.array.ending(with: domains)
  }

  private static func bytes(_ checkpoint: CheckpointDefinition, after parent: String?) -> [UInt8] {
    var writer = XMLWriter()
    checkpoint.write(to: &writer, parent: parent, secrets: nil)
    return writer.array.ending(with: checkpoint.domain?.textWithSecrets(id: -1) ?? [])
  }
}

extension DomainRecord {
  /// Takes what a state says; what the domain does now is taken elsewhere.
  mutating func take(_ state: XMLElement, _ context: ModelContext) throws(VirtError) {
    isPersistent = try state.says("persistent", otherwise: true)
    startsWithHost = try state.says("autostart", otherwise: false)
    startsOnceWithHost = try state.says("autostartonce", otherwise: false)
    hasManagedSave = try state.says("managedsave", otherwise: false)
    if let domain = state.first("next")?.first("domain") { next = try .read(domain, context) }
    if let saved = state.first("managedsave") {
      managedSave = try saved.first("domain").map { (it) throws(VirtError) in try .read(it, context) } ?? definition
    }
    if let kept = state.first("snapshots") {
      for element in kept.elements where element.isNamed("domainsnapshot") { _ = try addSnapshot(element, context) }
      if let current = kept["current"] { snapshots.forest.makeCurrent(snapshots.forest[current]) }
    }
    if let kept = state.first("checkpoints") {
      for element in kept.elements where element.isNamed("domaincheckpoint") { try addCheckpoint(element, context) }
      if let current = kept["current"] { checkpoints.forest.makeCurrent(checkpoints.forest[current]) }
    }
    for element in state.elements where element.isNamed("bitmap") {
      bitmaps.insert(DiskBitmap(disk: element["disk"] ?? "", name: element["name"] ?? ""))
    }
  }

  /// Adds a snapshot as its document describes it, behind its parent.
  mutating func addSnapshot(_ element: XMLElement, _ context: ModelContext) throws(VirtError) -> Moment<SnapshotDefinition> {
    let request = try SnapshotRequest.read(element, context, isExisting: true)
    guard let name = request.name, let time = request.existing.creationTime, let state = request.existing.state else {
      throw element.wrong(.xmlError, "<name>, <creationTime> or <state> is missing", .domainSnapshot)
    }
    var definition = SnapshotDefinition(
      name: name, state: state, creationTime: time, memory: request.memory ?? (state == "shutoff" ? .none : .internal))
    definition.description = request.description
    definition.memoryFile = request.memoryFile
    definition.disks = request.disks
    (definition.domain, definition.inactiveDomain) = (request.existing.domain, request.existing.inactiveDomain)
    definition.other = request.other
    let parent = request.existing.parent.flatMap { snapshots.forest[$0] }
    guard let made = snapshots.forest.add(name, definition, below: parent) else {
      throw element.wrong(.operationFailed, "another snapshot has the name '\(name)'")
    }
    return made
  }

  private mutating func addCheckpoint(_ element: XMLElement, _ context: ModelContext) throws(VirtError) {
    let request = try CheckpointRequest.read(element, context, isExisting: true)
    guard let name = request.name, let time = request.creationTime else {
      throw element.wrong(.xmlError, "<name> or <creationTime> is missing", .domainCheckpoint)
    }
    let definition = CheckpointDefinition(
      name: name, description: request.description, creationTime: time,
      disks: (request.disks ?? []).map { CheckpointDefinition.Disk(name: $0.name, bitmap: $0.bitmap) }, domain: request.domain)
    let parent = request.parent.flatMap { checkpoints.forest[$0] }
    guard checkpoints.forest.add(name, definition, below: parent) != nil else {
      throw element.wrong(.operationFailed, "another checkpoint has the name '\(name)'")
    }
  }
}

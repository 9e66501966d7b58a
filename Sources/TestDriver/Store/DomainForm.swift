internal import VirtCore
internal import VirtEngine
internal import VirtModel
internal import VirtXML

/// What a store keeps of a domain: everything but jobs and what guests hold.
enum DomainForm {
  /// What is kept of a domain as it is now; nil for one that is about to go.
  static func form(_ object: DomainObject, _ kept: Set<UInt64>) throws(VirtError) -> KeptForm? {
    // Snapshots and checkpoints change under the lock.
    let (record, snapshots, checkpoints) = object.record.withLock { record in
      (record, Moments(record.snapshots, "snapshot", kept, bytes), Moments(record.checkpoints, "checkpoint", kept, bytes))
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
    if let decided = snapshots.decided { form.add(XMLElement("snapshots", decided)) }
    if let decided = checkpoints.decided { form.add(XMLElement("checkpoints", decided)) }
    for bitmap in record.bitmaps.sorted(by: { ($0.disk, $0.name) < ($1.disk, $1.name) }) {
      form.add(XMLElement("bitmap", [XMLAttribute("disk", bitmap.disk), XMLAttribute("name", bitmap.name)]))
    }
    return KeptForm(try form.bytes(record.definition.textWithSecrets(id: -1)), parts: snapshots.parts + checkpoints.parts)
  }

  /// Snapshots or checkpoints, and what was said of the current one.
  private struct Moments: Sendable {
    var parts: [KeptPart] = []
    var decided: [XMLAttribute]?

    init<Definition: Sendable>(
      _ moments: VirtEngine.Moments<Definition>, _ kind: String, _ kept: Set<UInt64>,
      _ bytes: @escaping @Sendable (Definition, _ parent: String?) -> [UInt8]
    ) {
      guard !moments.isEmpty else { return }
      let forest = moments.forest
      decided = forest.decided.map { name, turn in
        (name.map { [XMLAttribute("current", $0)] } ?? []) + [XMLAttribute("turn", "\(turn)")]
      }
      parts = forest.list(below: nil, deep: true).map { moment in
        let name = KeptPart.Name(kind, moment.name)
        guard !kept.contains(moment.stamp) else { return KeptPart(name, moment.stamp, nil) }
        let definition = moment.definition, parent = moment.parent?.name, place = moment.place, turn = moment.turn
        return KeptPart(name, moment.stamp) { () throws(VirtError) in
          var form = StoredForm()
          form.say("place", "\(place)")
          if turn > 0 { form.say("turn", "\(turn)") }
          return try form.bytes(bytes(definition, parent))
        }
      }
    }
  }

  // Domains are put in as they are: being moved to the right would change texts of several lines.

  @Sendable private static func bytes(_ snapshot: SnapshotDefinition, _ parent: String?) -> [UInt8] {
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

  @Sendable private static func bytes(_ checkpoint: CheckpointDefinition, _ parent: String?) -> [UInt8] {
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
      for element in kept.elements where element.isNamed("domainsnapshot") { try addSnapshot(element, context) }
    }
    if let kept = state.first("checkpoints") {
      for element in kept.elements where element.isNamed("domaincheckpoint") { try addCheckpoint(element, context) }
    }
    for element in state.elements where element.isNamed("bitmap") {
      bitmaps.insert(DiskBitmap(disk: element["disk"] ?? "", name: element["name"] ?? ""))
    }
  }

  /// Takes what a store has of a domain's snapshots and checkpoints, and what a state says of which are the current ones.
  mutating func take(_ parts: StoredParts?, currentOnes state: XMLElement, _ context: ModelContext) throws(VirtError) {
    let snapshotTurns = StoredMoments.take(parts, "snapshot") { (element, place) throws(VirtError) in
      _ = try addSnapshot(element, context, at: place)
    }
    if !snapshots.isEmpty { snapshots.forest.restoreCurrent(snapshotTurns, try Self.decided(state.first("snapshots"))) }
    let checkpointTurns = StoredMoments.take(parts, "checkpoint") { (element, place) throws(VirtError) in
      try addCheckpoint(element, context, at: place)
    }
    if !checkpoints.isEmpty { checkpoints.forest.restoreCurrent(checkpointTurns, try Self.decided(state.first("checkpoints"))) }
  }

  /// What an element of a state says of the current one; in a file by hand, its name alone.
  private static func decided(_ element: XMLElement?) throws(VirtError) -> (name: String?, turn: Int)? {
    guard let element else { return nil }
    let turn = try element.number("turn").map { Int($0) }
    return turn == nil && element["current"] == nil ? nil : (element["current"], turn ?? 1)
  }

  /// Adds a snapshot as its document describes it, behind its parent.
  @discardableResult
  mutating func addSnapshot(
    _ element: XMLElement, _ context: ModelContext, at place: Int? = nil
  ) throws(VirtError) -> Moment<SnapshotDefinition> {
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
    guard let made = snapshots.forest.add(name, definition, below: parent, at: place) else {
      throw element.wrong(.operationFailed, "another snapshot has the name '\(name)'")
    }
    return made
  }

  private mutating func addCheckpoint(_ element: XMLElement, _ context: ModelContext, at place: Int? = nil) throws(VirtError) {
    let request = try CheckpointRequest.read(element, context, isExisting: true)
    guard let name = request.name, let time = request.creationTime else {
      throw element.wrong(.xmlError, "<name> or <creationTime> is missing", .domainCheckpoint)
    }
    let definition = CheckpointDefinition(
      name: name, description: request.description, creationTime: time,
      disks: (request.disks ?? []).map { CheckpointDefinition.Disk(name: $0.name, bitmap: $0.bitmap) }, domain: request.domain)
    let parent = request.parent.flatMap { checkpoints.forest[$0] }
    guard checkpoints.forest.add(name, definition, below: parent, at: place) != nil else {
      throw element.wrong(.operationFailed, "another checkpoint has the name '\(name)'")
    }
  }
}

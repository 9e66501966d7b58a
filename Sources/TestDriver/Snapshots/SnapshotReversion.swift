internal import Glibc
internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

extension TestDriver {
  func revert(_ snapshot: DomainSnapshot, _ flags: DomainSnapshotRevertFlags) throws(VirtError) {
    try accept(flags, only: .known, in: "domainRevertToSnapshot")
    guard let domain = snapshot.domain else { throw VirtError(.invalidDomainSnapshot, .test) }
    let object = try object(domain)
    let domains = world.domains
    let outcome = try with(snapshot) { (found, record) throws(VirtError) -> Reversion in
      let definition = found.definition
      let target = Self.target(definition.state, flags)
      if target == .revertToOff, !record.isPersistent {
        throw VirtError(
          .operationInvalid, .test, "a transient domain cannot be off: revert with a flag that starts it:",
          record.definition.name)
      }
      guard let domain = definition.domain ?? (flags.contains(.force) ? record.definition : nil) else {
        throw VirtError(.snapshotRevertRisky, .domain, "the snapshot does not say how the domain was:", definition.name)
      }
      let layers = try Self.layers(above: definition, in: record)
      record.snapshots.forest.makeCurrent(found)
      var outcome = Reversion(old: record.id)
      // A domain that runs stops first: what ran is not what the snapshot holds.
      if record.isActive { outcome.step(.revertToOff, &record) { -1 } }
      record.definition = (definition.inactiveDomain ?? domain).putting(layers)
      record.next = nil
      if target == .revertToOff {
        if record.state == .crashed { outcome.step(.revertToOff, &record) { -1 } }
      } else {
        outcome.step(.revertToRunning, &record) { domains.nextID() }
        record.definition = domain.putting(layers)
        if target == .revertToPaused { outcome.step(.revertToPaused, &record) { -1 } }
      }
      outcome.new = record.id
      outcome.isGone = !record.isActive && !record.isPersistent
      return outcome
    }
    domains.renumber(object, from: outcome.old, to: outcome.new)
    domain.setID(outcome.new)
    for event in outcome.events { tell(object, event.type, event.detail) }
    if outcome.isGone { domains.remove(object) }
  }

  /// New files on top of those that a snapshot keeps as they are, for the domain to go on in.
  private static func layers(
    above snapshot: SnapshotDefinition, in record: DomainRecord
  ) throws(VirtError) -> [String: DiskChain.Layer] {
    guard let domain = snapshot.domain, snapshot.disks.contains(where: { $0.place == .external }) else { return [:] }
    var used: Set<String> = []
    for one in record.snapshots.forest.list(below: nil, deep: true) { used.formUnion(one.definition.disks.compactMap(\.path)) }
    for disk in snapshot.disks { used.formUnion(record.definition.chain(disk.name)?.layers.compactMap(\.path) ?? []) }
    let now = Int64(time(nil))
    for turn in 0...used.count {
      var disks = snapshot.disks.map { SnapshotDefinition.Disk(name: $0.name, place: $0.place) }
      let layers = try layers(&disks, of: domain, snapshot: turn == 0 ? "\(now)" : "\(now)-\(turn)")
      if layers.values.allSatisfy({ $0.path.map { !used.contains($0) } ?? true }) { return layers }
    }
    return [:]
  }

  /// Where a snapshot leads, unless flags want it otherwise.
  private static func target(_ state: String, _ flags: DomainSnapshotRevertFlags) -> DomainAction {
    if flags.contains(.running) { return .revertToRunning }
    if flags.contains(.paused) { return .revertToPaused }
    switch state {
    case "running", "blocked": return .revertToRunning
    case "paused": return .revertToPaused
    default: return .revertToOff
    }
  }

  /// What reverting did.
  private struct Reversion: Sendable {
    var old: Int32
    var new: Int32 = -1
    var isGone = false
    var events: [(type: DomainEventType, detail: Int32)] = []

    init(old: Int32) { self.old = old }

    mutating func step(_ action: DomainAction, _ record: inout DomainRecord, id: () -> Int32) {
      guard let transition = DomainTransition.of(action, in: record.state) else { return }
      record.apply(transition, id: id)
      if let event = transition.event { events.append(event) }
    }
  }
}

internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

extension TestDriver {
  func revert(_ snapshot: DomainSnapshot, _ flags: DomainSnapshotRevertFlags) throws(VirtError) {
    try accept(flags, only: [.running, .paused, .force], in: "domainRevertToSnapshot")
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
      record.snapshots.forest.makeCurrent(found)
      var outcome = Reversion(old: record.id)
      // A domain that runs stops first: what ran is not what the snapshot holds.
      if record.isActive { outcome.step(.revertToOff, &record) { -1 } }
      record.definition = definition.inactiveDomain ?? domain
      record.next = nil
      if target == .revertToOff {
        if outcome.events.isEmpty { outcome.step(.revertToOff, &record) { -1 } }
      } else {
        outcome.step(.revertToRunning, &record) { domains.nextID() }
        record.definition = domain
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

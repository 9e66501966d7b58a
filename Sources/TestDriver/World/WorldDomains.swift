internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine

extension World {
  /// Does an action; when the domain is in no state for it, throws what `refusal` says, or else the table.
  ///
  /// A transient domain that stops is gone afterwards.
  ///
  /// - Parameter betweenEvents: Called after the first of two events.
  func act(
    _ object: DomainObject, _ action: DomainAction, refusal: ((String) -> VirtError)? = nil, betweenEvents: () -> Void = {}
  ) throws(VirtError) {
    let domains = self.domains
    if action == .start { try checkDescriptors(object.record.withLock { $0.definition }) }
    let (transition, old, new, isGone) = try object.record.withLock {
      (record) throws(VirtError) -> (DomainTransition, Int32, Int32, Bool) in
      guard let transition = DomainTransition.of(action, in: record.state) else {
        throw refusal?(record.definition.name) ?? DomainMove.of(action).refusal.error(record.definition.name)
      }
      let old = record.id
      if action == .start, let saved = record.managedSave, record.next == nil {
        // It goes on as it was when its memory was saved.
        record.next = record.definition
        record.definition = saved
      }
      record.apply(transition) { domains.nextID() }
      return (transition, old, record.id, !record.isActive && !record.isPersistent)
    }
    domains.renumber(object, from: old, to: new)
    if let first = transition.first {
      tell(object, first.type, first.detail)
      betweenEvents()
    }
    if let event = transition.event { tell(object, event.type, event.detail) }
    if isGone { domains.remove(object) }
  }

  /// Tells those who listen what happened to a domain, and those who talk to one that stopped.
  func tell(_ object: DomainObject, _ type: DomainEventType, _ detail: Int32) {
    if type == .stopped || type == .crashed { lines.hangUp(object) }
    guard events.wantsDomainLifecycle else { return }
    events.domainLifecycle(identity(object), event: type.rawValue, detail: detail)
  }

  /// A domain, for events.
  func identity(_ object: DomainObject) -> ObjectIdentity {
    let (definition, id) = object.record.withLock { ($0.definition, $0.id) }
    return ObjectIdentity(definition.name, uuid: object.uuid, id: id)
  }
}

internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

/// The side of a migration where a domain arrives.
struct Arrival {
  let world: World

  /// Second phase: makes room for the domain, which waits, paused, for its memory.
  func prepare(_ request: MigrationRequest, _ cookie: MigrationCookie) throws(VirtError) {
    guard cookie.world != world.identity else {
      throw VirtError(.internalError, .test, "the domain is on this host already")
    }
    guard let text = request.document else { throw VirtError(.internalError, .test, "there is no document of the domain") }
    let definition = try request.definition(text, world.context)
    let isOffline = request.flags.contains(.offline)
    let placed = world.domains.place(definition) {
      DomainObject(DomainRecord(definition, isPersistent: false))
    } change: { _, record in
      guard !record.isActive, record.job == nil else { return .active }
      record.next = record.definition
      record.definition = definition
      return nil
    }
    let object: DomainObject
    switch placed {
    case .refused(let conflict): throw TestDriver.conflict(conflict, definition)
    case .added(let added): object = added
    case .known(let known): object = known
    }
    if !isOffline {
      try world.act(object, .arrive)
    }
    object.record.withLock { $0.job = .begin(.migrationIn, size: 0) }
  }

  /// Fourth phase: the domain goes on here, or is forgotten.
  func finish(_ request: MigrationRequest, _ cookie: MigrationCookie?, isCancelled: Bool) throws(VirtError) -> DomainObject? {
    guard let text = request.document else { throw VirtError(.internalError, .test, "there is no document of the domain") }
    let definition = try request.definition(text, world.context)
    guard let object = world.domains.find(uuid: definition.uuid), object.record.withLock({ $0.job?.operation == .migrationIn })
    else { throw VirtError(.noDomain, .test, "the domain did not arrive:", definition.name) }
    if isCancelled {
      cancel(object)
      return nil
    }
    let lasting = try request.lastingDocument.map { (text) throws(VirtError) in try request.definition(text, world.context) }
    let (isActive, wasPersistent) = object.record.withLock { record in
      _ = record.endJob(.completed)
      return (record.isActive, record.isPersistent)
    }
    if request.flags.contains(.persistDest) {
      object.record.withLock { record in
        record.isPersistent = true
        if record.isActive { record.next = lasting ?? record.definition } else { record.definition = lasting ?? definition }
        if !record.isActive { record.next = nil }
      }
      let detail: DomainEventDefinedDetailType = wasPersistent ? .updated : .added
      world.tell(object, .defined, detail.rawValue)
    }
    guard isActive else { return object }
    let isPaused = request.flags.contains(.paused) || cookie?.isRunning != true
    try world.act(object, isPaused ? .stayPausedAfterArrival : .goOnAfterArrival)
    return object
  }

  /// Forgets a domain whose source keeps it.
  private func cancel(_ object: DomainObject) {
    let isActive = object.record.withLock { record in
      record.job = nil
      return record.isActive
    }
    if isActive {
      try? world.act(object, .failArrival)
      return
    }
    let isGone = object.record.withLock { record in
      if let next = record.next { record.definition = next }
      record.next = nil
      return !record.isPersistent
    }
    if isGone { world.domains.remove(object) }
  }
}

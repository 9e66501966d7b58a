internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

/// The side of a migration that a domain leaves.
struct Departure {
  let world: World
  let object: DomainObject

  /// First phase: says what goes.
  func begin(_ request: MigrationRequest) throws(VirtError) -> (cookie: String, document: [UInt8]) {
    let replacement = try request.document.map { (text) throws(VirtError) in try request.definition(text, world.context) }
    let isOffline = request.flags.contains(.offline)
    let (definition, runs) = try object.record.withLock { (record) throws(VirtError) -> (DomainDefinition, Bool) in
      let name = record.definition.name
      guard record.isActive || isOffline else { throw Impact.notRunning(record) }
      guard record.isPersistent || !isOffline else { throw Impact.notRunning(record) }
      guard record.job == nil, record.blockJobs.isEmpty else {
        throw VirtError(.operationInvalid, .test, "the domain has a job that keeps it here:", name)
      }
      if request.flags.contains(.undefineSource) || !record.isPersistent,
        !record.snapshots.isEmpty || !record.checkpoints.isEmpty
      {
        throw VirtError(.operationInvalid, .test, "the domain's snapshots or checkpoints would be lost:", name)
      }
      if let replacement, replacement.uuid != object.uuid || (request.name == nil && replacement.name != name) {
        throw VirtError(.configUnsupported, .test, "the document for the other host is of another domain:", replacement.name)
      }
      let runs = record.state == .running || record.state == .blocked
      record.migration.wasRunning = runs
      let memory = record.definition.values.currentMemory.multipliedReportingOverflow(by: 1024).partialValue
      record.job = .begin(.migrationOut, size: memory)
      return (replacement ?? (record.isActive ? record.definition : record.configuration), runs)
    }
    return (MigrationCookie(world: world.identity, isRunning: runs).text, definition.textWithSecrets(id: -1))
  }

  /// Third phase: stops the guest, whose memory is all there. What the other side is told.
  func perform() throws(VirtError) -> String {
    let isActive = try object.record.withLock { (record) throws(VirtError) -> Bool in
      guard let job = record.job, job.operation == .migrationOut else {
        throw VirtError(.operationInvalid, .test, "the domain is not on its way:", record.definition.name)
      }
      guard job.type != .cancelled else {
        throw VirtError(.operationAborted, .test, "the migration was ended:", record.definition.name)
      }
      return record.isActive
    }
    if isActive { try? world.act(object, .pauseToLeave) }
    return MigrationCookie(world: world.identity, isRunning: object.record.withLock { $0.migration.wasRunning }).text
  }

  /// Last phase: the domain is gone from here, or goes on.
  func confirm(_ request: MigrationRequest, isCancelled: Bool) throws(VirtError) {
    let (ended, isActive, wasStopped) = object.record.withLock { record in
      (
        record.endJob(isCancelled ? .failed : .completed), record.isActive,
        record.migration.wasRunning && record.state == .paused
      )
    }
    if isCancelled {
      if wasStopped { try? world.act(object, .goOnAfterAll) }
      return
    }
    // Before a transient domain is forgotten, and its handle with it.
    if let ended { world.tell(object, ended) }
    if request.flags.contains(.undefineSource) {
      let wasPersistent = object.record.withLock { record in
        defer {
          record.isPersistent = false
          record.startsWithHost = false
          record.hasManagedSave = false
          record.managedSave = nil
          record.next = nil
        }
        return record.isPersistent
      }
      if isActive { try world.act(object, .leave) }
      if wasPersistent { world.tell(object, .undefined, DomainEventUndefinedDetailType.removed.rawValue) }
      if !isActive { world.domains.remove(object) }
    } else if isActive {
      try world.act(object, .leave)
    }
  }
}

internal import CVirt
internal import Glibc
internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine

extension TestDriver {
  /// What the driver tells of work on whole domains.
  static var wholeJobOperations: [Operation<TestDriver>] {
    [
      .domainGetJobInfo { $0.jobInformation }, .domainGetJobStats { $0.jobStatistics },
      .domainAbortJob { $0.abortJob }, .domainAbortJobFlags { $0.abortJob },
      .domainMigrateGetMaxSpeed { $0.migrationSpeed }, .domainMigrateSetMaxSpeed { $0.setMigrationSpeed },
      .domainMigrateGetMaxDowntime { $0.migrationDowntime }, .domainMigrateSetMaxDowntime { $0.setMigrationDowntime },
      .domainMigrateGetCompressionCache { $0.migrationCache }, .domainMigrateSetCompressionCache { $0.setMigrationCache },
      .domainMigrateStartPostCopy { $0.startPostCopy },
    ]
  }

  /// Looks at the job that goes on, which brings it a step further; one that has done all ends well.
  private func look(_ domain: Domain) throws(VirtError) -> DomainJob? {
    let (job, ended) = try with(domain) { (record) throws(VirtError) -> (DomainJob?, DomainJob?) in
      guard record.isActive || record.job != nil else { throw Impact.notRunning(record) }
      guard var job = record.job else { return (nil, nil) }
      job.step()
      record.job = job
      // A move ends with its last phase, a backup that somebody else reads when that is told.
      guard job.done == job.size, job.endsByItself else { return (job, nil) }
      return (nil, record.endJob(.completed))
    }
    if let ended { world.tell(try object(domain), ended) }
    return job
  }

  private func jobInformation(_ domain: Domain) throws(VirtError) -> virDomainJobInfo {
    var information = virDomainJobInfo()
    guard let job = try look(domain) else { return information }
    information.type = job.type.rawValue
    information.timeElapsed = job.elapsed
    information.dataTotal = job.size
    information.dataProcessed = job.done
    information.dataRemaining = job.size - job.done
    let (total, done) = (job.size, job.done)
    if job.operation == .backup {
      (information.fileTotal, information.fileProcessed, information.fileRemaining) = (total, done, total - done)
    } else {
      (information.memTotal, information.memProcessed, information.memRemaining) = (total, done, total - done)
    }
    return information
  }

  private func jobStatistics(
    _ domain: Domain, _ flags: DomainGetJobStatsFlags
  ) throws(VirtError) -> (type: Int32, params: [TypedParameter]) {
    try accept(flags, only: .known, in: "domainGetJobStats")
    let job: DomainJob?
    if flags.contains(.completed) {
      job = try with(domain) { record in
        defer { if !flags.contains(.keepCompleted) { record.lastJob = nil } }
        return record.lastJob
      }
    } else {
      job = try look(domain)
    }
    return job.map { ($0.type.rawValue, $0.parameters) } ?? (DomainJobType.none.rawValue, [])
  }

  private func abortJob(_ domain: Domain) throws(VirtError) { try abortJob(domain, []) }

  private func abortJob(_ domain: Domain, _ flags: DomainAbortJobFlagsValues) throws(VirtError) {
    try accept(flags, only: .known, in: "domainAbortJobFlags")
    let ended = try with(domain) { (record) throws(VirtError) -> DomainJob? in
      guard let job = record.job, !flags.contains(.postcopy) else {
        throw VirtError(.operationInvalid, .test, "the domain has no such job:", record.definition.name)
      }
      guard job.operation == .backup else {
        record.job?.type = .cancelled
        return nil
      }
      return record.endJob(.cancelled)
    }
    if let ended { world.tell(try object(domain), ended) }
  }

  // MARK: - Limits of a move to another host

  private func migrationSpeed(_ domain: Domain, _ flags: DomainMigrateMaxSpeedFlags) throws(VirtError) -> UInt {
    try accept(flags, only: .known, in: "domainMigrateGetMaxSpeed")
    return try with(domain) { flags.contains(.postcopy) ? $0.migration.speedAfterwards : $0.migration.speed }
  }

  private func setMigrationSpeed(
    _ domain: Domain, _ speed: UInt, _ flags: DomainMigrateMaxSpeedFlags
  ) throws(VirtError) {
    try accept(flags, only: .known, in: "domainMigrateSetMaxSpeed")
    guard speed <= UInt(Int.max >> 20) else {
      throw VirtError(.overflow, .test, "", "\(speed) MiB a second is more than there can be")
    }
    try with(domain) { record in
      if flags.contains(.postcopy) { record.migration.speedAfterwards = speed } else { record.migration.speed = speed }
    }
  }

  private func migrationDowntime(_ domain: Domain, _ flags: UInt32) throws(VirtError) -> UInt64 {
    try acceptNone(flags, in: "domainMigrateGetMaxDowntime")
    return try running(domain) { $0.migration.downtime }
  }

  private func setMigrationDowntime(_ domain: Domain, _ downtime: UInt64, _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "domainMigrateSetMaxDowntime")
    try running(domain) { $0.migration.downtime = downtime }
  }

  private func migrationCache(_ domain: Domain, _ flags: UInt32) throws(VirtError) -> UInt64 {
    try acceptNone(flags, in: "domainMigrateGetCompressionCache")
    return try running(domain) { $0.migration.cache }
  }

  private func setMigrationCache(_ domain: Domain, _ size: UInt64, _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "domainMigrateSetCompressionCache")
    try running(domain) { $0.migration.cache = size }
  }

  private func startPostCopy(_ domain: Domain, _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "domainMigrateStartPostCopy")
    try running(domain) { (record) throws(VirtError) in
      throw VirtError(.operationInvalid, .test, "the domain moves to no other host with this:", record.definition.name)
    }
  }
}

extension DomainJob {
  /// A job that begins now.
  static func begin(_ operation: DomainJobOperation, size: UInt64, endsByItself: Bool = false) -> DomainJob {
    DomainJob(operation, size: size, start: now, endsByItself: endsByItself)
  }

  /// Milliseconds of a clock that only goes on.
  static var now: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1000 &+ UInt64(time.tv_nsec) / 1_000_000
  }

  /// Milliseconds since it began, or that it took.
  var elapsed: UInt64 { duration ?? (Self.now >= start ? Self.now - start : 0) }

  /// What programs are told of it.
  var parameters: [TypedParameter] {
    let kind = operation == .backup ? "disk" : "memory"
    var told: [TypedParameter] = [
      .init("operation", .int(operation.rawValue)), .init("time_elapsed", .ullong(elapsed)),
      .init("data_total", .ullong(size)), .init("data_processed", .ullong(done)), .init("data_remaining", .ullong(size - done)),
      .init("\(kind)_total", .ullong(size)), .init("\(kind)_processed", .ullong(done)),
      .init("\(kind)_remaining", .ullong(size - done)),
    ]
    if duration != nil { told.append(.init("success", .boolean(type == .completed))) }
    return told
  }
}

extension DomainRecord {
  /// Ends the job that goes on; gives it as it ended.
  mutating func endJob(_ type: DomainJobType) -> DomainJob? {
    guard var job else { return nil }
    job.end(type, now: DomainJob.now)
    self.job = nil
    lastJob = job
    if job.operation == .backup { backup = nil }
    return job
  }
}

extension World {
  /// Tells those who listen that a job has ended.
  func tell(_ object: DomainObject, _ job: DomainJob) {
    let (definition, id) = object.record.withLock { ($0.definition, $0.id) }
    events.domainJobCompleted(ObjectIdentity(definition.name, uuid: object.uuid, id: id), params: job.parameters)
  }
}

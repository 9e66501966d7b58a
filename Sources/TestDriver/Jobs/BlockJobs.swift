internal import CVirt
internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension TestDriver {
  /// What the driver does with disks in use.
  static var blockJobOperations: [Operation<TestDriver>] {
    [
      .domainBlockPull { $0.pull }, .domainBlockRebase { $0.rebase }, .domainBlockCopy { $0.copy },
      .domainBlockCommit { $0.commit },
      .domainBlockJobAbort { $0.endJob }, .domainBlockJobSetSpeed { $0.setSpeed }, .domainGetBlockJobInfo { $0.jobInformation },
      .domainBlockResize { $0.resize },
    ]
  }

  private static let mebibyte: UInt64 = 1 << 20

  /// A speed in bytes a second.
  private static func speed(_ value: UInt, inBytes: Bool) throws(VirtError) -> UInt64 {
    if inBytes { return UInt64(value) }
    let (speed, isTooLarge) = UInt64(value).multipliedReportingOverflow(by: mebibyte)
    guard !isTooLarge, speed <= UInt64(Int64.max) else {
      throw VirtError(.overflow, .test, "", "\(value) MiB a second is more than there can be")
    }
    return speed
  }

  /// A disk of a running domain: its place among the devices, its name and its chain.
  private static func find(
    _ path: BorrowedText, in record: DomainRecord
  ) throws(VirtError) -> (index: Int, name: String, chain: DiskChain) {
    guard record.isActive else { throw Impact.notRunning(record) }
    guard let index = record.definition.disk(path.string) else {
      throw VirtError(.invalidArg, .test, "the domain has no disk", path.string)
    }
    let element = record.definition.values.hardware.devices[index].element
    return (index, Disk.target(element), DiskChain(element))
  }

  /// Begins a job.
  private func begin(
    _ domain: Domain, _ path: BorrowedText, speed: UInt64,
    _ purpose: (DiskChain, String) throws(VirtError) -> BlockJob.Purpose
  ) throws(VirtError) {
    try with(domain) { (record) throws(VirtError) in
      let disk = try Self.find(path, in: record)
      guard record.blockJobs[disk.name] == nil else {
        throw VirtError(.blockCopyActive, .test, "the disk has a job already:", disk.name)
      }
      guard disk.chain.layers[0].source != nil else {
        throw VirtError(.operationInvalid, .test, "there is nothing in the disk:", disk.name)
      }
      let job = BlockJob(try purpose(disk.chain, disk.name), size: record.size(ofDisk: disk.name), bandwidth: speed)
      record.blockJobs[disk.name] = job
    }
  }

  private static func layer(_ name: String, _ chain: DiskChain, _ disk: String) throws(VirtError) -> Int {
    guard let index = chain.index(of: name, disk: disk) else {
      throw VirtError(.invalidArg, .test, "", "'\(name)' is not in the chain of disk '\(disk)'")
    }
    return index
  }

  // MARK: - Beginning

  private func pull(
    _ domain: Domain, _ path: BorrowedText, _ bandwidth: UInt, _ flags: DomainBlockPullFlags
  ) throws(VirtError) {
    try accept(flags, only: .known, in: "domainBlockPull")
    try begin(domain, path, speed: try Self.speed(bandwidth, inBytes: flags.contains(.bytes))) { (_, _) in .pull(base: nil) }
  }

  private func rebase(
    _ domain: Domain, _ path: BorrowedText, _ base: BorrowedText?, _ bandwidth: UInt, _ flags: DomainBlockRebaseFlags
  ) throws(VirtError) {
    try accept(flags, only: .known, in: "domainBlockRebase")
    let speed = try Self.speed(bandwidth, inBytes: flags.contains(.bandwidthBytes))
    guard flags.contains(.copy) else {
      return try begin(domain, path, speed: speed) { (chain, disk) throws(VirtError) in
        guard let base else { return .pull(base: nil) }
        let index = try Self.layer(base.string, chain, disk)
        guard index > 0 else { throw VirtError(.invalidArg, .test, "a disk cannot be its own base:", disk) }
        return .pull(base: index)
      }
    }
    guard let base else { throw VirtError(.invalidArg, .test, "a copy needs a place to go to") }
    let layer = DiskChain.Layer(
      type: flags.contains(.copyDev) ? "block" : "file", format: flags.contains(.copyRaw) ? "raw" : nil,
      source: XMLElement("source", [XMLAttribute(flags.contains(.copyDev) ? "dev" : "file", base.string)]))
    try copy(domain, path, layer, speed)
  }

  private func copy(
    _ domain: Domain, _ path: BorrowedText, _ document: BorrowedText, _ parameters: [TypedParameter], _ flags: DomainBlockCopyFlags
  ) throws(VirtError) {
    try accept(flags, only: .known, in: "domainBlockCopy")
    var speed: UInt64 = 0
    for parameter in parameters {
      switch (parameter.name, parameter.value) {
      case ("bandwidth", .ullong(let value)): speed = value
      case ("granularity", .uint), ("buf-size", .ullong): break
      case ("bandwidth", _), ("granularity", _), ("buf-size", _):
        throw VirtError(.invalidArg, .test, "the parameter has another type:", parameter.name)
      default: throw VirtError(.argumentUnsupported, .test, "there is no parameter", parameter.name)
      }
    }
    let element = try XMLReader.read(document.bytes, for: .domain)
    guard element.name == "disk", let source = element.first("source") else {
      throw VirtError(.xmlError, .domain, "a copy goes to a <disk> with a <source>, not to", element.name)
    }
    let layer = DiskChain.Layer(type: element["type"] ?? "file", format: element.first("driver")?["type"], source: source)
    guard layer.path != nil else { throw VirtError(.xmlError, .domain, "the <source> of a copy names no place") }
    try copy(domain, path, layer, speed)
  }

  private func copy(
    _ domain: Domain, _ path: BorrowedText, _ layer: DiskChain.Layer, _ speed: UInt64
  ) throws(VirtError) {
    try begin(domain, path, speed: speed) { (chain, _) in
      .copy(.init(type: layer.type, format: layer.format ?? chain.layers[0].format, source: layer.source))
    }
  }

  private func commit(
    _ domain: Domain, _ path: BorrowedText, _ base: BorrowedText?, _ top: BorrowedText?, _ bandwidth: UInt,
    _ flags: DomainBlockCommitFlags
  ) throws(VirtError) {
    try accept(flags, only: .known, in: "domainBlockCommit")
    let speed = try Self.speed(bandwidth, inBytes: flags.contains(.bandwidthBytes))
    try begin(domain, path, speed: speed) { (chain, disk) throws(VirtError) in
      let from = try top.map { (top) throws(VirtError) in try Self.layer(top.string, chain, disk) } ?? 0
      guard from > 0 || flags.contains(.active) else {
        throw VirtError(.invalidArg, .test, "what the guest writes to is committed only with the flag for it:", disk)
      }
      let last = flags.contains(.shallow) ? from + 1 : chain.layers.count - 1
      let to = try base.map { (base) throws(VirtError) in try Self.layer(base.string, chain, disk) } ?? last
      guard from < to, to < chain.layers.count else {
        throw VirtError(.invalidArg, .test, "there is nothing behind to commit to:", disk)
      }
      if flags.contains(.shallow), to != from + 1 {
        throw VirtError(.invalidArg, .test, "the base is not right behind the top:", disk)
      }
      return .commit(top: from, base: to)
    }
  }

  // MARK: - Going on and ending

  private func jobInformation(
    _ domain: Domain, _ path: BorrowedText, _ flags: DomainBlockJobInfoFlags
  ) throws(VirtError) -> (info: virDomainBlockJobInfo, count: Int32) {
    try accept(flags, only: .known, in: "domainGetBlockJobInfo")
    let (job, told) = try with(domain) { (record) throws(VirtError) -> (BlockJob?, BlockJobEvent?) in
      let disk = try Self.find(path, in: record)
      guard var job = record.blockJobs[disk.name] else { return (nil, nil) }
      guard job.step() else {
        record.blockJobs[disk.name] = job
        return (job, nil)
      }
      let told = BlockJobEvent(
        disk: disk.name, path: disk.chain.layers[0].path, type: job.type, status: job.isMirror ? .ready : .completed)
      if job.isMirror { record.blockJobs[disk.name] = job } else { record.finish(job, disk.index, disk.name, disk.chain) }
      return (job, told)
    }
    if let told { tell(try object(domain), told) }
    guard let job, told?.status != .completed else { return (virDomainBlockJobInfo(), 0) }
    let rounded = job.bandwidth / Self.mebibyte + (job.bandwidth % Self.mebibyte == 0 ? 0 : 1)
    let bandwidth = flags.contains(.bytes) ? job.bandwidth : rounded
    return (
      virDomainBlockJobInfo(type: job.type.rawValue, bandwidth: UInt(bandwidth), cur: job.done, end: job.size), 1
    )
  }

  private func endJob(_ domain: Domain, _ path: BorrowedText, _ flags: DomainBlockJobAbortFlags) throws(VirtError) {
    try accept(flags, only: .known, in: "domainBlockJobAbort")
    let told = try with(domain) { (record) throws(VirtError) -> BlockJobEvent in
      let disk = try Self.find(path, in: record)
      guard let job = record.blockJobs[disk.name] else {
        throw VirtError(.invalidArg, .test, "the disk has no job:", disk.name)
      }
      if flags.contains(.pivot) {
        guard job.isMirror else { throw VirtError(.operationInvalid, .test, "such a job has no end to choose:", disk.name) }
        guard job.isReady else { throw VirtError(.blockCopyActive, .test, "the disk is not ready to change over:", disk.name) }
        record.finish(job, disk.index, disk.name, disk.chain)
      } else {
        record.blockJobs[disk.name] = nil
      }
      return BlockJobEvent(
        disk: disk.name, path: disk.chain.layers[0].path, type: job.type, status: flags.contains(.pivot) ? .completed : .canceled)
    }
    tell(try object(domain), told)
  }

  private func setSpeed(
    _ domain: Domain, _ path: BorrowedText, _ bandwidth: UInt, _ flags: DomainBlockJobSetSpeedFlags
  ) throws(VirtError) {
    try accept(flags, only: .known, in: "domainBlockJobSetSpeed")
    let speed = try Self.speed(bandwidth, inBytes: flags.contains(.bytes))
    try with(domain) { (record) throws(VirtError) in
      let disk = try Self.find(path, in: record)
      guard record.blockJobs[disk.name] != nil else {
        throw VirtError(.invalidArg, .test, "the disk has no job:", disk.name)
      }
      record.blockJobs[disk.name]?.bandwidth = speed
    }
  }

  private func resize(
    _ domain: Domain, _ path: BorrowedText, _ size: UInt64, _ flags: DomainBlockResizeFlags
  ) throws(VirtError) {
    try accept(flags, only: [.bytes, .extend], in: "domainBlockResize")
    let (bytes, isTooLarge) = flags.contains(.bytes) ? (size, false) : size.multipliedReportingOverflow(by: 1024)
    guard !isTooLarge else { throw VirtError(.overflow, .test, "", "\(size) KiB is more than a disk can have") }
    try with(domain) { (record) throws(VirtError) in
      let disk = try Self.find(path, in: record)
      guard record.blockJobs[disk.name] == nil else {
        throw VirtError(.blockCopyActive, .test, "the disk has a job:", disk.name)
      }
      if flags.contains(.extend), bytes < record.size(ofDisk: disk.name) {
        throw VirtError(.invalidArg, .test, "the disk is larger than that:", disk.name)
      }
      record.diskSizes[disk.name] = bytes
    }
  }

  // MARK: - Telling

  /// What happened to a job.
  struct BlockJobEvent: Sendable {
    var disk: String
    var path: String?
    var type: DomainBlockJobType
    var status: ConnectDomainEventBlockJobStatus
  }

  private func tell(_ object: DomainObject, _ event: BlockJobEvent) {
    let (definition, id) = object.record.withLock { ($0.definition, $0.id) }
    let identity = ObjectIdentity(definition.name, uuid: object.uuid, id: id)
    world.events.domainBlockJob(
      identity, disk: event.path ?? event.disk, type: event.type.rawValue, status: event.status.rawValue)
    world.events.domainBlockJob2(identity, disk: event.disk, type: event.type.rawValue, status: event.status.rawValue)
    // What was below a disk is in its own image now.
    if event.type == .pull, event.status == .completed { world.tellWritten(object, event.disk, event.path) }
  }
}

extension DomainRecord {
  /// What a disk holds, in bytes.
  func size(ofDisk name: String) -> UInt64 { diskSizes[name] ?? 1 << 30 }

  /// Ends a job well: the disk has the chain that the job made, in what starts next too.
  fileprivate mutating func finish(_ job: BlockJob, _ index: Int, _ name: String, _ chain: DiskChain) {
    blockJobs[name] = nil
    let result = job.result(chain)
    if let next, let place = next.disk(name), DiskChain(next.values.hardware.devices[place].element) == chain {
      self.next = next.changing(disk: place, result)
    }
    definition = definition.changing(disk: index, result)
  }
}

internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

/// Writes the statistics of one domain, group by group.
struct StatisticsWriter: ~Copyable {
  private let kinds: DomainStatsTypes
  private let hasBacking: Bool
  private let now: UInt64
  private var written: HostParameters

  /// For a domain.
  ///
  /// - Parameter now: Microseconds of the host's clock.
  init(_ kinds: DomainStatsTypes, isActive: Bool, backing: Bool, now: UInt64) {
    written = HostParameters(capacity: kinds == .state ? 2 : isActive ? 32 : 8)
    self.kinds = kinds
    hasBacking = backing
    self.now = now
  }

  /// What was written.
  consuming func parameters() -> HostParameters { written }

  @inline(__always)
  private mutating func add(_ key: StaticString, _ number: UInt64) throws(VirtError) {
    try written.append(constant: key, .ullong(number))
  }
  @inline(__always)
  private mutating func count(_ key: StaticString, _ number: Int) throws(VirtError) {
    try written.append(constant: key, .uint(UInt32(clamping: number)))
  }
  private mutating func add(_ group: StaticString, _ number: Int, _ what: StaticString, _ value: UInt64) throws(VirtError) {
    try written.append(group, number, what, .ullong(value))
  }

  /// Writes groups; most of them say little of a domain that does not run. Call it under the domain's lock.
  mutating func write(_ record: borrowing DomainRecord) throws(VirtError) {
    let isActive = record.isActive
    if kinds.contains(.state) {
      try written.append(constant: "state.state", integer: record.state.rawValue)
      try written.append(constant: "state.reason", integer: record.reason)
    }
    if kinds == .state { return }
    if kinds.contains(.cpuTotal), isActive { try writeProcessorTime() }
    if kinds.contains(.balloon) { try writeBalloon(record) }
    if kinds.contains(.vcpu) { try writeProcessors(record) }
    if kinds.contains(.interface), isActive { try writeInterfaces(record) }
    if kinds.contains(.block) { try writeDisks(record) }
    if kinds.contains(.perf), isActive { try writeEvents(record) }
    if kinds.contains(.iothread), isActive { try writeThreads(record) }
    if kinds.contains(.memory), isActive { try count("memory.bandwidth.monitor.count", 0) }
    if kinds.contains(.dirtyrate), isActive { try writeChanges(record) }
    if kinds.contains(.vm), isActive { try add("vm.exits.sum", now / 5) }
  }

  private mutating func writeProcessorTime() throws(VirtError) {
    try add("cpu.time", ProcessorFigures.total[0].value)
    try add("cpu.user", ProcessorFigures.total[1].value)
    try add("cpu.system", ProcessorFigures.total[2].value)
    try count("cpu.cache.monitor.count", 0)
    try count("cpu.energy.monitor.count", 0)
    try add("cpu.haltpoll.success.time", 0)
    try add("cpu.haltpoll.fail.time", 0)
  }

  private mutating func writeBalloon(_ record: borrowing DomainRecord) throws(VirtError) {
    let memory = record.definition.values.memory, size = record.definition.values.currentMemory
    if record.isActive {
      for figure in MemoryFigures(size).figures {
        try add(figure.key, figure.value)
        if figure.tag == .actualBalloon { try add("balloon.maximum", memory) }
      }
    } else {
      try add("balloon.current", size)
      try add("balloon.maximum", memory)
    }
  }

  private mutating func writeProcessors(_ record: borrowing DomainRecord) throws(VirtError) {
    let processors = record.definition.values.currentProcessors
    try count("vcpu.current", Int(clamping: processors))
    try count("vcpu.maximum", Int(clamping: record.definition.values.processors))
    guard record.isActive else { return }
    let offline = record.guest.offline
    for processor in 0..<processors {
      let number = Int(processor)
      try written.append("vcpu.", number, ".state", .int(VcpuState.running.rawValue))
      try add("vcpu.", number, ".time", now / 10)
      try add("vcpu.", number, ".wait", 0)
      try add("vcpu.", number, ".delay", 0)
      try written.append("vcpu.", number, ".halted", .boolean(offline.contains(processor)))
    }
  }

  private mutating func writeInterfaces(_ record: borrowing DomainRecord) throws(VirtError) {
    try count("net.count", record.definition.values.hardware.devices.count { $0.kind == .interface })
    let figures = InterfaceFigures(now)
    var number = 0
    for interface in record.definition.values.hardware.devices where interface.kind == .interface {
      if let name = interface.element.first("target")?["dev"] { try written.append("net.", number, ".name", .string(name)) }
      for (index, what) in Self.received.enumerated() { try add("net.", number, what, figures.received[index]) }
      for (index, what) in Self.sent.enumerated() { try add("net.", number, what, figures.sent[index]) }
      number += 1
    }
  }
  private static let received: [StaticString] = [".rx.bytes", ".rx.pkts", ".rx.errs", ".rx.drop"]
  private static let sent: [StaticString] = [".tx.bytes", ".tx.pkts", ".tx.errs", ".tx.drop"]

  private mutating func writeDisks(_ record: borrowing DomainRecord) throws(VirtError) {
    try count("block.count", record.definition.values.hardware.devices.count { $0.kind == .disk })
    var number = 0
    for disk in record.definition.values.hardware.devices where disk.kind == .disk {
      try written.append("block.", number, ".name", .string(Disk.target(disk.element)))
      let path = Disk.path(disk.element)
      if let path { try written.append("block.", number, ".path", .string(path)) }
      if hasBacking { try written.append("block.", number, ".backingIndex", .uint(1)) }
      if record.isActive { try write(DiskFigures(now), of: number, isEmpty: path == nil) }
      number += 1
    }
  }

  private mutating func write(_ figures: DiskFigures, of number: Int, isEmpty: Bool) throws(VirtError) {
    try add("block.", number, ".rd.reqs", figures.reads)
    try add("block.", number, ".rd.bytes", figures.readBytes)
    try add("block.", number, ".rd.times", figures.readTime)
    try add("block.", number, ".wr.reqs", figures.writes)
    try add("block.", number, ".wr.bytes", figures.writtenBytes)
    try add("block.", number, ".wr.times", figures.writeTime)
    try add("block.", number, ".fl.reqs", figures.flushes)
    try add("block.", number, ".fl.times", figures.flushTime)
    try add("block.", number, ".errors", figures.errors)
    if isEmpty { return }
    try add("block.", number, ".allocation", DiskFigures.allocation)
    try add("block.", number, ".capacity", DiskFigures.capacity)
    try add("block.", number, ".physical", DiskFigures.physical)
  }

  private mutating func writeEvents(_ record: borrowing DomainRecord) throws(VirtError) {
    let counted = PerformanceEvents.counted(record.definition.values.hardware)
    if counted.isEmpty { return }
    for (place, name) in PerformanceEvents.names.enumerated() where counted.contains(name) {
      try written.append("perf.\(name)", .ullong(now / UInt64(place + 100)))
    }
  }

  private mutating func writeThreads(_ record: borrowing DomainRecord) throws(VirtError) {
    let threads = IOThreads(record.definition.values.hardware).threads
    try count("iothread.count", threads.count)
    for thread in threads {
      let polling = thread.polling, number = Int(thread.id)
      try add("iothread.", number, ".poll-max-ns", polling.most)
      try written.append("iothread.", number, ".poll-grow", .uint(polling.grow))
      try written.append("iothread.", number, ".poll-shrink", .uint(polling.shrink))
      try written.append("iothread.", number, ".poll-weight", .uint(polling.weight))
    }
  }

  private mutating func writeChanges(_ record: borrowing DomainRecord) throws(VirtError) {
    guard let measurement = record.guest.measurement else {
      return try written.append(constant: "dirtyrate.calc_status", .int(DomainDirtyRateStatus.unstarted.rawValue))
    }
    let isOver = Int64(clamping: now / 1_000_000) >= measurement.end
    let status: DomainDirtyRateStatus = isOver ? .measured : .measuring
    try written.append(constant: "dirtyrate.calc_status", .int(status.rawValue))
    try written.append(constant: "dirtyrate.calc_start_time", .llong(measurement.start))
    try written.append(constant: "dirtyrate.calc_period", .int(measurement.period))
    let mode = DomainDirtyRateCalcFlags(rawValue: measurement.mode)
    let name = mode.contains(.dirtyRing) ? "dirty-ring" : mode.contains(.dirtyBitmap) ? "dirty-bitmap" : "page-sampling"
    try written.append(constant: "dirtyrate.calc_mode", .string(name))
    guard isOver else { return }
    // A thousandth of the memory a second.
    let rate = Int64(clamping: record.definition.values.currentMemory / 1024 / 1000)
    try written.append(constant: "dirtyrate.megabytes_per_second", .llong(rate))
    guard mode.contains(.dirtyRing) else { return }
    let processors = record.definition.values.currentProcessors
    for number in 0..<processors {
      let own = rate / Int64(max(1, processors))
      try written.append("dirtyrate.vcpu.", Int(number), ".megabytes_per_second", .llong(own))
    }
  }
}

internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

/// Writes the statistics of one domain, group by group.
struct StatisticsWriter: ~Copyable {
  private let record: DomainRecord
  private let hasBacking: Bool
  private let now = HostClock.microseconds
  private var written = HostParameters()

  /// For a domain as it is.
  init(_ record: DomainRecord, backing: Bool) {
    self.record = record
    hasBacking = backing
  }

  /// What was written.
  consuming func parameters() -> HostParameters { written }

  private var values: DomainValues { record.definition.values }

  private mutating func add(_ name: String, _ number: UInt64) throws(VirtError) { try written.append(name, .ullong(number)) }
  private mutating func count(_ name: String, _ number: Int) throws(VirtError) {
    try written.append(name, .uint(UInt32(clamping: number)))
  }

  /// Writes groups; most of them say little of a domain that does not run.
  mutating func write(_ kinds: DomainStatsTypes) throws(VirtError) {
    if kinds.contains(.state) {
      try written.append("state.state", .int(record.state.rawValue))
      try written.append("state.reason", .int(record.reason))
    }
    if kinds.contains(.cpuTotal), record.isActive { try writeProcessorTime() }
    if kinds.contains(.balloon) { try writeBalloon() }
    if kinds.contains(.vcpu) { try writeProcessors() }
    if kinds.contains(.interface), record.isActive { try writeInterfaces() }
    if kinds.contains(.block) { try writeDisks() }
    if kinds.contains(.perf), record.isActive { try writeEvents() }
    if kinds.contains(.iothread), record.isActive { try writeThreads() }
    if kinds.contains(.memory), record.isActive { try count("memory.bandwidth.monitor.count", 0) }
    if kinds.contains(.dirtyrate), record.isActive { try writeChanges() }
    if kinds.contains(.vm), record.isActive { try add("vm.exits.sum", now / 5) }
  }

  private mutating func writeProcessorTime() throws(VirtError) {
    for (name, figure) in zip(["cpu.time", "cpu.user", "cpu.system"], ProcessorFigures.total) { try add(name, figure.value) }
    try count("cpu.cache.monitor.count", 0)
    try count("cpu.energy.monitor.count", 0)
    try add("cpu.haltpoll.success.time", 0)
    try add("cpu.haltpoll.fail.time", 0)
  }

  private mutating func writeBalloon() throws(VirtError) {
    if !record.isActive { try add("balloon.current", values.currentMemory) }
    for figure in record.isActive ? MemoryFigures(values).figures : [] {
      try add("balloon.\(figure.key)", figure.value)
      if figure.tag == .actualBalloon { try add("balloon.maximum", values.memory) }
    }
    if !record.isActive { try add("balloon.maximum", values.memory) }
  }

  private mutating func writeProcessors() throws(VirtError) {
    try count("vcpu.current", Int(clamping: values.currentProcessors))
    try count("vcpu.maximum", Int(clamping: values.processors))
    guard record.isActive else { return }
    for number in 0..<values.currentProcessors {
      try written.append("vcpu.\(number).state", .int(VcpuState.running.rawValue))
      try add("vcpu.\(number).time", now / 10)
      try add("vcpu.\(number).wait", 0)
      try add("vcpu.\(number).delay", 0)
      try written.append("vcpu.\(number).halted", .boolean(record.guest.offline.contains(number)))
    }
  }

  private mutating func writeInterfaces() throws(VirtError) {
    let interfaces = values.hardware.devices.filter { $0.kind == .interface }
    try count("net.count", interfaces.count)
    let figures = InterfaceFigures(now)
    for (number, interface) in interfaces.enumerated() {
      if let name = interface.element.first("target")?["dev"] { try written.append("net.\(number).name", .string(name)) }
      for (index, what) in ["bytes", "pkts", "errs", "drop"].enumerated() {
        try add("net.\(number).rx.\(what)", figures.received[index])
      }
      for (index, what) in ["bytes", "pkts", "errs", "drop"].enumerated() {
        try add("net.\(number).tx.\(what)", figures.sent[index])
      }
    }
  }

  private mutating func writeDisks() throws(VirtError) {
    let disks = values.hardware.devices.filter { $0.kind == .disk }
    try count("block.count", disks.count)
    let figures = DiskFigures(now)
    for (number, disk) in disks.enumerated() {
      let prefix = "block.\(number)"
      try written.append("\(prefix).name", .string(Disk.target(disk.element)))
      let path = Disk.path(disk.element)
      if let path { try written.append("\(prefix).path", .string(path)) }
      if hasBacking { try written.append("\(prefix).backingIndex", .uint(1)) }
      guard record.isActive else { continue }
      for (what, value) in [
        ("rd.reqs", figures.reads), ("rd.bytes", figures.readBytes), ("rd.times", figures.readTime), ("wr.reqs", figures.writes),
        ("wr.bytes", figures.writtenBytes), ("wr.times", figures.writeTime), ("fl.reqs", figures.flushes),
        ("fl.times", figures.flushTime), ("errors", figures.errors),
      ] { try add("\(prefix).\(what)", value) }
      guard path != nil else { continue }
      try add("\(prefix).allocation", DiskFigures.allocation)
      try add("\(prefix).capacity", DiskFigures.capacity)
      try add("\(prefix).physical", DiskFigures.physical)
    }
  }

  private mutating func writeEvents() throws(VirtError) {
    let counted = PerformanceEvents.counted(values.hardware)
    for (place, name) in PerformanceEvents.names.enumerated() where counted.contains(name) {
      try add("perf.\(name)", now / UInt64(place + 100))
    }
  }

  private mutating func writeThreads() throws(VirtError) {
    let threads = IOThreads(values.hardware).threads
    try count("iothread.count", threads.count)
    for thread in threads {
      let polling = thread.polling
      try add("iothread.\(thread.id).poll-max-ns", polling.most)
      try written.append("iothread.\(thread.id).poll-grow", .uint(polling.grow))
      try written.append("iothread.\(thread.id).poll-shrink", .uint(polling.shrink))
      try written.append("iothread.\(thread.id).poll-weight", .uint(polling.weight))
    }
  }

  private mutating func writeChanges() throws(VirtError) {
    guard let measurement = record.guest.measurement else {
      return try written.append("dirtyrate.calc_status", .int(DomainDirtyRateStatus.unstarted.rawValue))
    }
    let isOver = Int64(clamping: now / 1_000_000) >= measurement.end
    let status: DomainDirtyRateStatus = isOver ? .measured : .measuring
    try written.append("dirtyrate.calc_status", .int(status.rawValue))
    try written.append("dirtyrate.calc_start_time", .llong(measurement.start))
    try written.append("dirtyrate.calc_period", .int(measurement.period))
    let mode = DomainDirtyRateCalcFlags(rawValue: measurement.mode)
    let name = mode.contains(.dirtyRing) ? "dirty-ring" : mode.contains(.dirtyBitmap) ? "dirty-bitmap" : "page-sampling"
    try written.append("dirtyrate.calc_mode", .string(name))
    guard isOver else { return }
    // A thousandth of the memory a second.
    let rate = Int64(clamping: values.currentMemory / 1024 / 1000)
    try written.append("dirtyrate.megabytes_per_second", .llong(rate))
    guard mode.contains(.dirtyRing) else { return }
    for number in 0..<values.currentProcessors {
      let own = rate / Int64(max(1, values.currentProcessors))
      try written.append("dirtyrate.vcpu.\(number).megabytes_per_second", .llong(own))
    }
  }
}

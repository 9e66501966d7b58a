internal import CVirt
internal import Glibc
internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

extension TestDriver {
  func information(_ domain: Domain) throws(VirtError) -> virDomainInfo {
    var info = virDomainInfo()
    try with(domain) { record in
      info.state = UInt8(truncatingIfNeeded: record.state.rawValue)
      info.maxMem = UInt(record.definition.values.memory)
      info.memory = UInt(record.definition.values.currentMemory)
      info.nrVirtCpu = UInt16(clamping: record.definition.values.currentProcessors)
    }
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    info.cpuTime = UInt64(now.tv_sec) &* 1_000_000_000 &+ UInt64(now.tv_nsec)
    return info
  }

  func state(_ domain: Domain, _ flags: UInt32) throws(VirtError) -> (state: Int32, reason: Int32) {
    try acceptNone(flags, in: "domainGetState")
    return try with(domain) { ($0.state.rawValue, $0.reason) }
  }

  func isActive(_ domain: Domain) throws(VirtError) -> Bool { try with(domain) { $0.isActive } }
  func isPersistent(_ domain: Domain) throws(VirtError) -> Bool { try with(domain) { $0.isPersistent } }
  func isUpdated(_ domain: Domain) throws(VirtError) -> Bool { try with(domain) { _ in false } }
  func operatingSystem(_ domain: Domain) throws(VirtError) -> String { "linux" }

  func autostart(_ domain: Domain) throws(VirtError) -> Int32 { try with(domain) { $0.startsWithHost ? 1 : 0 } }

  func setAutostart(_ domain: Domain, _ starts: Int32) throws(VirtError) {
    try with(domain) { $0.startsWithHost = starts != 0 }
  }

  // MARK: - Memory

  func memoryLimit(_ domain: Domain) throws(VirtError) -> UInt { try with(domain) { UInt($0.definition.values.memory) } }

  func setMemoryLimit(_ domain: Domain, _ size: UInt) throws(VirtError) { try setMemory(domain, size, .maximum) }

  func setMemory(_ domain: Domain, _ size: UInt) throws(VirtError) { try setMemory(domain, size, .live) }

  /// Sizes in KiB.
  func setMemory(_ domain: Domain, _ size: UInt, _ flags: DomainMemoryModFlags) throws(VirtError) {
    try accept(flags, only: [.live, .config, .maximum], in: "domainSetMemoryFlags")
    if flags.contains([.live, .config]) {
      throw VirtError(
        .invalidArg, .domain, "memory of the running domain and of its configuration are set one at a time",
        details: ErrorDetails("domainSetMemoryFlags", "flags", integers: (0, 0)))
    }
    let isLive = try with(domain) { (record) throws(VirtError) -> Bool in
      let impact = try Impact(flags.rawValue & 3, of: record)
      if flags.contains(.maximum) {
        guard !impact.live else {
          throw VirtError(.operationInvalid, .test, "the memory limit of a running domain stays:", record.definition.name)
        }
        record.change(live: false, configuration: true) { values in
          values.memory = UInt64(size)
          values.currentMemory = min(values.currentMemory, UInt64(size))
        }
        return false
      }
      let definition = impact.live ? record.definition : record.configuration
      guard size <= definition.values.memory else {
        throw VirtError(
          .invalidArg, .test, "", "\(size) KiB is more than the \(definition.values.memory) KiB of '\(definition.name)'")
      }
      record.change(live: impact.live, configuration: impact.configuration) { $0.currentMemory = UInt64(size) }
      return impact.live
    }
    guard isLive, world.events.wantsDomainBalloonChange else { return }
    world.events.domainBalloonChange(world.identity(try object(domain)), actual: UInt64(size))
  }

  // MARK: - Processors

  func processorLimit(_ domain: Domain) throws(VirtError) -> Int32 { try processors(domain, [.live, .maximum]) }

  func processors(_ domain: Domain, _ flags: DomainVcpuFlags) throws(VirtError) -> Int32 {
    try accept(flags, only: [.live, .config, .maximum], in: "domainGetVcpusFlags")
    return try with(domain) { (record) throws(VirtError) -> Int32 in
      let values = (try Impact(flags.rawValue & 3, of: record).live ? record.definition : record.configuration).values
      return Int32(clamping: flags.contains(.maximum) ? values.processors : values.currentProcessors)
    }
  }

  func setProcessors(_ domain: Domain, _ count: UInt32) throws(VirtError) { try setProcessors(domain, count, .live) }

  func setProcessors(_ domain: Domain, _ count: UInt32, _ flags: DomainVcpuFlags) throws(VirtError) {
    try accept(flags, only: [.live, .config, .maximum], in: "domainSetVcpusFlags")
    guard count <= Node.processorLimit else { throw Self.tooMany(count, Node.processorLimit) }
    let removed = try with(domain) { (record) throws(VirtError) -> Range<UInt32> in
      let impact = try Impact(flags.rawValue & 3, of: record)
      let before = impact.live ? record.definition.values.currentProcessors : 0
      if flags.contains(.maximum) {
        record.change(live: impact.live, configuration: impact.configuration) { values in
          values.processors = count
          values.currentProcessors = min(values.currentProcessors, count)
          SingleProcessors.forget(&values)
        }
        return min(count, before)..<before
      }
      for (isMeant, definition) in [(impact.live, record.definition), (impact.configuration, record.configuration)] where isMeant {
        guard count <= definition.values.processors else { throw Self.tooMany(count, definition.values.processors) }
      }
      record.change(live: impact.live, configuration: impact.configuration) { values in
        values.currentProcessors = count
        SingleProcessors.forget(&values)
      }
      return min(count, before)..<before
    }
    guard !removed.isEmpty, world.events.wantsDomainVcpuRemoved else { return }
    let identity = world.identity(try object(domain))
    for number in removed { world.events.domainVcpuRemoved(identity, vcpuid: number) }
  }

  private static func tooMany(_ count: UInt32, _ most: UInt32) -> VirtError {
    VirtError(.invalidArg, .test, "", "\(count) processors are more than the \(most) there can be")
  }
}

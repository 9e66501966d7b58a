internal import CVirt
internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

/// How much a pretended guest worked, in nanoseconds.
enum ProcessorFigures {
  /// All processors together.
  static let total: [(name: String, value: UInt64)] = [
    ("cpu_time", 48_772_617_035), ("user_time", 5_540_000_000), ("system_time", 6_460_000_000),
  ]

  /// One of the host's processors.
  static func of(_ number: UInt64) -> [(name: String, value: UInt64)] {
    [("cpu_time", 24_386_308_517 &+ number), ("vcpu_time", 23_151_740_627 &+ number)]
  }
}

extension TestDriver {
  /// Without room for parameters the number of them; without processors the number of those.
  func processorFigures(
    _ domain: Domain, _ place: UnsafeMutableBufferPointer<virTypedParameter>, _ room: UInt32, _ start: Int32, _ count: UInt32,
    _ flags: UInt32
  ) throws(VirtError) -> Int32 {
    try acceptNone(flags, in: "domainGetCPUStats")
    try running(domain) { _ in }
    let known = start < 0 ? ProcessorFigures.total : ProcessorFigures.of(0)
    let processors = world.node.processors
    if room == 0 { return count == 0 && start >= 0 ? Int32(clamping: processors) : Int32(clamping: known.count) }
    guard start < 0 || UInt32(clamping: start) < processors else {
      throw VirtError(.invalidArg, .test, "the host has no processor", "\(start)")
    }
    let first = UInt32(clamping: start)
    let shown = start < 0 ? 1 : min(count, processors - first)
    for index in 0..<Int(clamping: shown) {
      let figures = start < 0 ? known : ProcessorFigures.of(UInt64(first) + UInt64(index))
      for (offset, figure) in figures.prefix(Int(clamping: room)).enumerated() {
        let (row, overflow) = index.multipliedReportingOverflow(by: Int(clamping: room))
        guard !overflow, place.indices.contains(row + offset) else { continue }
        place[row + offset] = virTypedParameter(figure.name, figure.value)
      }
    }
    return Int32(clamping: min(Int(clamping: room), known.count))
  }

  /// Follows from what the guest's clock was set to, so that programs can have each state.
  func controlState(_ domain: Domain, _ flags: UInt32) throws(VirtError) -> virDomainControlInfo {
    try acceptNone(flags, in: "domainGetControlInfo")
    let seconds = try running(domain) { $0.guest.seconds }
    var info = virDomainControlInfo()
    let state: (DomainControlState, UInt32, Int64) =
      switch seconds {
      case 1..<10_000: (.job, 0, seconds)
      case 10_000..<30_000: (.occupied, 0, seconds - 10_000)
      case 30_000..<60_000: (.error, UInt32(truncatingIfNeeded: (seconds - 30_000) % 4), seconds - 30_000)
      default: (.ok, 0, 0)
      }
    info.state = UInt32(bitPattern: state.0.rawValue)
    info.details = state.1
    info.stateTime = UInt64(clamping: state.2)
    return info
  }

  func messages(_ domain: Domain, _ flags: UInt32) throws(VirtError) -> [String] {
    try accept(DomainMessageType(rawValue: flags), only: .known, in: "domainGetMessages")
    return try with(domain) { _ in [] }
  }
}

extension virTypedParameter {
  /// A large number under a key.
  fileprivate init(_ name: String, _ value: UInt64) {
    self.init()
    withUnsafeMutableBytes(of: &field) { field in
      for (index, byte) in name.utf8.prefix(field.count - 1).enumerated() { field[index] = byte }
    }
    type = Int32(bitPattern: VIR_TYPED_PARAM_ULLONG.rawValue)
    self.value.ul = value
  }
}

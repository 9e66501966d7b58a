internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

extension Impact {
  /// Reads the flags of a call that means one of the definitions.
  init(one flags: DomainModificationImpact, of record: DomainRecord, in operation: StaticString) throws(VirtError) {
    if flags.contains([.live, .config]) {
      throw VirtError(
        .invalidArg, .domain, "what runs and what starts next are meant one at a time",
        details: ErrorDetails("\(operation)", "flags", integers: (0, 0)))
    }
    try self.init(flags.rawValue, of: record)
  }
}

extension TestDriver {
  /// Reads something from the definition that the flags mean.
  func reading<Result: Sendable>(
    _ domain: Domain, _ flags: DomainModificationImpact, in operation: StaticString,
    _ body: (DomainValues) throws(VirtError) -> Result
  ) throws(VirtError) -> Result {
    try accept(flags, only: [.live, .config], in: operation)
    return try with(domain) { (record) throws(VirtError) -> Result in
      let impact = try Impact(one: flags, of: record, in: operation)
      return try body((impact.live ? record.definition : record.configuration).values)
    }
  }

  /// Tells that settings of what runs were changed, if the flags meant that.
  func tellTuned(
    _ domain: Domain, _ flags: DomainModificationImpact, _ settings: @autoclosure () -> [TypedParameter]
  ) throws(VirtError) {
    guard world.events.wantsDomainTunable, !flags.contains(.config) || flags.contains(.live) else { return }
    let object = try object(domain)
    guard object.id >= 0 else { return }
    world.events.domainTunable(world.identity(object), params: settings())
  }

  /// Changes the hardware in the definition that the flags mean.
  func changing(
    _ domain: Domain, _ flags: DomainModificationImpact, in operation: StaticString,
    _ change: (DomainValues, _ isLive: Bool) throws(VirtError) -> DomainHardware
  ) throws(VirtError) {
    try accept(flags, only: [.live, .config], in: operation)
    try with(domain) { (record) throws(VirtError) in
      let impact = try Impact(one: flags, of: record, in: operation)
      try record.changeHardware(live: impact.live, configuration: impact.configuration, change)
    }
  }
}

extension DomainHardware {
  /// The place of a disk that is meant by its target or by the path of its source.
  func disk(_ name: String) -> Int? {
    devices.firstIndex { $0.kind == .disk && Disk.target($0.element) == name }
      ?? devices.firstIndex { $0.kind == .disk && !name.isEmpty && Disk.path($0.element) == name }
  }

  /// The place of a network interface that is meant by its address or by its name on the host.
  func interface(_ name: String) -> Int? {
    devices.firstIndex { device in
      guard device.kind == .interface, !name.isEmpty else { return false }
      return device.element.first("mac")?["address"]?.lowercased() == name.lowercased()
        || device.element.first("target")?["dev"] == name
    }
  }
}

internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

extension TestDriver {
  /// Of which disks it is told how far they are written, and how groups of disks are limited.
  static var diskControlOperations: [Operation<TestDriver>] {
    [
      .domainSetBlockThreshold { $0.setThreshold }, .domainSetThrottleGroup { $0.setGroup },
      .domainDelThrottleGroup { $0.removeGroup },
    ]
  }

  /// Asks to be told once when the image of a disk is written from that byte on; 0 takes it back.
  private func setThreshold(
    _ domain: Domain, _ name: BorrowedText, _ threshold: UInt64, _ flags: UInt32
  ) throws(VirtError) {
    try acceptNone(flags, in: "domainSetBlockThreshold")
    let name = name.string
    try running(domain) { (record) throws(VirtError) in
      let hardware = record.definition.values.hardware
      guard let index = hardware.devices.firstIndex(where: { $0.kind == .disk && Disk.target($0.element) == name }) else {
        throw VirtError(.invalidArg, .test, "the domain has no disk", name)
      }
      guard Disk.path(hardware.devices[index].element) != nil else {
        throw VirtError(.operationUnsupported, .test, "the disk is empty:", name)
      }
      record.thresholds[name] = threshold == 0 ? nil : threshold
    }
  }

  // MARK: - Groups

  private static let limits: [(name: String, kind: ParameterValues.Kind)] =
    DiskLimits.names.enumerated().map { ("\($0.element)", $0.offset == DiskLimits.group ? .string : .ullong) }

  /// Makes a group, or changes the limits that are given.
  private func setGroup(
    _ domain: Domain, _ name: BorrowedText, _ parameters: [TypedParameter], _ flags: DomainModificationImpact
  ) throws(VirtError) {
    try accept(flags, only: [.live, .config], in: "domainSetThrottleGroup")
    let name = name.string
    guard !name.isEmpty else { throw VirtError(.invalidArg, .test, "a group of disks has a name") }
    let values = try ParameterValues(parameters, Self.limits)
    guard values.string("group_name") ?? name == name else {
      throw VirtError(.invalidArg, .test, "a group of disks has one name:", name)
    }
    for known in Self.limits {
      if let value = values.ullong(known.name), value > DiskLimits.most {
        throw VirtError(.argumentUnsupported, .test, "", "\(known.name) is at most \(DiskLimits.most), not \(value)")
      }
    }
    try with(domain) { (record) throws(VirtError) in
      let impact = try Impact(flags.rawValue, of: record)
      try record.changeHardware(live: impact.live, configuration: impact.configuration) { (present, _) throws(VirtError) in
        var limits = present.hardware.throttleGroup(name) ?? DiskLimits(group: name)
        for (index, known) in Self.limits.enumerated() {
          if let value = values.ullong(known.name) { limits.values[index] = value }
        }
        if let conflict = limits.groupConflict {
          throw VirtError(.invalidArg, .test, "a limit of the group contradicts others:", "\(conflict)")
        }
        return present.hardware.changing(throttleGroup: name, to: limits)
      }
    }
  }

  private func removeGroup(
    _ domain: Domain, _ name: BorrowedText, _ flags: DomainModificationImpact
  ) throws(VirtError) {
    try accept(flags, only: [.live, .config], in: "domainDelThrottleGroup")
    let name = name.string
    try with(domain) { (record) throws(VirtError) in
      let impact = try Impact(flags.rawValue, of: record)
      try record.changeHardware(live: impact.live, configuration: impact.configuration) { (present, _) throws(VirtError) in
        guard present.hardware.throttleGroup(name) != nil else {
          throw VirtError(.invalidArg, .test, "the domain has no group of disks", name)
        }
        guard !present.hardware.usesThrottleGroup(name) else {
          throw VirtError(.operationInvalid, .test, "disks are in the group", name)
        }
        return present.hardware.changing(throttleGroup: name, to: nil)
      }
    }
  }
}

extension World {
  /// Tells that the whole image of a disk was written, if somebody waits for that.
  func tellWritten(_ object: DomainObject, _ disk: String, _ path: String?) {
    let passed = object.record.withLock { record -> (UInt64, UInt64)? in
      guard let threshold = record.thresholds[disk], record.size(ofDisk: disk) > threshold else { return nil }
      record.thresholds[disk] = nil
      return (threshold, record.size(ofDisk: disk) - threshold)
    }
    guard let passed, events.wantsDomainBlockThreshold else { return }
    events.domainBlockThreshold(identity(object), dev: disk, path: path, threshold: passed.0, excess: passed.1)
  }
}

internal import CVirt
internal import VirtCore
internal import VirtDriverKit
internal import VirtModel

extension TestDriver {
  /// All processors of the host.
  var hostProcessors: NumberSet { NumberSet(below: Int(clamping: world.node.processors)) }

  /// The processors among those of the host that a map of the caller's names.
  private func processors(_ map: UnsafeRawBufferPointer) -> NumberSet {
    NumberSet(map, below: Int(clamping: world.node.processors))
  }

  private func nonempty(_ map: UnsafeRawBufferPointer) throws(VirtError) -> NumberSet {
    let set = processors(map)
    guard !set.isEmpty else { throw VirtError(.invalidArg, .test, "the map has none of the host's processors") }
    return set
  }

  /// What one of a guest's processors is kept to, if only by what is said of all.
  private func place(_ number: UInt32, _ values: DomainValues) -> NumberSet {
    ThreadPin.processor(number).processors(in: values.hardware) ?? values.processorSet ?? hostProcessors
  }

  func pin(_ domain: Domain, _ number: UInt32, _ map: UnsafeRawBufferPointer) throws(VirtError) {
    try pin(domain, number, map, .live)
  }

  func pin(
    _ domain: Domain, _ number: UInt32, _ map: UnsafeRawBufferPointer, _ flags: DomainModificationImpact
  ) throws(VirtError) {
    let set = processors(map)
    try accept(flags, only: [.live, .config], in: "domainPinVcpuFlags")
    try with(domain) { (record) throws(VirtError) in
      let flags = flags.isEmpty ? .live : flags
      guard record.isActive || !flags.contains(.live) else {
        throw VirtError(.operationInvalid, .test, "the domain does not run:", record.definition.name)
      }
      let impact = try Impact(flags.rawValue, of: record)
      try record.changeHardware(live: impact.live, configuration: impact.configuration) { (present, _) throws(VirtError) in
        guard number < present.processors else {
          throw VirtError(.invalidArg, .test, "", "'\(present.name)' has no processor \(number)")
        }
        return ThreadPin.processor(number).keeping(to: set, in: present.hardware)
      }
    }
    try tellTuned(domain, flags, [TypedParameter("cputune.vcpupin\(number)", .string(set.text))])
  }

  func pins(
    _ domain: Domain, _ count: Int32, _ maps: UnsafeMutableRawBufferPointer, _ length: Int32, _ flags: DomainModificationImpact
  ) throws(VirtError) -> Int32 {
    let values = try reading(domain, flags, in: "domainGetVcpuPinInfo") { $0 }
    let shown = min(max(0, count), Int32(clamping: values.processors))
    fill(maps, Int(shown), Int(length)) { place(UInt32(truncatingIfNeeded: $0), values) }
    return shown
  }

  /// Fills maps of one length, one behind the other.
  private func fill(
    _ maps: UnsafeMutableRawBufferPointer, _ count: Int, _ length: Int, _ set: (Int) -> NumberSet
  ) {
    guard length > 0 else { return }
    for index in 0..<count where maps.count / length > index {
      set(index).fill(UnsafeMutableRawBufferPointer(rebasing: maps[index * length..<(index + 1) * length]))
    }
  }

  func pinEmulator(
    _ domain: Domain, _ map: UnsafeRawBufferPointer, _ flags: DomainModificationImpact
  ) throws(VirtError) {
    try changing(domain, flags, in: "domainPinEmulator") { (present, _) throws(VirtError) in
      ThreadPin.emulator.keeping(to: try nonempty(map), in: present.hardware)
    }
    try tellTuned(domain, flags, [TypedParameter("cputune.emulatorpin", .string(processors(map).text))])
  }

  func emulatorPin(
    _ domain: Domain, _ map: UnsafeMutableRawBufferPointer, _ flags: DomainModificationImpact
  ) throws(VirtError) -> Int32 {
    let values = try reading(domain, flags, in: "domainGetEmulatorPinInfo") { $0 }
    (ThreadPin.emulator.processors(in: values.hardware) ?? values.processorSet ?? hostProcessors).fill(map)
    return 1
  }

  /// The processors of a running guest, and where they run.
  func processors(
    _ domain: Domain, _ most: Int, _ maps: UnsafeMutableRawBufferPointer, _ length: Int32
  ) throws(VirtError) -> [virVcpuInfo] {
    let values = try with(domain) { (record) throws(VirtError) in
      guard record.isActive else {
        throw VirtError(.operationInvalid, .test, "the domain does not run:", record.definition.name)
      }
      return record.definition.values
    }
    let shown = min(most, Int(clamping: values.currentProcessors))
    let time = HostClock.microseconds / 10
    fill(maps, shown, Int(length)) { place(UInt32(truncatingIfNeeded: $0), values) }
    return (0..<shown).map { index in
      var info = virVcpuInfo()
      info.number = UInt32(truncatingIfNeeded: index)
      info.state = VcpuState.running.rawValue
      info.cpuTime = time
      info.cpu = Int32(truncatingIfNeeded: place(info.number, values).last ?? -1)
      return info
    }
  }
}

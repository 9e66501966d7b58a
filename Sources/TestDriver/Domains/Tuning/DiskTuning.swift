internal import VirtCore
internal import VirtDriverKit
internal import VirtModel

extension TestDriver {
  private static let limits: [(name: String, kind: ParameterValues.Kind)] =
    DiskLimits.names.enumerated().map { ("\($0.element)", $0.offset == DiskLimits.group ? .string : .ullong) }

  /// Without a disk it is only asked how many there are.
  func diskLimits(
    _ domain: Domain, _ disk: BorrowedText?, _ flags: DomainModificationImpact
  ) throws(VirtError) -> [TypedParameter] {
    let limits = try reading(domain, flags, in: "domainGetBlockIoTune") { (present) throws(VirtError) in
      guard let disk else { return DiskLimits() }
      return DiskLimits(try NamedDevice.disk(disk).element(in: present))
    }
    return Self.limits.enumerated().map { index, known in
      TypedParameter(known.name, index == DiskLimits.group ? .string(limits.groupName ?? "") : .ullong(limits.values[index]))
    }
  }

  func setDiskLimits(
    _ domain: Domain, _ disk: BorrowedText, _ parameters: [TypedParameter], _ flags: DomainModificationImpact
  ) throws(VirtError) {
    try accept(flags, only: [.live, .config], in: "domainSetBlockIoTune")
    let values = try ParameterValues(parameters, Self.limits)
    for (index, known) in Self.limits.enumerated() where index != DiskLimits.group {
      if let value = values.ullong(known.name), value > DiskLimits.most {
        throw VirtError(.argumentUnsupported, .test, "", "\(known.name) is at most \(DiskLimits.most), not \(value)")
      }
    }
    try changing(.disk(disk), of: domain, flags, in: "domainSetBlockIoTune") { (element) throws(VirtError) in
      var limits = DiskLimits(element)
      for (index, known) in Self.limits.enumerated() {
        if let value = values.ullong(known.name) { limits.values[index] = value }
        if let name = values.string(known.name) { limits.groupName = name }
      }
      if let conflict = limits.conflict {
        throw VirtError(.invalidArg, .test, "a limit of the disk contradicts others:", "\(conflict)")
      }
      return limits.applied(to: element)
    }
    try tellTuned(
      domain, flags,
      [TypedParameter("blkdeviotune.disk", .string(disk.string))]
        + parameters.map { TypedParameter("blkdeviotune.\($0.name)", $0.value) })
  }
}

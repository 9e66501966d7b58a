internal import VirtCore
internal import VirtDriverKit
internal import VirtModel

extension TestDriver {
  private static let limitNames: [(name: String, kind: ParameterValues.Kind)] = [
    ("hard_limit", .ullong), ("soft_limit", .ullong), ("swap_hard_limit", .ullong),
  ]

  func memoryParameters(_ domain: Domain, _ flags: DomainModificationImpact) throws(VirtError) -> [TypedParameter] {
    let limits = try reading(domain, flags, in: "domainGetMemoryParameters") { MemoryLimits($0.hardware) }
    return [
      TypedParameter("hard_limit", .ullong(limits.hard)), TypedParameter("soft_limit", .ullong(limits.soft)),
      TypedParameter("swap_hard_limit", .ullong(limits.swap)),
    ]
  }

  /// Sizes in KiB.
  func setMemoryParameters(
    _ domain: Domain, _ parameters: [TypedParameter], _ flags: DomainModificationImpact
  ) throws(VirtError) {
    try accept(flags, only: [.live, .config], in: "domainSetMemoryParameters")
    let values = try ParameterValues(parameters, Self.limitNames)
    try changing(domain, flags, in: "domainSetMemoryParameters") { (present, _) throws(VirtError) in
      var limits = MemoryLimits(present.hardware)
      limits.hard = min(values.ullong("hard_limit") ?? limits.hard, MemoryLimits.unlimited)
      limits.soft = min(values.ullong("soft_limit") ?? limits.soft, MemoryLimits.unlimited)
      limits.swap = min(values.ullong("swap_hard_limit") ?? limits.swap, MemoryLimits.unlimited)
      let isGiven = values.ullong("hard_limit") != nil || values.ullong("swap_hard_limit") != nil
      guard !isGiven || limits.swap >= limits.hard else {
        throw VirtError(.invalidArg, .test, "memory and swap space together are limited to less than memory alone:", present.name)
      }
      return limits.applied(to: present.hardware)
    }
  }

  func nodeParameters(_ domain: Domain, _ flags: DomainModificationImpact) throws(VirtError) -> [TypedParameter] {
    let nodes = try reading(domain, flags, in: "domainGetNumaParameters") { NodePlacement($0.hardware) }
    return [
      TypedParameter("numa_mode", .int(Int32(truncatingIfNeeded: nodes.mode))),
      TypedParameter("numa_nodeset", .string(nodes.nodes?.text ?? "")),
    ]
  }

  func setNodeParameters(_ domain: Domain, _ parameters: [TypedParameter], _ flags: DomainModificationImpact) throws(VirtError) {
    try accept(flags, only: [.live, .config], in: "domainSetNumaParameters")
    let values = try ParameterValues(parameters, [("numa_mode", .int), ("numa_nodeset", .string)])
    try changing(domain, flags, in: "domainSetNumaParameters") { (present, isLive) throws(VirtError) in
      var nodes = NodePlacement(present.hardware)
      if let mode = values.int("numa_mode") {
        guard NodePlacement.modes.indices.contains(Int(mode)) else {
          throw VirtError(.invalidArg, .test, "memory of nodes has no mode", "\(mode)")
        }
        guard !isLive || nodes.mode == Int(mode) else {
          throw VirtError(.operationInvalid, .test, "a running domain keeps the way in which its memory is placed:", present.name)
        }
        nodes.mode = Int(mode)
      }
      if let text = values.string("numa_nodeset") {
        guard let set = NumberSet(text) else { throw VirtError(.invalidArg, .none, "this is no list of nodes", text) }
        nodes.nodes = set
      }
      guard nodes.nodes != nil || nodes.isAutomatic || parameters.isEmpty else {
        throw VirtError(.configUnsupported, .domain, "memory of nodes needs a list of nodes:", present.name)
      }
      return parameters.isEmpty ? present.hardware : nodes.applied(to: present.hardware)
    }
  }

  /// Every how many seconds the balloon reports.
  func setMemoryPeriod(_ domain: Domain, _ period: Int32, _ flags: DomainMemoryModFlags) throws(VirtError) {
    try accept(flags, only: [.live, .config], in: "domainSetMemoryStatsPeriod")
    try with(domain) { (record) throws(VirtError) in
      let impact = try Impact(one: DomainModificationImpact(rawValue: flags.rawValue), of: record, in: "domainSetMemoryStatsPeriod")
      try record.changeHardware(live: impact.live, configuration: impact.configuration) { (present, _) throws(VirtError) in
        guard let index = present.hardware.devices.firstIndex(where: { $0.kind == .memballoon && $0.element["model"] != "none" })
        else { throw VirtError(.internalError, .test, "the domain has no balloon:", present.name) }
        return Balloon.reporting(every: UInt32(clamping: period), at: index, in: present.hardware)
      }
    }
  }
}

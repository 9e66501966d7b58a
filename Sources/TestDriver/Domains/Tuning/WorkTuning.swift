internal import CVirt
internal import VirtCore
internal import VirtDriverKit
internal import VirtModel

extension TestDriver {
  private static let weights: [(name: String, kind: ParameterValues.Kind)] =
    [("weight", .uint)] + BlockWeights.fields.map { ($0.parameter, .string) }

  func blockWeights(_ domain: Domain, _ flags: DomainModificationImpact) throws(VirtError) -> [TypedParameter] {
    let weights = try reading(domain, flags, in: "domainGetBlkioParameters") { BlockWeights($0.hardware) }
    let lists = BlockWeights.fields.indices.map { TypedParameter(BlockWeights.fields[$0].parameter, .string(weights.list($0))) }
    return [TypedParameter("weight", .uint(weights.weight))] + lists
  }

  func setBlockWeights(_ domain: Domain, _ parameters: [TypedParameter], _ flags: DomainModificationImpact) throws(VirtError) {
    try accept(flags, only: [.live, .config], in: "domainSetBlkioParameters")
    let values = try ParameterValues(parameters, Self.weights)
    try changing(domain, flags, in: "domainSetBlkioParameters") { (present, _) throws(VirtError) in
      var weights = BlockWeights(present.hardware)
      if let weight = values.uint("weight") { weights.weight = weight }
      for (index, field) in BlockWeights.fields.enumerated() {
        guard let text = values.string(field.parameter) else { continue }
        guard let pairs = BlockWeights.pairs(text, most: field.most) else {
          throw VirtError(.invalidArg, .domain, "these are no pairs of path and number", text)
        }
        weights.set(index, pairs)
      }
      return weights.applied(to: present.hardware)
    }
  }

  func countedEvents(_ domain: Domain, _ flags: DomainModificationImpact) throws(VirtError) -> [TypedParameter] {
    // That the caller knows texts changes nothing here.
    let meant = flags.subtracting(DomainModificationImpact(rawValue: VIR_TYPED_PARAM_STRING_OKAY.rawValue))
    let counted = try reading(domain, meant, in: "domainGetPerfEvents") { PerformanceEvents.counted($0.hardware) }
    return PerformanceEvents.names.map { TypedParameter($0, .boolean(counted.contains($0))) }
  }

  func countEvents(_ domain: Domain, _ parameters: [TypedParameter], _ flags: DomainModificationImpact) throws(VirtError) {
    try accept(flags, only: [.live, .config], in: "domainSetPerfEvents")
    let values = try ParameterValues(parameters, PerformanceEvents.names.map { ($0, .boolean) })
    var events: [String: Bool] = [:]
    for name in PerformanceEvents.names { events[name] = values.boolean(name) }
    let switched = events
    try changing(domain, flags, in: "domainSetPerfEvents") { (present, _) throws(VirtError) in
      PerformanceEvents.switching(switched, in: present.hardware)
    }
  }

  // MARK: - Interfaces

  private static let flows = ["average", "peak", "burst", "floor"]
  private static let bandwidth: [(name: String, kind: ParameterValues.Kind)] =
    flows.map { ("inbound.\($0)", .uint) } + flows.dropLast().map { ("outbound.\($0)", .uint) }

  func bandwidth(
    _ domain: Domain, _ device: BorrowedText, _ flags: DomainModificationImpact
  ) throws(VirtError) -> [TypedParameter] {
    let bandwidth = try reading(domain, flags, in: "domainGetInterfaceParameters") { (present) throws(VirtError) in
      InterfaceBandwidth(try NamedDevice.interface(device).element(in: present))
    }
    let inbound = bandwidth.inbound, outbound = bandwidth.outbound
    let values = [
      inbound.average, inbound.peak, inbound.burst, inbound.floor, outbound.average, outbound.peak, outbound.burst,
    ]
    return zip(Self.bandwidth, values).map { TypedParameter($0.name, .uint($1)) }
  }

  /// A direction is set as a whole, when a call gives its average or what is sure; nothing else of it stays.
  func setBandwidth(
    _ domain: Domain, _ device: BorrowedText, _ parameters: [TypedParameter], _ flags: DomainModificationImpact
  ) throws(VirtError) {
    try accept(flags, only: [.live, .config], in: "domainSetInterfaceParameters")
    let values = try ParameterValues(parameters, Self.bandwidth)
    func flow(_ direction: String) -> InterfaceBandwidth.Flow? {
      let average = values.uint("\(direction).average"), floor = values.uint("\(direction).floor")
      guard average != nil || floor != nil else { return nil }
      var flow = InterfaceBandwidth.Flow()
      flow.average = average ?? 0
      flow.floor = floor ?? 0
      flow.peak = values.uint("\(direction).peak") ?? 0
      flow.burst = values.uint("\(direction).burst") ?? 0
      return flow
    }
    let inbound = flow("inbound"), outbound = flow("outbound")
    try changing(.interface(device), of: domain, flags, in: "domainSetInterfaceParameters") { element in
      var bandwidth = InterfaceBandwidth(element)
      bandwidth.inbound = inbound ?? bandwidth.inbound
      bandwidth.outbound = outbound ?? bandwidth.outbound
      return bandwidth.applied(to: element)
    }
  }

  // MARK: - Shares of the processors

  func scheduler(_ domain: Domain) throws(VirtError) -> (nparams: Int32, text: String?) {
    try with(domain) { _ in (1, "fair") }
  }

  func shares(_ domain: Domain) throws(VirtError) -> [TypedParameter] { try shares(domain, []) }

  func shares(_ domain: Domain, _ flags: DomainModificationImpact) throws(VirtError) -> [TypedParameter] {
    try accept(flags, only: [.live, .config], in: "domainGetSchedulerParametersFlags")
    let weight = try with(domain) { (record) throws(VirtError) in
      _ = try Impact(one: flags, of: record, in: "domainGetSchedulerParametersFlags")
      return record.guest.weight
    }
    return [TypedParameter("weight", .uint(weight))]
  }

  func setShares(_ domain: Domain, _ parameters: [TypedParameter]) throws(VirtError) {
    try setShares(domain, parameters, [])
  }

  func setShares(_ domain: Domain, _ parameters: [TypedParameter], _ flags: DomainModificationImpact) throws(VirtError) {
    try accept(flags, only: [.live, .config], in: "domainSetSchedulerParametersFlags")
    let values = try ParameterValues(parameters, [("weight", .uint)])
    try with(domain) { (record) throws(VirtError) in
      _ = try Impact(flags.rawValue, of: record)
      if let weight = values.uint("weight") { record.guest.weight = weight }
    }
  }
}

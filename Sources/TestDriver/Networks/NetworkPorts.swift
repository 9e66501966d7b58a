internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension TestDriver {
  /// What the driver does with the ports of networks.
  static var networkPortOperations: [Operation<TestDriver>] {
    [
      .networkListAllPorts { $0.listPorts }, .networkPortLookupByUUID { $0.lookUpPort }, .networkPortCreateXML { $0.createPort },
      .networkPortGetXMLDesc { $0.describe }, .networkPortGetParameters { $0.parameters },
      .networkPortSetParameters { $0.setParameters }, .networkPortDelete { $0.delete },
    ]
  }

  private func listPorts(_ network: Network, _ list: inout HandleList<NetworkPort>, _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "networkListAllPorts")
    let ports = try with(network) { Array($0.contents.keys) }
    try list.reserve(ports.count)
    for port in ports { try list.append { () throws(VirtError) in try NetworkPort.make(of: network, uuid: port) } }
  }

  private func lookUpPort(_ network: Network, _ uuid: UUID) throws(VirtError) -> NetworkPort {
    guard try with(network, { $0.contents[uuid] != nil }) else { throw Self.noPort(uuid) }
    return try NetworkPort.make(of: network, uuid: uuid)
  }

  private func createPort(
    _ network: Network, _ text: BorrowedText, _ flags: NetworkPortCreateFlags
  ) throws(VirtError) -> NetworkPort {
    try accept(flags, only: .known, in: "networkPortCreateXML")
    let element = try document(text, .networkport, for: .network, isValidated: flags.contains(.validate))
    let plug = try with(network) { $0.definition.plug }
    let definition = try NetworkPortDefinition.read(element, plug: plug)
    try with(network) { (record) throws(VirtError) in
      guard record.isActive else { throw Network.refusal(record.definition.name, "is not active", .network) }
      guard record.contents[definition.uuid] == nil else {
        throw VirtError(.networkPortExist, .network, "the network has a port with UUID", "\(definition.uuid)")
      }
      record.contents[definition.uuid] = definition
    }
    return try NetworkPort.make(of: network, uuid: definition.uuid)
  }

  private func describe(_ port: NetworkPort, _ flags: UInt32) throws(VirtError) -> HostString {
    try acceptNone(flags, in: "networkPortGetXMLDesc")
    return try HostString(try with(port) { $0.text })
  }

  private func delete(_ port: NetworkPort, _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "networkPortDelete")
    try change(port) { _ in nil }
  }

  // MARK: - Parameters

  /// The names of the parameters, in the order in which they are listed, and what they set.
  private static let inbound: [(name: String, place: any WritableKeyPath<BandwidthRate, UInt32> & Sendable)] = [
    ("inbound.average", \.average), ("inbound.peak", \.peak), ("inbound.floor", \.floor), ("inbound.burst", \.burst),
  ]
  private static let outbound: [(name: String, place: any WritableKeyPath<BandwidthRate, UInt32> & Sendable)] = [
    ("outbound.average", \.average), ("outbound.peak", \.peak), ("outbound.burst", \.burst),
  ]

  private func parameters(_ port: NetworkPort, _ flags: UInt32) throws(VirtError) -> [TypedParameter] {
    try acceptNone(flags, in: "networkPortGetParameters")
    let definition = try with(port) { $0 }
    var parameters: [TypedParameter] = []
    for (direction, names) in [("inbound", Self.inbound), ("outbound", Self.outbound)] {
      guard let rate = definition.rate(direction) else { continue }
      for (name, place) in names { parameters.append(TypedParameter(name, .uint(rate[keyPath: place]))) }
    }
    return parameters
  }

  private func setParameters(_ port: NetworkPort, _ parameters: [TypedParameter], _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "networkPortSetParameters")
    var given: [String: UInt32] = [:]
    for parameter in parameters {
      guard (Self.inbound + Self.outbound).contains(where: { $0.name == parameter.name }) else {
        throw VirtError(.argumentUnsupported, .network, "a port has no parameter", parameter.name)
      }
      guard case .uint(let value) = parameter.value else {
        throw VirtError(.invalidArg, .network, "this parameter of a port is an unsigned number of 32 bits:", parameter.name)
      }
      guard given.updateValue(value, forKey: parameter.name) == nil else {
        throw VirtError(.invalidArg, .network, "a parameter is given twice:", parameter.name)
      }
    }
    let wanted = given
    try change(port) { (definition) throws(VirtError) in
      try definition.limited(
        inbound: Self.rate(definition.rate("inbound"), wanted, Self.inbound),
        outbound: Self.rate(definition.rate("outbound"), wanted, Self.outbound))
    }
  }

  private static func rate(
    _ present: BandwidthRate?, _ wanted: [String: UInt32],
    _ names: [(name: String, place: any WritableKeyPath<BandwidthRate, UInt32> & Sendable)]
  ) -> BandwidthRate? {
    var rate = present ?? BandwidthRate()
    for (name, place) in names { if let value = wanted[name] { rate[keyPath: place] = value } }
    return rate
  }

  // MARK: - Finding

  /// Shows what is known of a port.
  private func with<Result: Sendable>(
    _ port: NetworkPort, _ body: (NetworkPortDefinition) throws(VirtError) -> Result
  ) throws(VirtError) -> Result {
    let uuid = port.uuid
    guard let network = port.network else { throw Self.noPort(uuid) }
    return try with(network) { (record) throws(VirtError) in
      guard let definition = record.contents[uuid] else { throw Self.noPort(uuid) }
      return try body(definition)
    }
  }

  /// Replaces a port, or takes it away.
  private func change(
    _ port: NetworkPort, _ body: (NetworkPortDefinition) throws(VirtError) -> NetworkPortDefinition?
  ) throws(VirtError) {
    let uuid = port.uuid
    guard let network = port.network else { throw Self.noPort(uuid) }
    try with(network) { (record) throws(VirtError) in
      guard let definition = record.contents[uuid] else { throw Self.noPort(uuid) }
      record.contents[uuid] = try body(definition)
    }
  }

  private static func noPort(_ uuid: UUID) -> VirtError {
    VirtError(.noNetworkPort, .network, "the network has no port with UUID", "\(uuid)")
  }
}

internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension TestDriver {
  /// What the driver changes in networks.
  static var networkChangeOperations: [Operation<TestDriver>] {
    [
      .networkUpdate { $0.update }, .networkGetMetadata { $0.metadata }, .networkSetMetadata { $0.setMetadata },
      .networkGetDHCPLeases { $0.leases },
    ]
  }

  /// Which of a network's two definitions a call is about.
  private func impact(
    _ flags: NetworkUpdateFlags, of record: Network.Record
  ) throws(VirtError) -> (live: Bool, configuration: Bool) {
    var impact = (live: flags.contains(.live), configuration: flags.contains(.config))
    if !impact.live, !impact.configuration { impact = (record.isActive, !record.isActive) }
    if impact.live, !record.isActive { throw Network.refusal(record.definition.name, "is not active", .network) }
    if impact.configuration, !record.isPersistent {
      throw Network.refusal(record.definition.name, "is transient and has no configuration", .network)
    }
    return impact
  }

  /// Changes what the flags mean.
  private func change(
    _ network: Network, _ flags: NetworkUpdateFlags, _ change: (NetworkDefinition) throws(VirtError) -> NetworkDefinition
  ) throws(VirtError) -> NetworkDefinition {
    try with(network) { (record) throws(VirtError) in
      let impact = try impact(flags, of: record)
      try record.change(live: impact.live, configuration: impact.configuration, change)
      return record.definition
    }
  }

  private func update(
    _ network: Network, _ command: UInt32, _ section: UInt32, _ index: Int32, _ text: BorrowedText, _ flags: NetworkUpdateFlags
  ) throws(VirtError) {
    try accept(flags, only: [.live, .config], in: "networkUpdate")
    _ = try object(network)
    let element = try XMLReader.read(text.bytes, for: .network)
    let update = NetworkUpdate(
      NetworkUpdateCommand(rawValue: Int32(truncatingIfNeeded: command)),
      NetworkUpdateSection(rawValue: Int32(truncatingIfNeeded: section)), index, element)
    _ = try change(network, flags) { (definition) throws(VirtError) in try update.applied(to: definition) }
  }

  private func metadata(
    _ network: Network, _ kind: Int32, _ uri: BorrowedText?, _ flags: NetworkUpdateFlags
  ) throws(VirtError) -> String {
    try accept(flags, only: [.live, .config], in: "networkGetMetadata")
    let kind = try MetadataKind.read(kind, for: .network)
    let values = try with(network) { (record) throws(VirtError) in
      (try impact(flags, of: record).live ? record.definition : record.configuration).values
    }
    guard let found = kind.value(in: values, uri) else {
      throw VirtError(.noNetworkMetadata, .network, "the network has no such metadata:", values.name)
    }
    return found
  }

  private func setMetadata(
    _ network: Network, _ kind: Int32, _ text: BorrowedText?, _ key: BorrowedText?, _ uri: BorrowedText?,
    _ flags: NetworkUpdateFlags
  ) throws(VirtError) {
    try accept(flags, only: [.live, .config], in: "networkSetMetadata")
    let made = try MetadataChange(kind, text, key, uri, for: .network)
    let definition = try change(network, flags) { definition in definition.changing { made.apply(to: &$0) } }
    guard world.events.wantsNetworkMetadataChange else { return }
    world.events.networkMetadataChange(
      ObjectIdentity(definition.name, uuid: definition.uuid), type: kind, nsuri: uri?.string)
  }
}

internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

extension TestDriver {
  /// What the driver does with networks.
  static var networkOperations: [Operation<TestDriver>] {
    [
      .connectNumOfNetworks { $0.numberOfActiveNetworks }, .connectNumOfDefinedNetworks { $0.numberOfInactiveNetworks },
      .connectListNetworks { $0.activeNetworks }, .connectListDefinedNetworks { $0.inactiveNetworks },
      .connectListAllNetworks { $0.list }, .networkLookupByName { $0.lookUp(name:) }, .networkLookupByUUID { $0.lookUp(uuid:) },
      .networkDefineXML { $0.defineNetwork }, .networkDefineXMLFlags { $0.defineNetwork },
      .networkCreateXML { $0.createNetwork }, .networkCreateXMLFlags { $0.createNetwork },
      .networkCreate { $0.start }, .networkDestroy { $0.stop }, .networkUndefine { $0.undefine },
      .networkIsActive { $0.isActive }, .networkIsPersistent { $0.isPersistent },
      .networkGetAutostart { $0.startsWithHost }, .networkSetAutostart { $0.setStartsWithHost },
      .networkGetXMLDesc { $0.describe }, .networkGetBridgeName { $0.bridge },
    ]
  }

  private func numberOfActiveNetworks() throws(VirtError) -> Int32 { count(Network.self, active: true) }
  private func numberOfInactiveNetworks() throws(VirtError) -> Int32 { count(Network.self, active: false) }
  private func activeNetworks(_ most: Int) throws(VirtError) -> HostTexts { try names(Network.self, active: true, most) }
  private func inactiveNetworks(_ most: Int) throws(VirtError) -> HostTexts { try names(Network.self, active: false, most) }

  private func list(_ list: inout HandleList<Network>, _ flags: ConnectListAllNetworksFlags) throws(VirtError) {
    try accept(flags, only: .known, in: "connectListAllNetworks")
    try self.list(&list, ObjectFilter(flags.rawValue))
  }

  private func defineNetwork(_ text: BorrowedText) throws(VirtError) -> Network { try defineNetwork(text, []) }
  private func defineNetwork(_ text: BorrowedText, _ flags: NetworkDefineFlags) throws(VirtError) -> Network {
    try accept(flags, only: .known, in: "networkDefineXMLFlags")
    return try define(try read(Network.self, text, isValidated: flags.contains(.validate)))
  }

  private func createNetwork(_ text: BorrowedText) throws(VirtError) -> Network { try createNetwork(text, []) }
  private func createNetwork(_ text: BorrowedText, _ flags: NetworkCreateFlags) throws(VirtError) -> Network {
    try accept(flags, only: .known, in: "networkCreateXMLFlags")
    return try create(try read(Network.self, text, isValidated: flags.contains(.validate)))
  }

  private func describe(_ network: Network, _ flags: NetworkXMLFlags) throws(VirtError) -> HostString {
    try accept(flags, only: .known, in: "networkGetXMLDesc")
    let (definition, connections) = try with(network) {
      flags.contains(.inactive) ? ($0.configuration, 0) : ($0.definition, $0.contents.count)
    }
    return try HostString(definition.text(connections: connections))
  }

  private func bridge(_ network: Network) throws(VirtError) -> String {
    let definition = try with(network) { $0.definition }
    guard let bridge = definition.bridge else {
      throw VirtError(.internalError, .test, "the network has no bridge:", definition.name)
    }
    return bridge
  }
}

internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

extension TestDriver {
  /// What the driver does with interfaces of the host.
  static var interfaceOperations: [Operation<TestDriver>] {
    [
      .connectNumOfInterfaces { $0.numberOfActiveInterfaces }, .connectListInterfaces { $0.activeInterfaces },
      .connectNumOfDefinedInterfaces { $0.numberOfInactiveInterfaces }, .connectListDefinedInterfaces { $0.inactiveInterfaces },
      .connectListAllInterfaces { $0.list }, .interfaceLookupByName { $0.lookUp(interface:) },
      .interfaceLookupByMACString { $0.lookUp(mac:) }, .interfaceGetXMLDesc { $0.describe }, .interfaceDefineXML { $0.define },
      .interfaceUndefine { $0.undefine }, .interfaceCreate { $0.create }, .interfaceDestroy { $0.destroy },
      .interfaceIsActive { $0.isActive }, .interfaceChangeBegin { $0.beginChange }, .interfaceChangeCommit { $0.commitChange },
      .interfaceChangeRollback { $0.rollBackChange },
    ]
  }

  private func numberOfActiveInterfaces() throws(VirtError) -> Int32 { count(Interface.self, active: true) }
  private func numberOfInactiveInterfaces() throws(VirtError) -> Int32 { count(Interface.self, active: false) }
  private func activeInterfaces(_ most: Int) throws(VirtError) -> HostTexts { try names(Interface.self, active: true, most) }
  private func inactiveInterfaces(_ most: Int) throws(VirtError) -> HostTexts { try names(Interface.self, active: false, most) }

  private func list(_ list: inout HandleList<Interface>, _ flags: ConnectListAllInterfacesFlags) throws(VirtError) {
    try accept(flags, only: .known, in: "connectListAllInterfaces")
    try self.list(&list, ObjectFilter(flags.rawValue))
  }

  private func lookUp(interface name: BorrowedText) throws(VirtError) -> Interface {
    guard let object = world.interfaces.find(name: name.bytes) else { throw Interface.none(named: name.string) }
    return try Interface.handle(object.definition, on: connection)
  }

  private func lookUp(mac: BorrowedText) throws(VirtError) -> Interface {
    let wanted = mac.string
    let found = world.interfaces.find(address: wanted)
    guard let first = found.first else {
      throw VirtError(.noInterface, .test, "there is no interface with the hardware address", wanted)
    }
    guard found.count == 1 else {
      throw VirtError(.multipleInterfaces, .test, "several interfaces have the hardware address", wanted)
    }
    return try Interface.handle(first, on: connection)
  }

  private func describe(_ interface: Interface, _ flags: InterfaceXMLFlags) throws(VirtError) -> HostString {
    try accept(flags, only: .known, in: "interfaceGetXMLDesc")
    let definition = try with(interface) { flags.contains(.inactive) ? $0.configuration : $0.definition }
    return try HostString(definition.text)
  }

  private func define(_ text: BorrowedText, _ flags: InterfaceDefineFlags) throws(VirtError) -> Interface {
    try accept(flags, only: .known, in: "interfaceDefineXML")
    return try define(try read(Interface.self, text, isValidated: flags.contains(.validate)))
  }

  private func create(_ interface: Interface, _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "interfaceCreate")
    try start(interface)
  }

  private func destroy(_ interface: Interface, _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "interfaceDestroy")
    try stop(interface)
  }
}

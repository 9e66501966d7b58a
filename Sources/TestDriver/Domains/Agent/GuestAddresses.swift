internal import CVirt
internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

/// An address that a guest's interface has.
struct GuestAddress {
  /// The interface on the host, its hardware address, and the address in the guest's network.
  let name, hardware, address: String
  /// How many leading bits name the network.
  static let prefix: UInt32 = 24

  /// The addresses of a running domain: on a network each domain has twenty of them, elsewhere they are counted from 1.
  static func all(_ record: DomainRecord, in world: World) throws(VirtError) -> [GuestAddress] {
    var addresses: [GuestAddress] = []
    for device in record.definition.values.hardware.devices where device.kind == .interface {
      let index = addresses.count
      let element = device.element
      var address: String?
      if element["type"] == "network" {
        let name = element.first("source")?["network"] ?? ""
        guard let network = world.networks.find(name: name) else {
          throw VirtError(.noNetwork, .test, "there is no network named", name)
        }
        let offset = UInt64(clamping: max(0, record.id - 1)) * 20 + UInt64(clamping: index) + 2
        address = network.record.withLock { $0.definition }.address(behindHost: offset)
      }
      addresses.append(
        GuestAddress(
          name: element.first("target")?["dev"] ?? "eth\(index)", hardware: element.first("mac")?["address"] ?? "",
          address: address ?? "192.168.\((index + 1) / 256 % 256).\((index + 1) % 256)"))
    }
    return addresses
  }
}

extension TestDriver {
  func addresses(
    _ domain: Domain, _ source: UInt32, _ flags: UInt32
  ) throws(VirtError) -> [UnsafeMutablePointer<virDomainInterface>?] {
    try acceptNone(flags, in: "domainInterfaceAddresses")
    guard source <= UInt32(bitPattern: DomainInterfaceAddressesSource.arp.rawValue) else {
      throw VirtError(.argumentUnsupported, .test, "nobody tells addresses under the number", "\(source)")
    }
    // Networks are not asked while a domain is locked.
    let addresses = try GuestAddress.all(try running(domain) { $0 }, in: world)
    var answer: [UnsafeMutablePointer<virDomainInterface>?] = []
    for address in addresses {
      var own = virDomainIPAddress()
      own.type = IPAddrType.ipv4.rawValue
      own.addr = try hostText(address.address)
      own.prefix = GuestAddress.prefix
      var interface = virDomainInterface()
      interface.name = try hostText(address.name)
      interface.hwaddr = try hostText(address.hardware)
      interface.naddrs = 1
      interface.addrs = try hostArray([own])
      answer.append(try hostStruct(interface))
    }
    return answer
  }
}

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
  static func all(_ record: DomainRecord) throws(VirtError) -> [GuestAddress] {
    var addresses: [GuestAddress] = []
    for device in record.definition.values.hardware.devices where device.kind == .interface {
      let index = UInt32(truncatingIfNeeded: addresses.count)
      let element = device.element
      var number: UInt32 = 192 << 24 | 168 << 16
      if element["type"] == "network" {
        let network = element.first("source")?["network"] ?? ""
        guard network == "default" else { throw VirtError(.noNetwork, .test, "there is no network named", network) }
        number += 122 << 8 | 3
        number = number &+ UInt32(clamping: record.id - 1) &* 20 &+ index
      } else {
        number += 1 + index
      }
      addresses.append(
        GuestAddress(
          name: element.first("target")?["dev"] ?? "eth\(index)", hardware: element.first("mac")?["address"] ?? "",
          address: "\(number >> 24).\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)"))
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
    let addresses = try running(domain) { (record) throws(VirtError) in try GuestAddress.all(record) }
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

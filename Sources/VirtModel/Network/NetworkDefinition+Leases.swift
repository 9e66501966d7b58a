internal import VirtXML

/// An address that a network's server gave to a guest.
package struct NetworkLease: Sendable {
  /// The guest's hardware address.
  package var mac: String
  /// What it was given.
  package var address: String
  /// How many leading bits name its network.
  package var prefix: UInt32
  /// The name that the network has for it.
  package var name: String?
  /// How long it is kept, in seconds; nil for ever.
  package var duration: UInt64?
}

extension NetworkDefinition {
  /// The addresses of version 4 that guests with these hardware addresses have: those reserved for them, else the first free
  /// ones of the ranges, in the order of the hardware addresses.
  package func leases(to macs: Set<String>) -> [NetworkLease] {
    guard let ip = values.parts("ip").first(where: { !$0.has("family", "ipv6") && $0.first("dhcp") != nil }),
      let server = ip.first("dhcp"), let own = ip["address"].flatMap({ IPAddress($0) })
    else { return [] }
    let prefix = UInt32(clamping: NetworkAddressing.prefix(ip, own) ?? 0)
    var reserved: [String: XMLElement] = [:]
    var taken: Set<String> = [own.text]
    for host in server.all("host") {
      if let mac = host["mac"]?.lowercased() { reserved[mac] = host }
      if let address = host["ip"] { taken.insert(address) }
    }
    var free = FreeAddresses(server.all("range"), taken)
    var leases: [NetworkLease] = []
    for mac in macs.sorted() {
      if let host = reserved[mac], let address = host["ip"] {
        leases.append(
          NetworkLease(mac: mac, address: address, prefix: prefix, name: host["name"], duration: Self.duration(host)))
      } else if let (address, range) = free.next() {
        leases.append(NetworkLease(mac: mac, address: address, prefix: prefix, duration: Self.duration(range)))
      }
    }
    return leases
  }

  /// The address of version 4 that lies so far behind the host's own on the network; nil where there is none.
  package func address(behindHost offset: UInt64) -> String? {
    let ip = values.parts("ip").first { !$0.has("family", "ipv6") && $0["address"] != nil }
    return ip?["address"].flatMap { IPAddress($0) }?.advanced(by: offset)?.text
  }

  /// How long what an element is about is kept: an hour where nothing is said.
  private static func duration(_ element: XMLElement) -> UInt64? {
    guard let lease = element.first("lease"), let expiry = lease["expiry"].flatMap({ UInt64($0) }) else { return 3600 }
    if expiry == 0 { return nil }
    let unit: UInt64 = lease.has("unit", "hours") ? 3600 : lease.has("unit", "seconds") ? 1 : 60
    let (seconds, overflow) = expiry.multipliedReportingOverflow(by: unit)
    return overflow ? nil : seconds
  }
}

/// The addresses of ranges, one after the other, without those that are taken.
private struct FreeAddresses {
  private let ranges: [XMLElement]
  private let taken: Set<String>
  private var place = 0
  private var last: IPAddress?

  init(_ ranges: [XMLElement], _ taken: Set<String>) {
    self.ranges = ranges
    self.taken = taken
  }

  mutating func next() -> (address: String, range: XMLElement)? {
    while place < ranges.count {
      let range = ranges[place]
      guard let start = range["start"].flatMap({ IPAddress($0) }), let end = range["end"].flatMap({ IPAddress($0) }),
        let address = last.map({ $0.next }) ?? start, address.bits <= end.bits
      else {
        place += 1
        last = nil
        continue
      }
      last = address
      if !taken.contains(address.text) { return (address.text, range) }
    }
    return nil
  }
}

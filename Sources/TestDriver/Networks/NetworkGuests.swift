internal import CVirt
internal import Glibc
internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

extension TestDriver {
  /// The addresses that running domains have on a network.
  func leases(
    _ network: Network, _ mac: BorrowedText?, _ flags: UInt32
  ) throws(VirtError) -> [UnsafeMutablePointer<virNetworkDHCPLease>?] {
    try acceptNone(flags, in: "networkGetDHCPLeases")
    let wanted = mac?.string.lowercased()
    if let wanted, !NetworkInterface.isMAC(wanted) { throw VirtError(.invalidMac, .network, "this is no MAC address:", wanted) }
    let (definition, isActive) = try with(network) { ($0.definition, $0.isActive) }
    guard isActive else { return [] }
    var macs: Set<String> = []
    for object in world.domains.all() where object.id >= 0 { macs.formUnion(object.definition.macs(on: definition.name)) }
    var leases: [UnsafeMutablePointer<virNetworkDHCPLease>?] = []
    do throws(VirtError) {
      for lease in definition.leases(to: macs) where wanted == nil || wanted == lease.mac {
        leases.append(try Self.lease(lease, definition))
      }
    } catch {
      for case let lease? in leases { Self.release(lease) }
      throw error
    }
    return leases
  }

  private static func lease(
    _ lease: NetworkLease, _ network: NetworkDefinition
  ) throws(VirtError) -> UnsafeMutablePointer<virNetworkDHCPLease> {
    let made = try hostStruct(virNetworkDHCPLease())
    do throws(VirtError) {
      made.pointee.iface = try hostText(network.bridge ?? network.name)
      made.pointee.mac = try hostText(lease.mac)
      made.pointee.ipaddr = try hostText(lease.address)
      made.pointee.hostname = try hostText(lease.name)
    } catch {
      release(made)
      throw error
    }
    if let duration = lease.duration {
      made.pointee.expirytime = Int64(clamping: UInt64(clamping: time(nil)).addingReportingOverflow(duration).partialValue)
    }
    made.pointee.prefix = lease.prefix
    return made
  }

  private static func release(_ lease: UnsafeMutablePointer<virNetworkDHCPLease>) {
    for text in [lease.pointee.iface, lease.pointee.mac, lease.pointee.ipaddr, lease.pointee.hostname] { releaseHostMemory(text) }
    releaseHostMemory(lease)
  }
}

internal import CVirt
internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

/// What a pretended network interface carried: figures that grow with the host's clock.
struct InterfaceFigures {
  /// Received and sent: bytes, packets, errors, drops.
  let received, sent: [UInt64]

  /// Looks at the clock.
  init(_ now: UInt64 = HostClock.microseconds) {
    let seconds = now / 1_000_000
    received = [now / 10, now / 100, seconds, seconds / 2]
    sent = [now / 20, now / 110, seconds / 3, seconds / 4]
  }
}

extension TestDriver {
  func interfaceFigures(_ domain: Domain, _ name: BorrowedText) throws(VirtError) -> virDomainInterfaceStatsStruct {
    _ = try NamedDevice.interface(name).place(in: try running(domain) { $0.definition.values })
    let figures = InterfaceFigures()
    let received = figures.received.map { Int64(clamping: $0) }, sent = figures.sent.map { Int64(clamping: $0) }
    return virDomainInterfaceStatsStruct(
      rx_bytes: received[0], rx_packets: received[1], rx_errs: received[2], rx_drop: received[3], tx_bytes: sent[0],
      tx_packets: sent[1], tx_errs: sent[2], tx_drop: sent[3])
  }
}

internal import Glibc
internal import VirtCore
internal import VirtXML

/// An address of the Internet protocol, of either version.
struct IPAddress: Equatable {
  /// Whether it is one of version 6.
  let isV6: Bool
  /// The bits, the first one highest.
  let bits: UInt128

  /// How many bits there are.
  var width: Int { isV6 ? 128 : 32 }

  private init(isV6: Bool, _ bits: UInt128) {
    self.isV6 = isV6
    self.bits = bits
  }

  /// Reads an address in any of the forms in which it is written with numbers.
  init?(_ text: String) {
    var four = in_addr()
    var six = in6_addr()
    if inet_aton(text, &four) == 1, !text.utf8.contains(UInt8(ascii: " ")) {
      self.init(isV6: false, UInt128(UInt32(bigEndian: four.s_addr)))
    } else if inet_pton(AF_INET6, text, &six) == 1 {
      self.init(isV6: true, withUnsafeBytes(of: &six) { UInt128(bigEndian: $0.loadUnaligned(as: UInt128.self)) })
    } else {
      return nil
    }
  }

  /// The address in its usual form.
  var text: String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
      buffer.initialize(repeating: 0)
      guard let base = buffer.baseAddress else { return "" }
      if isV6 {
        var six = bits.bigEndian
        inet_ntop(AF_INET6, &six, base, socklen_t(INET6_ADDRSTRLEN))
      } else {
        var four = in_addr(s_addr: UInt32(truncatingIfNeeded: bits).bigEndian)
        inet_ntop(AF_INET, &four, base, socklen_t(INET6_ADDRSTRLEN))
      }
      return String(cString: base)
    }
  }

  /// The one behind it; nil behind the last.
  var next: IPAddress? { bits == mask(width) ? nil : IPAddress(isV6: isV6, bits + 1) }

  /// The one so far behind; nil behind the last.
  func advanced(by offset: UInt64) -> IPAddress? {
    let (sum, overflow) = bits.addingReportingOverflow(UInt128(offset))
    return overflow || sum > mask(width) ? nil : IPAddress(isV6: isV6, sum)
  }

  /// The bits of a network of so many, the others zero.
  func network(_ prefix: Int) -> IPAddress { IPAddress(isV6: isV6, bits & mask(prefix)) }

  /// The network's last address.
  func last(_ prefix: Int) -> IPAddress { IPAddress(isV6: isV6, bits | (mask(width) & ~mask(prefix))) }

  private func mask(_ prefix: Int) -> UInt128 {
    let all: UInt128 = isV6 ? ~0 : 0xffff_ffff
    return prefix <= 0 ? 0 : prefix >= width ? all : all & ~(all >> UInt128(prefix))
  }

  /// How many bits a netmask has in front; nil when ones follow zeros.
  var netmaskBits: Int? {
    let ones = bits.nonzeroBitCount
    return mask(ones) == bits ? ones : nil
  }

  /// The prefix that an address of version 4 had before there were prefixes; 64 of version 6.
  var classPrefix: Int {
    if isV6 { return 64 }
    switch bits >> 24 {
    case 0..<128: return 8
    case 128..<192: return 16
    case 192..<224: return 24
    default: return 0
    }
  }
}

/// A range of addresses.
enum IPRange {
  /// How many addresses there may be in one.
  private static let limit: UInt128 = 65_535

  /// Checks a range.
  ///
  /// - Parameter network: What it must lie in, with its prefix; nil for a netmask that is none.
  static func check(
    _ element: XMLElement, _ start: IPAddress, _ end: IPAddress, in network: (address: IPAddress, prefix: Int?)?
  ) throws(VirtError) {
    func wrong(_ rule: String) -> VirtError {
      element.wrong(.internalError, "the range \(start.text) to \(end.text) \(rule)", .none)
    }
    guard start.isV6 == end.isV6, network.map({ $0.address.isV6 == start.isV6 }) ?? true else {
      throw wrong("mixes versions of the protocol")
    }
    if let (address, prefix) = network {
      guard let prefix else { throw wrong("lies in a network without a prefix") }
      let base = address.network(prefix)
      guard start.network(prefix) == base, end.network(prefix) == base else {
        throw wrong("does not lie in the network")
      }
      if !start.isV6, prefix < 31 {
        guard start != base else { throw wrong("begins with the network's own address") }
        guard end != base.last(prefix) else { throw wrong("ends with the network's broadcast address") }
      }
    }
    guard start.bits <= end.bits else { throw wrong("is reversed") }
    guard end.bits - start.bits <= limit else { throw wrong("is too large") }
  }
}

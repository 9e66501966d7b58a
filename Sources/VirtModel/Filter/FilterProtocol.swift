internal import Glibc
internal import VirtCore
internal import VirtXML

/// What rules look at in a packet: the attributes of each protocol, in the order in which they are written.
enum FilterProtocol {
  private typealias Attributes = [(name: String, written: FilterValue.Written)]

  /// All protocols, by the names of their elements.
  private static let all: [String: Attributes] = {
    var all: [String: Attributes] = [
      "mac": link + [("protocolid", protocolID(from: 1536))],
      "vlan": link + [("vlanid", number(0xfff)), ("encap-protocol", protocolID(from: 60))],
      "stp": spanningTree, "arp": resolution, "rarp": resolution,
      "ip": link + addresses(AF_INET) + [("protocol", transport)] + ports + [("dscp", number(63))],
      "ipv6": link + addresses(AF_INET6) + [("protocol", transport)] + ports
        + ["type", "typeend", "code", "codeend"].map { ($0, number(0xff)) },
      "icmpv6": plain(AF_INET6) + kinds,
    ]
    for name in ["all", "ah", "esp", "igmp", "udplite"] { all[name] = plain(AF_INET) }
    for name in ["all", "ah", "esp", "udplite"] { all[name + "-ipv6"] = plain(AF_INET6) }
    for name in ["udp", "sctp", "tcp"] {
      let flags: Attributes = name == "tcp" ? [("flags", FilterValue.tcpFlags)] : []
      all[name] = plain(AF_INET) + ports + flags
      all[name + "-ipv6"] = plain(AF_INET6) + ports + flags
    }
    all["icmp"] = plain(AF_INET) + kinds
    return all.mapValues { $0 + [("comment", FilterValue.comment)] }
  }()

  /// Whether an element is about a protocol.
  static func isNamed(by element: XMLElement) -> Bool { all[element.name] != nil }

  /// The element with its values as they are written; those that the protocol does not have behind those that it has.
  static func arranged(_ element: XMLElement) throws(VirtError) -> XMLElement {
    let attributes = all[element.name] ?? []
    var known: [XMLAttribute] = []
    for (name, written) in attributes {
      guard let text = element[named: name] else { continue }
      guard let value = written(text) else {
        throw element.wrong(.internalError, "'\(name)' has no such value: '\(text)'", .nwfilter)
      }
      if !value.isEmpty || text.isEmpty { known.append(XMLAttribute(name, value)) }
    }
    let unknown = element.attributes.filter { one in one.name != "match" && !attributes.contains { $0.name == one.name } }
    // Only what turns the rule around is written, and nothing to look at cannot be turned around.
    let isTurned = element.has("match", "no") && !(known.isEmpty && unknown.isEmpty)
    return element.with(attributes: (isTurned ? [XMLAttribute("match", "no")] : []) + known + unknown)
  }

  private static func number(_ most: UInt64) -> FilterValue.Written { FilterValue.number(upTo: most) }

  private static let link: Attributes = [
    ("srcmacaddr", FilterValue.mac), ("srcmacmask", FilterValue.macMask), ("dstmacaddr", FilterValue.mac),
    ("dstmacmask", FilterValue.macMask),
  ]

  private static func addresses(_ family: Int32) -> Attributes {
    let address = FilterValue.address(family), mask = FilterValue.mask(family)
    return [("srcipaddr", address), ("srcipmask", mask), ("dstipaddr", address), ("dstipmask", mask)]
  }

  /// What all protocols on top of IP have. Sets and connections are followed in version 4 alone.
  private static func plain(_ family: Int32) -> Attributes {
    let ranges = ["srcipfrom", "srcipto", "dstipfrom", "dstipto"].map { (name: $0, written: FilterValue.address(family)) }
    var all: Attributes = [("srcmacaddr", FilterValue.mac)] + addresses(family) + ranges + [("dscp", number(63))]
    if family == AF_INET {
      all += [
        ("connlimit-above", number(0xffff)), ("state", FilterValue.state), ("ipset", FilterValue.set),
        ("ipsetflags", FilterValue.setFlags),
      ]
    }
    return all
  }

  private static let ports: Attributes = ["srcportstart", "srcportend", "dstportstart", "dstportend"]
    .map { (name: $0, written: number(0xffff)) }

  private static let kinds: Attributes = [("type", number(0xff)), ("code", number(0xff))]

  private static let transport = FilterValue.named(
    [
      ("tcp", 6), ("udp", 17), ("udplite", 136), ("esp", 50), ("ah", 51), ("icmp", 1), ("igmp", 2), ("icmpv6", 58), ("sctp", 132),
    ], upTo: 0xff)

  private static func protocolID(from least: UInt64) -> FilterValue.Written {
    FilterValue.named(
      [("ipv4", 0x800), ("arp", 0x806), ("rarp", 0x8035), ("ipv6", 0x86dd), ("vlan", 0x8100)], upTo: 0xffff, from: least)
  }

  private static let resolution: Attributes =
    link + [
      ("hwtype", number(0xffff)), ("protocoltype", number(0xffff)), ("opcode", operation), ("arpsrcmacaddr", FilterValue.mac),
      ("arpdstmacaddr", FilterValue.mac), ("arpsrcipaddr", FilterValue.address(AF_INET)),
      ("arpdstipaddr", FilterValue.address(AF_INET)), ("gratuitous", FilterValue.answer),
    ]

  private static let operation: FilterValue.Written = {
    let names = [
      "Request", "Reply", "Request_Reverse", "Reply_Reverse", "DRARP_Request", "DRARP_Reply", "DRARP_Error", "InARP_Request",
      "ARP_NAK",
    ]
    return FilterValue.named(zip(names, 1...).map { ($0, UInt64($1)) }, upTo: 0xffff)
  }()

  private static let spanningTree: Attributes =
    [("srcmacaddr", FilterValue.mac), ("srcmacmask", FilterValue.macMask)]
    + ["type", "flags"].map { (name: $0, written: number(0xff)) }
    + ["root-priority", "root-priority-hi"].map { (name: $0, written: number(0xffff)) }
    + [("root-address", FilterValue.mac), ("root-address-mask", FilterValue.macMask)]
    + ["root-cost", "root-cost-hi"].map { (name: $0, written: number(UInt64(UInt32.max))) }
    + ["sender-priority", "sender-priority-hi"].map { (name: $0, written: number(0xffff)) }
    + [("sender-address", FilterValue.mac), ("sender-address-mask", FilterValue.macMask)]
    + ["port", "age", "max-age", "hello-time", "forward-delay"].flatMap { name in
      [(name: name, written: number(0xffff)), (name: name + "-hi", written: number(0xffff))]
    }
}

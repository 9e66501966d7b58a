internal import VirtXML

/// The order in which the parts of a network's document are written.
enum NetworkShape {
  /// What is read into values.
  static let values = Shape(names: ["name", "uuid", "title", "description", "metadata"])
  /// What is written with a last line of its own even when nothing stands in it.
  static let open = Shape(names: ["ip", "portgroup", "bandwidth"])

  /// The bridge's attributes.
  static let bridge = Shape(["name", "zone", "stp", "delay", "macTableManager"])
  /// What there can be several of.
  static let repeated = Shape(names: ["ip", "route", "portgroup"])

  private static let address = Shape(["type", "domain", "bus", "slot", "function", "multifunction"])
  /// Those of parts, for what changes one.
  static let forward = Shape(
    ["dev", "mode", "managed"],
    [
      ("driver", Shape(["name", "model"])),
      ("nat", Shape(["ipv6"], [("address", Shape(["start", "end"])), ("port", Shape(["start", "end"]))])),
      ("pf", nil), ("interface", nil), ("address", address),
    ])
  static let dns = Shape(
    ["enable", "forwardPlainNames"],
    [
      ("forwarder", Shape(["domain", "addr", "port"])), ("txt", Shape(["name", "value"])),
      ("srv", Shape(["service", "protocol", "domain", "target", "port", "priority", "weight"])), ("host", nil),
    ])
  private static let lease = Shape([], [("lease", Shape(["expiry", "unit"]))])
  static let ip = Shape(
    ["family", "address", "netmask", "prefix", "localPtr"],
    [
      ("tftp", nil),
      (
        "dhcp",
        Shape(
          [],
          [
            ("range", Shape(["start", "end"], [("lease", nil)])), ("host", Shape(["id", "mac", "name", "ip"], [("lease", nil)])),
            ("bootp", Shape(["file", "server"])),
          ])
      ),
    ])
  private static let rate = Shape(["average", "peak", "floor", "burst"])
  static let bandwidth = Shape(["classID"], [("inbound", rate), ("outbound", rate)])
  static let vlan = Shape(["trunk"], [("tag", Shape(["id", "nativeMode"]))])
  static let virtualPort = Shape(
    ["type"],
    [
      ("parameters", Shape(["managerid", "typeid", "typeidversion", "instanceid", "interfaceid", "profileid"]))
    ])

  static let portGroup = Shape(
    ["name", "default", "trustGuestRxFilters"],
    [("vlan", vlan), ("virtualport", virtualPort), ("bandwidth", bandwidth), ("port", nil)])

  /// The attributes and parts of the root.
  static let root = Shape(
    ["ipv6", "trustGuestRxFilters"],
    [
      ("forward", forward), ("bridge", bridge), ("mtu", nil), ("mac", nil),
      ("domain", Shape(["name", "localOnly", "register"])), ("dns", dns), ("vlan", vlan), ("bandwidth", bandwidth), ("port", nil),
      ("ip", ip), ("route", Shape(["family", "address", "netmask", "prefix", "gateway", "metric"])), ("virtualport", virtualPort),
      ("portgroup", portGroup),
    ])
}

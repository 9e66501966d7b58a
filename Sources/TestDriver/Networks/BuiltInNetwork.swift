internal import VirtCore
internal import VirtModel
internal import VirtXML

extension NetworkDefinition {
  /// The network that `test:///default` starts with. Made from values, not from a document.
  static var builtIn: NetworkDefinition {
    var values = NetworkValues(name: "default", uuid: UUID(high: 0x1e60_026c_84e8_8fdd, low: 0xdfc5_f17d_a9cc_5175))
    values.parts = [
      element("forward", [("mode", "nat")]), element("bridge", [("name", "virbr0"), ("stp", "on"), ("delay", "0")]),
      element(
        "ip", [("address", "192.168.122.1"), ("netmask", "255.255.255.0")],
        [element("dhcp", [], [element("range", [("start", "192.168.122.2"), ("end", "192.168.122.254")])])]),
    ]
    return NetworkDefinition(values)
  }

  private static func element(_ name: String, _ attributes: [(String, String)], _ below: [XMLElement] = []) -> XMLElement {
    XMLElement(name, attributes.map { XMLAttribute($0.0, $0.1) }, elements: below)
  }
}

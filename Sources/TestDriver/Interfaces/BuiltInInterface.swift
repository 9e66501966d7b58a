internal import VirtModel
internal import VirtXML

extension InterfaceDefinition {
  /// The interface that `test:///default` starts with. Made from values, not from a document.
  static var builtIn: InterfaceDefinition {
    InterfaceDefinition(
      element(
        "interface", [("type", "ethernet"), ("name", "eth1")],
        [
          element("start", [("mode", "onboot")]), element("mtu", [("size", "1492")]),
          element(
            "protocol", [("family", "ipv4")],
            [element("ip", [("address", "192.168.0.5"), ("prefix", "24")]), element("route", [("gateway", "192.168.0.1")])]),
          element("mac", [("address", "aa:bb:cc:dd:ee:ff")]),
        ]))
  }

  private static func element(_ name: String, _ attributes: [(String, String)], _ below: [XMLElement] = []) -> XMLElement {
    XMLElement(name, attributes.map { XMLAttribute($0.0, $0.1) }, elements: below)
  }
}

internal import VirtCore
package import VirtXML

/// How much a guest's network interface may carry (`bandwidth`), in KiB and KiB a second.
package struct InterfaceBandwidth: Sendable, Equatable {
  /// One direction.
  package struct Flow: Sendable, Equatable {
    package var average: UInt32 = 0
    package var peak: UInt32 = 0
    package var burst: UInt32 = 0
    /// What is sure; for what comes in only.
    package var floor: UInt32 = 0

    /// Whether it limits nothing.
    package var isEmpty: Bool { average == 0 && floor == 0 }

    /// Nothing said.
    package init() {}

    init(_ element: XMLElement?) {
      guard let element else { return }
      average = element["average"].flatMap { UInt32($0) } ?? 0
      peak = element["peak"].flatMap { UInt32($0) } ?? 0
      burst = element["burst"].flatMap { UInt32($0) } ?? 0
      floor = element["floor"].flatMap { UInt32($0) } ?? 0
    }

    func element(_ name: String) -> XMLElement? {
      if isEmpty { return nil }
      let values = [("average", average), ("peak", peak), ("floor", floor), ("burst", burst)]
      return XMLElement(name, values.filter { $0.1 != 0 }.map { XMLAttribute($0.0, "\($0.1)") })
    }
  }

  /// What comes in.
  package var inbound: Flow
  /// What goes out.
  package var outbound: Flow

  /// Reads the bandwidth of an interface.
  package init(_ interface: XMLElement) {
    let element = interface.first("bandwidth")
    inbound = Flow(element?.first("inbound"))
    outbound = Flow(element?.first("outbound"))
  }

  /// Checks the bandwidth in a document; one that limits nothing is left out.
  static func complete(_ interface: XMLElement) throws(VirtError) -> XMLElement {
    guard let element = interface.first("bandwidth") else { return interface }
    for flow in element.elements where flow.isNamed("inbound") || flow.isNamed("outbound") {
      guard flow["floor"] == nil || (flow.isNamed("inbound") && interface["type"] == "network") else {
        throw flow.wrong(.configUnsupported, "only what comes in from a network has a 'floor'", .none)
      }
      guard flow["average"] != nil || flow["floor"] != nil else {
        throw flow.wrong(.xmlDetail, "'average' or 'floor' is missing", .none)
      }
    }
    return element.isEmpty ? interface.filtered { !$0.isNamed("bandwidth") } : interface
  }

  /// The interface with this bandwidth.
  package func applied(to interface: XMLElement) -> XMLElement {
    let element = (interface.first("bandwidth") ?? XMLElement("bandwidth"))
      .changing("inbound", to: inbound.element("inbound"), in: .bandwidth)
      .changing("outbound", to: outbound.element("outbound"), in: .bandwidth)
    return interface.changing("bandwidth", to: element.unlessEmpty, in: DeviceKind.interface.parts)
  }
}

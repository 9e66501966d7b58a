internal import VirtCore
internal import VirtXML

/// Settings for the ports of a network by the name of a group.
enum NetworkPortGroup {
  /// Checks and completes a <portgroup>.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement {
    guard element["name"] != nil else { throw element.wrong(.xmlError, "'name' is missing", .network) }
    _ = try element.yesNo("trustGuestRxFilters")
    let complete = element.has("default", "yes") ? element : element.saying("default", nil)
    return try complete.replacingElements { (below) throws(VirtError) in
      switch below.name {
      case "virtualport": try VirtualPort.complete(below, needs: .nothing)
      case "bandwidth": try Bandwidth.complete(below)
      case "vlan": try VLAN.complete(below)
      default: below
      }
    }
  }
}

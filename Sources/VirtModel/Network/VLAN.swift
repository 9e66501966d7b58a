internal import VirtCore
internal import VirtXML

/// Tags of virtual LANs.
enum VLAN {
  /// Checks and completes a <vlan>.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement {
    var tags = 0, natives = 0
    var complete = try element.replacingElements { (below) throws(VirtError) in
      guard below.isNamed("tag") else { return below }
      tags += 1
      guard let id = try below.number("id", UInt64.self) else {
        throw VirtError(.xmlError, .xml, "a <tag> of <vlan> has no 'id'")
      }
      guard id <= 4095 else { throw wrong("a <tag> of <vlan> has an 'id' above 4095:", "\(id)") }
      if try below.choice("nativeMode", ["tagged", "untagged"]) != nil { natives += 1 }
      return below.saying("id", String(id))
    }
    guard tags > 0 else { throw wrong("a <vlan> has no <tag>") }
    guard natives < 2 else { throw wrong("a <vlan> has more than one native <tag>") }
    switch element["trunk"] {
    case "yes": break
    case nil: if tags > 1 { complete = complete.saying("trunk", "yes") }
    case "no":
      guard tags == 1 else { throw wrong("a <vlan> with more than one <tag> is a trunk") }
      complete = complete.saying("trunk", nil)
    case let trunk?: throw wrong("'trunk' of <vlan> has no such value:", trunk)
    }
    return complete
  }

  private static func wrong(_ text: StaticString, _ subject: String = "") -> VirtError {
    VirtError(.xmlError, .none, text, subject)
  }
}

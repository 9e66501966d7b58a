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
        throw below.wrong(.xmlError, "'id' is missing", .xml)
      }
      guard id <= 4095 else { throw below.wrong(.xmlError, "'id' is 4095 at most, not \(id)", .none) }
      if try below.choice("nativeMode", ["tagged", "untagged"]) != nil { natives += 1 }
      return below.saying("id", String(id))
    }
    guard tags > 0 else { throw element.wrong(.xmlError, "<tag> is missing", .none) }
    guard natives < 2 else { throw element.wrong(.xmlError, "one <tag> is native", .none) }
    switch element["trunk"] {
    case "yes": break
    case nil: if tags > 1 { complete = complete.saying("trunk", "yes") }
    case "no":
      guard tags == 1 else { throw element.wrong(.xmlError, "what has more than one <tag> is a trunk", .none) }
      complete = complete.saying("trunk", nil)
    case let trunk?: throw element.noSuchValue("trunk", trunk, .xmlError, .none)
    }
    return complete
  }
}

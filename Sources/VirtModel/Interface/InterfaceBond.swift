internal import VirtCore
internal import VirtXML

/// Several interfaces that act as one.
enum InterfaceBond {
  private static let modes = [
    "balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb",
  ]

  /// Checks and completes a <bond>.
  ///
  /// - Parameter part: Completes an interface in it.
  static func complete(_ element: XMLElement, _ part: (XMLElement) throws(VirtError) -> XMLElement) throws(VirtError) -> XMLElement
  {
    if let mode = element.nonempty("mode"), !modes.contains(mode) {
      throw element.noSuchValue("mode", mode, .xmlError, .interface)
    }
    // Of two ways to watch the links the first one counts.
    let watchesLink = element.first("miimon") != nil
    return try element.saying("mode", element.nonempty("mode")).replacingElements { (below) throws(VirtError) in
      switch below.name {
      case "interface": return try part(below)
      case "miimon":
        try checkLink(below)
        return below
      case "arpmon":
        if watchesLink { return nil }
        try checkAnswers(below)
        return below
      default: return below
      }
    }
  }

  /// Numbers that must be there, and that may be.
  private static func check(_ element: XMLElement, _ needed: StaticString, _ others: [StaticString]) throws(VirtError) {
    for name in [needed] + others where element[name] != nil || name.description == needed.description {
      guard let text = element[name], UInt32(number: text) != nil else {
        throw element.wrong(.xmlError, "'\(name)' is a number", .interface)
      }
    }
  }

  private static func checkLink(_ element: XMLElement) throws(VirtError) {
    try check(element, "freq", ["downdelay", "updelay"])
    if let carrier = element["carrier"], carrier != "ioctl", carrier != "netif" {
      throw element.noSuchValue("carrier", carrier, .xmlError, .interface)
    }
  }

  private static func checkAnswers(_ element: XMLElement) throws(VirtError) {
    try check(element, "interval", [])
    guard element["target"] != nil else { throw element.wrong(.xmlError, "'target' is missing", .interface) }
    if let validate = element["validate"], !["none", "active", "backup", "all"].contains(validate) {
      throw element.noSuchValue("validate", validate, .xmlError, .interface)
    }
  }
}

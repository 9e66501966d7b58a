internal import VirtCore
internal import VirtXML

/// How much traffic there may be, in both directions.
enum Bandwidth {
  /// Checks and completes a <bandwidth>; nil when it says nothing.
  ///
  /// - Parameter floor: Whether a lower limit may be asked for.
  static func complete(_ element: XMLElement, floor: Bool = false) throws(VirtError) -> XMLElement? {
    if element["classID"] != nil, !floor { throw element.wrong(.xmlDetail, "'classID' is for ports", .none) }
    if element.isEmpty { return nil }
    for name: StaticString in ["inbound", "outbound"] where element.all(name).count > 1 {
      throw element.wrong(.xmlDetail, "there is one <\(name)>", .none)
    }
    return try element.replacingElements { (below) throws(VirtError) in
      switch below.name {
      case "inbound": try rate(below, floor: floor)
      case "outbound":
        if below["floor"] != nil {
          throw below.wrong(.configUnsupported, "only <inbound> has a 'floor'", .none)
        } else {
          try rate(below, floor: false)
        }
      default: below
      }
    }
  }

  private static func rate(_ element: XMLElement, floor: Bool) throws(VirtError) -> XMLElement? {
    guard element["average"] != nil || element["floor"] != nil else {
      throw element.wrong(.xmlDetail, "'average' is missing", .none)
    }
    var complete = element
    // A peak or a burst without a rate limits nothing.
    var isNothing = true
    for (name, isRate): (StaticString, Bool) in [("average", true), ("peak", false), ("burst", false), ("floor", true)] {
      guard let text = element[name] else { continue }
      guard let number = UInt64(number: text) else {
        throw element.noSuchValue(name, text, .configUnsupported, .none)
      }
      if number > 0, isRate { isNothing = false }
      complete = complete.saying(name, number == 0 ? nil : String(number))
    }
    if element["floor"] != nil, !floor { throw element.wrong(.configUnsupported, "'floor' is for ports", .none) }
    return isNothing ? nil : complete
  }
}

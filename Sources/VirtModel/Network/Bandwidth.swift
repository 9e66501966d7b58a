internal import VirtCore
internal import VirtXML

/// How much traffic there may be, in both directions.
enum Bandwidth {
  /// Checks and completes a <bandwidth>; nil when it says nothing.
  ///
  /// - Parameter floor: Whether a lower limit may be asked for.
  static func complete(_ element: XMLElement, floor: Bool = false) throws(VirtError) -> XMLElement? {
    if element["classID"] != nil, !floor { throw VirtError(.xmlDetail, .none, "a <bandwidth> here has no 'classID'") }
    if element.isEmpty { return nil }
    for name: StaticString in ["inbound", "outbound"] where element.all(name).count > 1 {
      throw VirtError(.xmlDetail, .none, "a <bandwidth> has more than one", "\(name)")
    }
    return try element.replacingElements { (below) throws(VirtError) in
      switch below.name {
      case "inbound": try rate(below, floor: floor)
      case "outbound":
        if below["floor"] != nil {
          throw VirtError(.configUnsupported, .none, "only <inbound> has a 'floor'")
        } else {
          try rate(below, floor: false)
        }
      default: below
      }
    }
  }

  private static func rate(_ element: XMLElement, floor: Bool) throws(VirtError) -> XMLElement? {
    guard element["average"] != nil || element["floor"] != nil else {
      throw VirtError(.xmlDetail, .none, "a rate has no 'average':", element.name)
    }
    var complete = element
    // A peak or a burst without a rate limits nothing.
    var isNothing = true
    for (name, isRate): (StaticString, Bool) in [("average", true), ("peak", false), ("burst", false), ("floor", true)] {
      guard let text = element[name] else { continue }
      guard let number = UInt64(text, anyBase: false) else {
        throw VirtError(.configUnsupported, .none, "a rate of bandwidth is no number:", text)
      }
      if number > 0, isRate { isNothing = false }
      complete = complete.saying(name, number == 0 ? nil : String(number))
    }
    if element["floor"] != nil, !floor { throw VirtError(.configUnsupported, .none, "a <bandwidth> here has no 'floor'") }
    return isNothing ? nil : complete
  }
}

internal import VirtCore
internal import VirtXML

/// What a switch is told about a port.
enum VirtualPort {
  /// The parameters of each type.
  private static let types: [String: [String]] = [
    "802.1Qbg": ["managerid", "typeid", "typeidversion", "instanceid"], "802.1Qbh": ["profileid"],
    "openvswitch": ["interfaceid", "profileid"], "midonet": ["interfaceid"],
  ]

  /// Checks and completes a <virtualport>.
  ///
  /// - Parameter needsType: Whether it must say of which type it is; without one it may have all parameters.
  static func complete(_ element: XMLElement, needsType: Bool) throws(VirtError) -> XMLElement? {
    var allowed: [String]?
    if let type = element["type"] {
      guard let own = types[type] else { throw VirtError(.configUnsupported, .none, "a <virtualport> has no such type:", type) }
      allowed = own
    } else if needsType {
      throw wrong("a <virtualport> has no 'type'")
    }
    let complete = try element.replacingElements { (below) throws(VirtError) in
      below.isNamed("parameters") ? try parameters(below, allowed, element["type"]) : below
    }
    return complete.attributeCount == 0 && complete.isEmpty ? nil : complete
  }

  private static func parameters(_ element: XMLElement, _ allowed: [String]?, _ type: String?) throws(VirtError) -> XMLElement? {
    var complete = element
    for (name, most) in [("managerid", UInt64(0xff)), ("typeid", 0xff_ffff), ("typeidversion", 0xff)] {
      guard let text = element[name] else { continue }
      guard let number = UInt64(text, anyBase: true) else { throw wrong("a parameter of <virtualport> is no number:", text) }
      guard number <= most else { throw wrong("a parameter of <virtualport> is too large:", text) }
      complete = complete.with(attributes: complete.attributes.map { $0.name == name ? XMLAttribute(name, String(number)) : $0 })
    }
    for name: StaticString in ["instanceid", "interfaceid"] {
      guard let text = element[name] else { continue }
      guard let uuid = UUID(text) else { throw wrong("a parameter of <virtualport> is no UUID:", text) }
      complete = complete.saying(name, uuid.description)
    }
    if let profile = element["profileid"], profile.utf8.count > 39 {
      throw wrong("'profileid' of <virtualport> is too long:", profile)
    }
    if let allowed, let type {
      let known = ["managerid", "typeid", "typeidversion", "instanceid", "profileid", "interfaceid"]
      for name in known where element[name] != nil && !allowed.contains(name) {
        throw VirtError(.xmlError, .net, "", "a <virtualport> of type '\(type)' has no '\(name)'")
      }
    }
    return complete.attributeCount == 0 && complete.isEmpty ? nil : complete
  }

  private static func wrong(_ text: StaticString, _ subject: String = "") -> VirtError {
    VirtError(.xmlError, .none, text, subject)
  }
}

internal import VirtCore
internal import VirtXML

/// What a switch is told about a port.
enum VirtualPort {
  /// The parameters of each type.
  private static let types: [String: [String]] = [
    "802.1Qbg": ["managerid", "typeid", "typeidversion", "instanceid"], "802.1Qbh": ["profileid"],
    "openvswitch": ["interfaceid", "profileid"], "midonet": ["interfaceid"],
  ]
  /// The parameters that a guest's port must have.
  private static let required: [String: [String]] = [
    "802.1Qbg": ["managerid", "typeid", "typeidversion"], "802.1Qbh": ["profileid"], "midonet": ["interfaceid"],
  ]

  /// What a port must say.
  enum Needs {
    case nothing, type, parameters
  }

  /// Checks and completes a <virtualport>.
  ///
  /// - Parameter needsType: Whether it must say of which type it is; without one it may have all parameters.
  static func complete(_ element: XMLElement, needs: Needs) throws(VirtError) -> XMLElement? {
    var allowed: [String]?
    if let type = element["type"] {
      guard let own = types[type] else { throw element.noSuchValue("type", type, .configUnsupported, .none) }
      allowed = own
    } else if needs != .nothing {
      throw element.wrong(.xmlError, "'type' is missing", .none)
    }
    if needs == .parameters, let type = element["type"] {
      for name in required[type] ?? [] where element.first("parameters")?[named: name]?.isEmpty != false {
        throw element.part("parameters", .xmlError, "'\(name)' is missing", .net)
      }
    }
    let complete = try element.replacingElements { (below) throws(VirtError) in
      below.isNamed("parameters") ? try parameters(below, allowed, element["type"]) : below
    }
    return complete.attributeCount == 0 && complete.isEmpty ? nil : complete
  }

  private static func parameters(_ element: XMLElement, _ allowed: [String]?, _ type: String?) throws(VirtError) -> XMLElement? {
    var complete = element
    for (name, most) in [("managerid", UInt64(0xff)), ("typeid", 0xff_ffff), ("typeidversion", 0xff)] {
      guard let text = element[named: name] else { continue }
      guard let number = UInt64(number: text, base: 0) else {
        throw element.wrong(.xmlError, "'\(name)' is a number, not '\(text)'", .none)
      }
      guard number <= most else { throw element.wrong(.xmlError, "'\(name)' is \(most) at most, not \(text)", .none) }
      complete = complete.with(attributes: complete.attributes.map { $0.name == name ? XMLAttribute(name, String(number)) : $0 })
    }
    for name: StaticString in ["instanceid", "interfaceid"] {
      guard let text = element[name] else { continue }
      guard let uuid = UUID(text) else { throw element.wrong(.xmlError, "'\(name)' is a UUID, not '\(text)'", .none) }
      complete = complete.saying(name, uuid.description)
    }
    if let profile = element["profileid"], profile.utf8.count > 39 {
      throw element.wrong(.xmlError, "'profileid' has 39 letters at most: '\(profile)'", .none)
    }
    if let allowed, let type {
      let known = ["managerid", "typeid", "typeidversion", "instanceid", "profileid", "interfaceid"]
      for name in known where element[named: name] != nil && !allowed.contains(name) {
        throw element.wrong(.xmlError, "a port of type '\(type)' has no '\(name)'", .net)
      }
    }
    return complete.attributeCount == 0 && complete.isEmpty ? nil : complete
  }
}

internal import VirtCore
internal import VirtXML

extension XMLElement {
  /// The value of an attribute that says yes or no; nil when it is not there.
  func yesNo(_ name: StaticString) throws(VirtError) -> Bool? {
    try choice(name, ["yes", "no"]).map { $0 == "yes" }
  }

  /// The value of an attribute that has one of a few; nil when it is not there.
  func choice(_ name: StaticString, _ values: [String]) throws(VirtError) -> String? {
    guard let value = self[name] else { return nil }
    guard values.contains(value) else { throw noSuchValue(name, value) }
    return value
  }

  /// The value of an attribute that is a number without a sign; nil when it is not there.
  ///
  /// - Parameter anyBase: Whether `0x` and `0` in front have the meaning they have in C.
  func number<Number: FixedWidthInteger>(
    _ name: StaticString, _ type: Number.Type = Number.self, anyBase: Bool = false
  ) throws(VirtError) -> Number? {
    guard let value = self[name] else { return nil }
    guard let number = Number(value, anyBase: anyBase) else { throw noSuchValue(name, value) }
    return number
  }

  /// Says that an attribute has no such value.
  func noSuchValue(_ name: StaticString, _ value: String) -> VirtError {
    VirtError(.xmlError, .xml, "", "attribute '\(name)' of <\(self.name)> has no such value: '\(value)' (line \(line))")
  }

  /// The value of an attribute; nil when it is not there or empty.
  func nonempty(_ name: StaticString) -> String? {
    guard let value = self[name], !value.isEmpty else { return nil }
    return value
  }

  /// The same element with an attribute set; nil takes it away. Itself when that is what it says.
  func saying(_ name: StaticString, _ value: String?) -> XMLElement { self[name] == value ? self : setting(name, value) }

  /// The same element with each of the elements in it replaced, nil taking one away. Itself when nothing changes.
  func replacingElements(_ change: (XMLElement) throws(VirtError) -> XMLElement?) throws(VirtError) -> XMLElement {
    var made: [XMLContent] = []
    var isChanged = false
    for part in content {
      guard case .element(let below) = part else {
        made.append(part)
        continue
      }
      let changed = try change(below)
      if changed != below { isChanged = true }
      if let changed { made.append(.element(changed)) }
    }
    return isChanged ? with(content: made) : self
  }

  /// The elements of that name below.
  func all(_ name: StaticString) -> [XMLElement] { elements.filter { $0.isNamed(name) } }
}

extension FixedWidthInteger {
  /// Reads a number without a sign.
  ///
  /// - Parameter anyBase: Whether `0x` and `0` in front have the meaning they have in C.
  init?(_ text: String, anyBase: Bool) {
    guard let first = text.utf8.first, first >= UInt8(ascii: "0"), first <= UInt8(ascii: "9") else { return nil }
    if anyBase, text.hasPrefix("0x") || text.hasPrefix("0X") {
      self.init(text.dropFirst(2), radix: 16)
    } else if anyBase, first == UInt8(ascii: "0"), text.utf8.count > 1 {
      self.init(text.dropFirst(), radix: 8)
    } else {
      self.init(text, radix: 10)
    }
  }
}

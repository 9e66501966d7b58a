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

  /// The value of an attribute that is a number as C reads it; nil when it is not there.
  ///
  /// - Parameter base: 0 for what `0x` or `0` in front says.
  func number<Number: FixedWidthInteger>(
    _ name: StaticString, _ type: Number.Type = Number.self, base: UInt8 = 10
  ) throws(VirtError) -> Number? {
    guard let value = self[name] else { return nil }
    guard let number = Number(number: value, base: base) else { throw noSuchValue(name, value) }
    return number
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

  /// How many elements of that name are below.
  func count(_ name: StaticString) -> Int {
    var count = 0
    for element in elements where element.isNamed(name) { count += 1 }
    return count
  }

  /// The elements of that name below.
  func all(_ name: StaticString) -> [XMLElement] { elements.filter { $0.isNamed(name) } }
}

extension FixedWidthInteger {
  /// Reads a number as C does; nil when it is none or has another size.
  init?(number text: String, base: UInt8 = 10) {
    var text = text
    guard let number = text.withUTF8({ NumberText($0, base: base) }) else { return nil }
    guard number.isNegative, number.magnitude > 0 else {
      self.init(exactly: number.magnitude)
      return
    }
    // One more than the largest is the magnitude of the smallest.
    guard Self.isSigned, let rest = Self(exactly: number.magnitude - 1) else { return nil }
    self = -1 - rest
  }
}

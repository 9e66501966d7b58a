internal import VirtCore
internal import VirtXML

/// A reference to a filter, with values for its variables.
enum FilterReference {
  /// Checks a reference; its parameters are sorted by name, and those that could be no variable's are left out.
  static func arranged(_ element: XMLElement) throws(VirtError) -> XMLElement {
    guard element["filter"] != nil else { throw element.wrong(.internalError, "'filter' is missing", .nwfilter) }
    let isParameter = { (part: XMLElement) in part.isNamed("parameter") }
    let parameters = element.elements.filter { isParameter($0) && isFit($0) }
    let sorted = parameters.indices.sorted { one, other in
      (parameters[one]["name"] ?? "", one) < (parameters[other]["name"] ?? "", other)
    }
    let others = element.elements.filter { !isParameter($0) }
    return element.with(content: (sorted.map { parameters[$0] } + others).map { .element($0) })
  }

  private static func isFit(_ parameter: XMLElement) -> Bool {
    guard let name = parameter["name"], let value = parameter["value"] else { return false }
    func isWord(_ character: Character) -> Bool { character.isASCII && (character.isLetter || character.isNumber) }
    return name.allSatisfy { isWord($0) || $0 == "_" } && value.allSatisfy { isWord($0) || "_.:".contains($0) }
  }
}

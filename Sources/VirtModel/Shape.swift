package import VirtXML

/// The order in which the parts of an element are written, and the values some attributes may have.
///
/// A document may give parts in any order; definitions keep them in this one. Parts that a shape does not know follow
/// behind those it does, in the order of the document.
package struct Shape: Sendable {
  /// Attributes, first to last.
  let attributes: [String]
  /// Elements below with their own shapes, first to last.
  let elements: [(name: String, shape: Shape?)]

  /// Lists attributes and elements in order.
  init(_ attributes: [String] = [], _ elements: [(name: String, shape: Shape?)] = []) {
    self.attributes = attributes
    self.elements = elements
  }

  /// Lists attributes and elements that have no shape of their own.
  init(_ attributes: [String], names: [String]) {
    self.init(attributes, names.map { ($0, nil) })
  }

  /// The element with its parts in order.
  package func arrange(_ element: XMLElement) -> XMLElement {
    var attributes = element.attributes
    Self.sort(&attributes) { attribute in self.attributes.firstIndex(of: attribute.name) ?? Int.max }
    var content = element.content
    if !element.hasText {
      for (index, part) in content.enumerated() {
        guard case .element(let below) = part, let shape = elements.first(where: { $0.name == below.name })?.shape else {
          continue
        }
        content[index] = .element(shape.arrange(below))
      }
      Self.sort(&content) { part in
        guard case .element(let below) = part else { return Int.max }
        return elements.firstIndex { $0.name == below.name } ?? Int.max
      }
    }
    return element.with(attributes: attributes, content: content)
  }

  /// Sorts by rank and leaves equals where they are; most documents are in order already.
  static func sort<Part>(_ parts: inout [Part], by rank: (Part) -> Int) {
    guard parts.count > 1 else { return }
    var last = rank(parts[0])
    let isSorted = parts.dropFirst().allSatisfy { part in
      let next = rank(part)
      defer { last = next }
      return next >= last
    }
    if isSorted { return }
    var ranks = parts.map(rank)
    for index in 1..<parts.count {
      var place = index
      while place > 0, ranks[place - 1] > ranks[place] {
        ranks.swapAt(place - 1, place)
        parts.swapAt(place - 1, place)
        place -= 1
      }
    }
  }
}

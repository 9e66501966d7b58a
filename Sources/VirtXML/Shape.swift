/// The order in which the parts of an element are written.
///
/// A document may give parts in any order; definitions keep them in this one. Parts that a shape does not know follow
/// behind those it does, in the order of the document.
package struct Shape: Sendable {
  /// A part: an attribute, or an element below with a shape of its own.
  package typealias Part = (name: StaticString, shape: Shape?)

  /// Attributes, first to last.
  let attributes: [StaticString]
  /// Elements below, first to last.
  let elements: [Part]

  /// Lists attributes and elements in order.
  package init(_ attributes: [StaticString] = [], _ elements: [Part] = []) {
    self.attributes = attributes
    self.elements = elements
  }

  /// Lists elements that have no shape of their own.
  package init(names: [StaticString]) {
    self.init([], names.map { ($0, nil) })
  }

  /// The place of an element of that name among its kind; behind all others when the shape does not know it.
  package func rank(_ element: XMLElement) -> Int {
    rank(of: element.document.nameBytes(element.document.items[element.index]))
  }

  /// Whether the shape knows elements of that name.
  package func knows(_ element: XMLElement) -> Bool { rank(element) < elements.count }

  /// The shape that an element of that name has in this one; nil when it has none.
  package func below(_ element: XMLElement) -> Shape? {
    let rank = rank(element)
    return rank < elements.count ? elements[rank].shape : nil
  }

  private func rank(of name: UnsafeBufferPointer<UInt8>) -> Int {
    for (rank, part) in elements.enumerated() where name.equal(part.name) { return rank }
    return elements.count
  }

}

extension Shape: PartOrder {
  /// The element with its parts in order; itself when they are, as in most documents.
  package func arranged(_ element: XMLElement) -> XMLElement { inOrder(element) }

  func rank(of name: UnsafeBufferPointer<UInt8>, from start: Int) -> Int { rank(of: name) }

  func rank(ofAttribute name: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    for (rank, known) in attributes.enumerated() where name.equal(known) { return rank }
    return attributes.count
  }

  func order(below rank: Int) -> Shape? { rank < elements.count ? elements[rank].shape : nil }
}

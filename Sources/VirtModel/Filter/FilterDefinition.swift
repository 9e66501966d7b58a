package import VirtCore
internal import VirtXML

/// A network filter as its document describes it. Immutable.
package final class FilterDefinition: NamedDefinition {
  /// Unique among a world's filters.
  package let name: String
  /// Never changes.
  package let uuid: UUID
  /// The names of the filters that it refers to.
  package let references: [String]
  private let element: XMLElement
  private let kept = FormattedText()

  /// Takes a document that is arranged.
  init(_ element: XMLElement, name: String, uuid: UUID) {
    self.element = element
    self.name = name
    self.uuid = uuid
    references = element.elements.filter { $0.isNamed("filterref") }.compactMap { $0["filter"] }
  }

  /// The document; made once.
  package var text: [UInt8] { kept.bytes(of: element) }
}

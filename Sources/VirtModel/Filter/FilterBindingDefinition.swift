package import VirtCore
package import VirtXML

/// A filter applied to an interface, as its document describes it. Immutable.
package final class FilterBindingDefinition: NamedDefinition {
  /// Bindings have no UUIDs.
  package static var hasUUID: Bool { false }
  /// The interface's name: it has one binding.
  package let name: String
  /// The filter's name.
  package let filter: String
  private let element: XMLElement
  private let kept = FormattedText()

  private init(_ element: XMLElement) {
    self.element = element
    name = element.first("portdev")?["name"] ?? ""
    filter = element.first("filterref")?["filter"] ?? ""
  }

  /// Zeros: bindings have no UUIDs.
  package var uuid: UUID { .zero }

  /// The document; made once.
  package var text: [UInt8] { kept.bytes(of: element) }

  /// Reads a binding's document.
  ///
  /// - Throws: What is wrong with it, with the element and its line.
  package static func read(_ element: XMLElement) throws(VirtError) -> FilterBindingDefinition {
    try element.expect("filterbinding")
    let grammar = DocumentGrammar.nwfilterbindingDocument
    try grammar.check(element)
    let uuid = try element.first("owner")?.uuid(.internalError, .nwfilter) ?? .zero
    return FilterBindingDefinition(
      try grammar.taken(element).replacingElements { (part) throws(VirtError) in
        switch part.name {
        case "owner": return part.replacing("uuid", with: XMLElement("uuid", text: "\(uuid)"))
        case "mac":
          let address = part["address"] ?? ""
          guard let written = FilterValue.mac(address) else {
            throw part.noSuchValue("address", address, .internalError, .nwfilter)
          }
          return part.setting("address", written)
        case "linkdev", "backend": return part.nonempty("name") == nil ? nil : part
        case "filterref":
          guard part.nonempty("filter") != nil else { throw part.wrong(.internalError, "'filter' is missing", .nwfilter) }
          return try FilterReference.arranged(part)
        default: return part
        }
      })
  }
}

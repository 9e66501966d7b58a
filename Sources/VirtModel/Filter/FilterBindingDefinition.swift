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
  package var text: [UInt8] {
    kept.bytes {
      var writer = XMLWriter(capacity: 512)
      writer.write(element, depth: 0)
      return writer.array
    }
  }

  /// Reads a binding's document.
  ///
  /// - Throws: What is wrong with it, with the element and its line.
  package static func read(_ element: XMLElement) throws(VirtError) -> FilterBindingDefinition {
    try element.expect("filterbinding")
    guard let arranged = try root.arranged(element), let reference = arranged.first("filterref") else {
      throw element.wrong(.internalError, "<filterref> is missing", .nwfilter)
    }
    return FilterBindingDefinition(arranged.replacing("filterref", with: try FilterReference.arranged(reference)))
  }

  private static let root: ElementRule = {
    let refused = ValueRule.Lack.refused(.internalError, .nwfilter)
    let needed = ElementRule.Presence.required(.internalError, .nwfilter)
    func attribute(_ element: String, _ name: String, _ rule: ValueRule = .text) -> ElementRule {
      ElementRule.attributes(element, [(name, rule.with(missing: refused, wrong: refused))]).present(needed)
    }
    let mac = ValueRule(written: { text in FilterValue.mac.written(text) }, missing: refused, wrong: refused)
    return ElementRule.parts(
      "filterbinding",
      [
        ElementRule.parts(
          "owner",
          [
            ElementRule.value("name", .text.with(missing: refused)).present(needed),
            ElementRule.value("uuid", .uuid.with(missing: refused, wrong: refused)).present(needed),
          ]
        ).present(needed),
        attribute("portdev", "name"), ElementRule.attributes("linkdev", [("name", .text.with(missing: .elementLeftOut))]),
        attribute("mac", "address", mac), ElementRule.attributes("backend", [("name", .text.with(missing: .elementLeftOut))]),
        attribute("filterref", "filter"),
      ])
  }()
}

package import VirtCore
package import VirtXML

/// A secret as its document describes it: all but its value. Immutable.
package final class SecretDefinition: NamedDefinition {
  /// Never changes.
  package let uuid: UUID
  /// What it is for.
  package let usage: SecretUsage
  /// Whether it is never written to disk.
  package let isEphemeral: Bool
  /// Whether its value is never told.
  package let isPrivate: Bool
  private let element: XMLElement
  private let kept = FormattedText()

  private init(_ element: XMLElement, _ uuid: UUID, _ usage: SecretUsage) {
    self.element = element
    self.uuid = uuid
    self.usage = usage
    isEphemeral = element.has("ephemeral", "yes")
    isPrivate = element.has("private", "yes")
  }

  /// What it is for, or its UUID when it is for nothing: no two secrets are for the same thing.
  package var name: String { SecretUsage.key(usage.kind.rawValue, usage.id) ?? "0:\(uuid)" }

  /// The document; made once.
  package var text: [UInt8] {
    kept.bytes {
      var writer = XMLWriter(capacity: 512)
      writer.write(element, depth: 0)
      return writer.array
    }
  }

  /// Reads a secret's document.
  ///
  /// - Throws: What is wrong with it, with the element and its line.
  package static func read(_ element: XMLElement) throws(VirtError) -> SecretDefinition {
    try element.expect("secret")
    let uuid = try element.uuid(.internalError, .secret) ?? .random()
    let answer = ValueRule.choice(["yes", "no"])
      .with(missing: .taken("no"), wrong: .refused(.xmlError, .secret))
    var rule = ElementRule(name: "secret", attributes: [("ephemeral", answer), ("private", answer)])
    rule.content = .parts([.value("uuid"), .value("description")])
    var usage = SecretUsage()
    var whole = element.filtered { !$0.isNamed("usage") && !$0.isNamed("uuid") }
    whole = whole.appending(XMLElement("uuid", text: "\(uuid)"))
    let use = try element.first("usage").map { (part) throws(VirtError) in try usage.read(part) } ?? nil
    let unknown = try rule.arranged(whole) ?? whole
    // The use stands behind the description and before what is not known.
    let isValue = { (part: XMLElement) in part.isNamed("uuid") || part.isNamed("description") }
    let values = unknown.elements.filter(isValue) + (use.map { [$0] } ?? [])
    let parts = values + unknown.elements.filter { !isValue($0) }
    return SecretDefinition(unknown.with(content: parts.map { .element($0) }), uuid, usage)
  }
}

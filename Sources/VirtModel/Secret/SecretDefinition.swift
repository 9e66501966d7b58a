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
  package var text: [UInt8] { kept.bytes(of: element) }

  /// Reads a secret's document.
  ///
  /// - Throws: What is wrong with it, with the element and its line.
  package static func read(_ element: XMLElement) throws(VirtError) -> SecretDefinition {
    try element.expect("secret")
    let grammar = DocumentGrammar.secretDocument
    try grammar.check(element)
    let uuid = try element.uuid(.internalError, .secret) ?? .random()
    let usage = SecretUsage(element.first("usage"))
    var whole = element.replacing("uuid", with: XMLElement("uuid", text: "\(uuid)"))
    if usage.kind == .none { whole = whole.filtered { !$0.isNamed("usage") } }
    for name: StaticString in ["ephemeral", "private"] where !whole.has(name, "yes") { whole = whole.setting(name, "no") }
    return SecretDefinition(grammar.taken(whole), uuid, usage)
  }
}

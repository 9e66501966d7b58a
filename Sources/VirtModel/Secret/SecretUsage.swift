internal import VirtCore
internal import VirtXML

/// What a secret is for.
package struct SecretUsage: Sendable {
  /// The kind of thing that needs it. The numbers are the API's.
  package enum Kind: Int32, CaseIterable, Sendable {
    case none, volume, ceph, iscsi, tls, vtpm

    /// The word in documents.
    var word: String { "\(self)" }

    /// The element that holds what it is used for.
    var holder: String {
      switch self {
      case .none: ""
      case .volume: "volume"
      case .iscsi: "target"
      case .ceph, .tls, .vtpm: "name"
      }
    }
  }

  /// The kind of thing that needs it.
  package var kind = Kind.none
  /// Which one; empty when nothing does.
  package var id = ""

  /// What a registry finds the secret by; nil for a use that is none.
  package static func key(_ kind: Int32, _ id: String) -> String? { kind > 0 ? "\(kind):\(id)" : nil }

  /// Arranges the element, and takes from it what it says; nil when it says nothing.
  mutating func read(_ element: XMLElement) throws(VirtError) -> XMLElement? {
    guard let word = element["type"], !word.isEmpty else { throw element.wrong(.xmlError, "'type' is missing", .secret) }
    guard let kind = Kind.allCases.first(where: { $0.word == word }) else {
      throw element.noSuchValue("type", word, .configUnsupported, .secret)
    }
    guard kind != .none else { return nil }
    let refusal = ValueRule.Lack.refused(.internalError, .secret)
    let holder = ElementRule.value(kind.holder, .text.with(missing: refusal)).present(.required(.internalError, .secret))
    let arranged = try ElementRule(name: "usage", kind: word, content: .parts([holder])).arranged(element)
    self.kind = kind
    id = arranged?.first(kind.holder)?.text ?? ""
    return arranged
  }
}

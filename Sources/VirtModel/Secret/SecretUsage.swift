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

  /// What an element says that was checked.
  init(_ element: XMLElement?) {
    guard let element, let kind = Kind.allCases.first(where: { $0.word == element["type"] }), kind != .none else { return }
    self.kind = kind
    id = element.first(kind.holder)?.text ?? ""
  }
}

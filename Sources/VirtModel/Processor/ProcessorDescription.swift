package import VirtCore
package import VirtXML

/// A processor as its document describes it.
package struct ProcessorDescription: Sendable {
  /// Its architecture; nil in the description of what a guest gets.
  package let architecture: String?
  /// The model's name; nil where a guest gets what the host has.
  package let model: String?
  /// Who makes it, where that matters.
  package let vendor: String?
  /// How a guest's processor is chosen: `custom`, `host-model`...
  package let mode: String
  /// Whether a guest may get more than it asks for (`minimum`), exactly that, or needs a host with nothing more (`strict`).
  package let match: String
  /// Features beside those of the model, and what is said of them.
  package let features: [(name: String, policy: String)]

  /// Which descriptions are read.
  package enum Kind: Sendable {
    /// That of a host.
    case host
    /// That of a host or of what a guest gets.
    case any
  }

  /// Reads a processor's document.
  package static func read(_ element: XMLElement, _ kind: Kind) throws(VirtError) -> ProcessorDescription {
    guard element.isNamed("cpu") else {
      throw VirtError(.xmlError, .cpu, "the document is no <cpu> but a", element.name)
    }
    let architecture = element.nonemptyText("arch"), model = element.nonemptyText("model")
    let isHost = kind == .host || architecture != nil
    if isHost {
      guard element["mode"] == nil else {
        throw VirtError(.configUnsupported, .cpu, "only what a guest gets has a 'mode'")
      }
      guard let architecture else { throw VirtError(.xmlError, .cpu, "the processor has no <arch>") }
      guard ProcessorFamily(architecture: architecture) != nil else {
        throw VirtError(.configUnsupported, .cpu, "there is no architecture", architecture)
      }
      guard model != nil else { throw VirtError(.xmlError, .cpu, "the processor has no <model>") }
    } else {
      try DocumentGrammar.domain.below(element)?.check(element)
      try ProcessorReader.checkFeatures(element, hasModel: model != nil)
    }
    if let topology = element.first("topology") { try check(topology) }
    var features: [(name: String, policy: String)] = []
    for feature in element.elements where feature.isNamed("feature") {
      guard let name = feature["name"], !name.isEmpty else {
        throw VirtError(.xmlError, .cpu, "a feature of the processor has no name")
      }
      guard !features.contains(where: { $0.name == name }) else {
        throw VirtError(.xmlError, .cpu, "a feature of the processor comes twice:", name)
      }
      let policy = isHost ? "require" : feature["policy"] ?? "require"
      features.append((name, policy))
    }
    return ProcessorDescription(
      architecture: isHost ? architecture : nil, model: model, vendor: element.nonemptyText("vendor"),
      mode: element["mode"] ?? "custom", match: element["match"] ?? "exact", features: features)
  }

  private static func check(_ topology: XMLElement) throws(VirtError) {
    for name: StaticString in ["sockets", "cores", "threads"] {
      let value = topology[name]
      guard let number = value.flatMap({ UInt32($0) }), number > 0 else {
        throw VirtError(.xmlError, .xml, "", "<topology> needs a number above 0 for \(name), not '\(value ?? "")'")
      }
    }
  }
}

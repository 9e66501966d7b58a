package import VirtXML

/// A way of choosing a guest's processor, among what a hypervisor can give it.
package struct ProcessorMode: Sendable {
  /// Its element.
  package let element: XMLElement

  init(element: XMLElement) { self.element = element }

  private init(_ name: String, _ isThere: Bool, _ parts: [XMLElement] = []) {
    element = XMLElement(
      "mode", [XMLAttribute("name", name), XMLAttribute("supported", isThere ? "yes" : "no")], elements: isThere ? parts : [])
  }

  /// All modes, as they are on a host.
  ///
  /// - Parameters:
  ///   - host: The host's processor; nil for an architecture that the host only imitates.
  ///   - expanded: Whether the features of the host's model are listed.
  ///   - all: Whether all features that a guest can get are listed.
  package static func all(on host: ProcessorHost?, expanded: Bool, all: Bool) -> [ProcessorMode] {
    let whole = ["on", "off"]
    let own = host.flatMap { try? ProcessorSelection.nearest(to: $0.features, vendor: $0.vendor, says: true) }
    var parts = own.map { Array($0.element(expanded: expanded).elements) } ?? []
    if all, let host {
      let listed = Set(parts.compactMap { $0["name"] })
      parts += host.features.sorted.filter { !listed.contains($0) }.map { feature in
        XMLElement("feature", [XMLAttribute("policy", "require"), XMLAttribute("name", feature)])
      }
    }
    return [
      ProcessorMode("host-passthrough", host != nil, [.list("hostPassthroughMigratable", whole)]),
      ProcessorMode("maximum", host != nil, [.list("maximumMigratable", whole)]),
      ProcessorMode("host-model", own != nil, parts), ProcessorMode("custom", host != nil, host.map(models) ?? []),
    ]
  }

  /// All models, and what keeps a host from giving some of them to guests.
  private static func models(_ host: ProcessorHost) -> [XMLElement] {
    ProcessorModels.all.filter(\.isForGuests).sorted { $0.name < $1.name }.flatMap { model in
      let missing = model.features.subtracting(host.features).sorted
      let known = XMLElement(
        "model",
        [
          XMLAttribute("usable", missing.isEmpty ? "yes" : "no"), XMLAttribute("vendor", model.vendor ?? "unknown"),
        ], [.text(model.name)])
      let blockers = XMLElement(
        "blockers", [XMLAttribute("model", model.name)],
        elements: missing.map { XMLElement("feature", [XMLAttribute("name", $0)]) })
      return missing.isEmpty ? [known] : [known, blockers]
    }
  }

  /// Its name: `host-passthrough`, `maximum`, `host-model` or `custom`.
  package var name: String { element["name"] ?? "" }
  /// Whether a guest's processor can be chosen so.
  package var isThere: Bool { element.has("supported", "yes") }
  /// The models that it names.
  package var models: [String] { element.all("model").map(\.text) }
  /// Whether a guest can have a model; nil where that is not known.
  package func isUsable(model: String) -> Bool? {
    guard let known = element.all("model").first(where: { $0.text == model }) else { return nil }
    return known.has("usable", "yes") ? true : known.has("usable", "no") ? false : nil
  }
  /// Features that keep the host from giving a model to guests.
  package func blockers(of model: String) -> [String] {
    element.all("blockers").first { $0["model"] == model }?.all("feature").compactMap { $0["name"] } ?? []
  }
  /// Features beside those of the model, with what is said of each.
  package var features: [(name: String, policy: String)] {
    element.all("feature").map { ($0["name"] ?? "", $0["policy"] ?? "require") }
  }
}

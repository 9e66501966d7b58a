package import VirtXML

/// What a hypervisor can give a guest, as a document.
package struct DomainCapabilities: Sendable {
  /// The program that runs guests.
  package let emulator: String
  /// The kind of domain.
  package let domain: String
  /// The board; nil where there is nothing to choose.
  package let machine: String?
  /// The guest's architecture.
  package let architecture: String
  /// How many processors a guest has at most.
  package let processorLimit: UInt32
  /// The host's processor; nil for an architecture that the host only imitates.
  package let host: ProcessorHost?

  /// Describes what a guest of an architecture gets.
  package init(
    emulator: String, domain: String, machine: String?, architecture: String, processorLimit: UInt32, host: ProcessorHost?
  ) {
    self.emulator = emulator
    self.domain = domain
    self.machine = machine
    self.architecture = architecture
    self.processorLimit = processorLimit
    self.host = host
  }

  /// The document.
  ///
  /// - Parameters:
  ///   - expanded: Whether the features of the host's model are listed.
  ///   - all: Whether all features that a guest can get are listed.
  package func element(expanded: Bool, all: Bool) -> XMLElement {
    var parts = [
      XMLElement("path", text: emulator), XMLElement("domain", text: domain),
    ]
    if let machine { parts.append(XMLElement("machine", text: machine)) }
    parts += [XMLElement("arch", text: architecture), XMLElement("vcpu", [XMLAttribute("max", "\(processorLimit)")])]
    parts += Self.groups(["iothreads", "os"], Self.plain)
    parts.append(XMLElement("cpu", [], modes(expanded: expanded, all: all).map { .element($0) }))
    parts += Self.groups(["memoryBacking"], Self.plain)
    parts.append(XMLElement("devices", [], Self.groups(nil, Self.devices).map { .element($0) }))
    parts.append(XMLElement("features", [], Self.groups(nil, Self.features).map { .element($0) }))
    return XMLElement("domainCapabilities", [], parts.map { .element($0) })
  }

  // MARK: - Lists

  /// What a table says: a group a line, `-` before those that are not there; `name:` begins a list of its values.
  private static func groups(_ names: [String]?, _ table: StaticString) -> [XMLElement] {
    "\(table)".split(separator: "\n").compactMap { line in
      var words = line.split(separator: " ")[...]
      guard var name = words.popFirst() else { return nil }
      let isThere = name.first != "-"
      if !isThere { name.removeFirst() }
      guard names?.contains(String(name)) ?? true else { return nil }
      var lists: [(name: Substring, values: [Substring])] = []
      for word in words {
        if word.last == ":" {
          lists.append((word.dropLast(), []))
        } else if !lists.isEmpty {
          lists[lists.count - 1].values.append(word)
        }
      }
      return XMLElement(
        String(name), [XMLAttribute("supported", isThere ? "yes" : "no")],
        lists.map { .element(list(String($0.name), $0.values.map(String.init))) })
    }
  }

  private static func list(_ name: String, _ values: [String]) -> XMLElement {
    XMLElement("enum", [XMLAttribute("name", name)], values.map { .element(XMLElement("value", text: $0)) })
  }

  // MARK: - Processors

  private func modes(expanded: Bool, all: Bool) -> [XMLElement] {
    func mode(_ name: String, _ isThere: Bool, _ parts: [XMLElement] = []) -> XMLElement {
      XMLElement(
        "mode", [XMLAttribute("name", name), XMLAttribute("supported", isThere ? "yes" : "no")],
        isThere ? parts.map { .element($0) } : [])
    }
    let host = self.host
    let whole = ["on", "off"]
    let own = host.flatMap { try? ProcessorSelection.nearest(to: $0.features, vendor: $0.vendor, says: true) }
    var parts = own.map { Array($0.element(expanded: expanded).elements) } ?? []
    if all, let host {
      let listed = Set(parts.compactMap { $0["name"] })
      parts += host.features.sorted.filter { !listed.contains($0) }.map { Self.feature($0) }
    }
    return [
      mode("host-passthrough", host != nil, [Self.list("hostPassthroughMigratable", whole)]),
      mode("maximum", host != nil, [Self.list("maximumMigratable", whole)]), mode("host-model", own != nil, parts),
      mode("custom", host != nil, host.map(Self.models) ?? []),
    ]
  }

  private static func feature(_ name: String) -> XMLElement {
    XMLElement("feature", [XMLAttribute("policy", "require"), XMLAttribute("name", name)])
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
        missing.map { .element(XMLElement("feature", [XMLAttribute("name", $0)])) })
      return missing.isEmpty ? [known] : [known, blockers]
    }
  }
}

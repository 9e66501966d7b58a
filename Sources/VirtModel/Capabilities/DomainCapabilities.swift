package import VirtCore
package import VirtXML

/// What a hypervisor can give a guest: a view of the document that says so, which keeps what nobody here knows.
package struct DomainCapabilities: Sendable {
  /// The document.
  package let element: XMLElement

  /// Describes what guests of one kind get.
  ///
  /// - Parameters:
  ///   - emulator: The program that runs guests.
  ///   - domain: The type of domain.
  ///   - machine: The board; nil where there is nothing to choose.
  ///   - processorLimit: How many processors a guest has at most.
  ///   - platform: `iothreads`, `os` and `memoryBacking`.
  package init(
    emulator: String, domain: String, machine: String?, architecture: String, processorLimit: UInt32,
    platform: [GuestOption], processors: [ProcessorMode], devices: [GuestOption], features: [GuestOption]
  ) {
    var parts = [XMLElement("path", text: emulator), XMLElement("domain", text: domain)]
    if let machine { parts.append(XMLElement("machine", text: machine)) }
    parts += [XMLElement("arch", text: architecture), XMLElement("vcpu", [XMLAttribute("max", "\(processorLimit)")])]
    parts += platform.map(\.element)
    parts += [
      XMLElement("cpu", elements: processors.map(\.element)), XMLElement("devices", elements: devices.map(\.element)),
      XMLElement("features", elements: features.map(\.element)),
    ]
    element = DocumentGrammar.domainCapabilities.arranged(XMLElement("domainCapabilities", elements: parts))
  }

  /// Reads a document.
  ///
  /// - Throws: What is wrong with it, with the element and its line.
  package init(reading element: XMLElement) throws(VirtError) {
    try element.expect("domainCapabilities")
    try DocumentGrammar.domainCapabilities.check(element)
    for name: StaticString in ["path", "domain"] { _ = try element.needing(name) }
    let arch = try element.needing("arch")
    guard ProcessorFamily(architecture: arch.text) != nil else {
      throw arch.wrong(.xmlError, "there is no architecture '\(arch.text)'")
    }
    self.element = DocumentGrammar.domainCapabilities.arranged(element)
  }

  /// The program that runs guests.
  package var emulator: String { element.first("path")?.text ?? "" }
  /// The type of domain.
  package var domain: String { element.first("domain")?.text ?? "" }
  /// The board; nil where there is nothing to choose.
  package var machine: String? { element.nonemptyText("machine") }
  /// The guest's architecture.
  package var architecture: String { element.first("arch")?.text ?? "" }
  /// How many processors a guest has at most; nil where it does not say.
  package var processorLimit: UInt32? { element.first("vcpu")?["max"].flatMap { UInt32($0) } }
  /// How a guest's processor can be chosen.
  package var processors: [ProcessorMode] { element.first("cpu")?.all("mode").map { ProcessorMode(element: $0) } ?? [] }
  /// What stands around the processor: `iothreads`, `os`, `memoryBacking`.
  package var platform: [GuestOption] {
    element.elements.filter { $0.isNamed(oneOf: ["iothreads", "os", "memoryBacking"]) }.map { GuestOption(element: $0) }
  }
  /// Its devices.
  package var devices: [GuestOption] { element.first("devices")?.elements.map { GuestOption(element: $0) } ?? [] }
  /// What the guest sees of the machine.
  package var features: [GuestOption] { element.first("features")?.elements.map { GuestOption(element: $0) } ?? [] }
}

/// Something that a guest can have, and the values that it may say of it.
package struct GuestOption: Sendable {
  /// Its element.
  package let element: XMLElement

  init(element: XMLElement) { self.element = element }

  /// Describes one.
  ///
  /// - Parameter values: What each of its attributes may be.
  package init(_ name: String, isThere: Bool, values: [(name: String, values: [String])] = []) {
    element = XMLElement(
      name, [XMLAttribute("supported", isThere ? "yes" : "no")], elements: values.map { .list($0.name, $0.values) })
  }

  /// Describes several: one a line, `-` in front of those that are not there; `name:` begins the values of an attribute.
  package static func table(_ text: StaticString) -> [GuestOption] {
    "\(text)".split(separator: "\n").compactMap { line in
      var words = line.split(separator: " ")[...]
      guard var name = words.popFirst() else { return nil }
      let isThere = name.first != "-"
      if !isThere { name.removeFirst() }
      var lists: [(name: String, values: [String])] = []
      for word in words {
        if word.last == ":" {
          lists.append((String(word.dropLast()), []))
        } else if !lists.isEmpty {
          lists[lists.count - 1].values.append(String(word))
        }
      }
      return GuestOption(String(name), isThere: isThere, values: lists)
    }
  }

  /// Its name: that of a device, or of a feature.
  package var name: String { element.name }
  /// Whether a guest can have it.
  package var isThere: Bool { element.has("supported", "yes") }
  /// What an attribute may be; nil where it does not say.
  package func values(of attribute: String) -> [String]? { element.values(of: attribute) }
}

extension XMLElement {
  /// A list of what an attribute may be.
  static func list(_ name: String, _ values: [String]) -> XMLElement {
    XMLElement("enum", [XMLAttribute("name", name)], elements: values.map { XMLElement("value", text: $0) })
  }

  /// What a list in the element says that an attribute may be.
  func values(of attribute: String) -> [String]? {
    all("enum").first { $0["name"] == attribute }?.all("value").map(\.text)
  }
}

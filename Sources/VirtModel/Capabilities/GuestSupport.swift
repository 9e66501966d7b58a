internal import VirtCore
package import VirtXML

/// A kind of guest that a hypervisor runs, among its capabilities.
package struct GuestSupport: Sendable {
  /// Its element.
  package let element: XMLElement

  /// A board that a guest can have.
  package struct Machine: Sendable, Equatable {
    /// Its name.
    package var name: String
    /// The name of the board that this name stands for today; nil for itself.
    package var canonical: String?
    /// How many processors it has at most.
    package var processorLimit: UInt32?
    /// Whether it goes in a later version.
    package var isDeprecated: Bool

    /// Describes one.
    package init(_ name: String, canonical: String? = nil, processorLimit: UInt32? = nil, isDeprecated: Bool = false) {
      self.name = name
      self.canonical = canonical
      self.processorLimit = processorLimit
      self.isDeprecated = isDeprecated
    }

    init(_ element: XMLElement) {
      name = element.text
      canonical = element["canonical"]
      processorLimit = element["maxCpus"].flatMap { UInt32($0) }
      isDeprecated = element.has("deprecated", "yes")
    }

    var element: XMLElement {
      var attributes: [XMLAttribute] = []
      if let canonical { attributes.append(XMLAttribute("canonical", canonical)) }
      if let processorLimit { attributes.append(XMLAttribute("maxCpus", "\(processorLimit)")) }
      if isDeprecated { attributes.append(XMLAttribute("deprecated", "yes")) }
      return XMLElement("machine", attributes, [.text(name)])
    }
  }

  /// Who runs the guest, with what differs from others.
  package struct Runner: Sendable, Equatable {
    /// The type of domain: `kvm`, `qemu`, `test`...
    package var type: String
    /// The program that runs it; nil for that of all.
    package var emulator: String?
    /// Its boards; none for those of all.
    package var machines: [Machine]

    /// Describes one.
    package init(_ type: String, emulator: String? = nil, machines: [Machine] = []) {
      self.type = type
      self.emulator = emulator
      self.machines = machines
    }

    init(_ element: XMLElement) {
      type = element["type"] ?? ""
      emulator = element.nonemptyText("emulator")
      machines = element.all("machine").map { Machine($0) }
    }

    var element: XMLElement {
      XMLElement(
        "domain", [XMLAttribute("type", type)],
        elements: (emulator.map { [XMLElement("emulator", text: $0)] } ?? []) + machines.map(\.element))
    }
  }

  /// What a guest may have or do without.
  package struct Feature: Sendable, Equatable {
    /// Its name: `acpi`, `apic`, `pae`...
    package var name: String
    /// Whether it is there when a guest does not say; nil for a feature that has no switch.
    package var isOn: Bool?
    /// Whether a guest may say.
    package var canSwitch: Bool

    /// Names a feature.
    package init(_ name: String, isOn: Bool? = nil, canSwitch: Bool = false) {
      self.name = name
      self.isOn = isOn
      self.canSwitch = canSwitch
    }

    init(_ element: XMLElement) {
      self.init(element.name, isOn: element["default"].map { $0 == "on" }, canSwitch: element.has("toggle", "yes"))
    }

    var element: XMLElement {
      XMLElement(
        name,
        isOn.map { [XMLAttribute("default", $0 ? "on" : "off"), XMLAttribute("toggle", canSwitch ? "yes" : "no")] } ?? [])
    }
  }

  init(element: XMLElement) { self.element = element }

  /// Describes a kind of guest.
  ///
  /// - Parameters:
  ///   - system: What runs in it: `hvm`, `xen`, `linux`, `exe`...
  ///   - wordSize: Bits: 31, 32 or 64.
  ///   - emulator: The program that runs it.
  ///   - loader: Its firmware.
  package init(
    system: String, architecture: String, wordSize: UInt32, emulator: String? = nil, loader: String? = nil,
    machines: [Machine] = [], domains: [Runner], features: [Feature] = []
  ) {
    var parts = [XMLElement("wordsize", text: "\(wordSize)")]
    if let emulator { parts.append(XMLElement("emulator", text: emulator)) }
    if let loader { parts.append(XMLElement("loader", text: loader)) }
    parts += machines.map(\.element) + domains.map(\.element)
    let arch = XMLElement("arch", [XMLAttribute("name", architecture)], elements: parts)
    let list = features.isEmpty ? [] : [XMLElement("features", elements: features.map(\.element))]
    element = XMLElement("guest", elements: [XMLElement("os_type", text: system), arch] + list)
  }

  private var arch: XMLElement? { element.first("arch") }

  /// What runs in it: `hvm`, `xen`, `linux`, `exe`...
  package var system: String { element.first("os_type")?.text ?? "" }
  /// Its architecture.
  package var architecture: String { arch?["name"] ?? "" }
  /// Its bits.
  package var wordSize: UInt32 { arch?.first("wordsize").flatMap { UInt32($0.text) } ?? 0 }
  /// The program that runs it.
  package var emulator: String? { arch?.nonemptyText("emulator") }
  /// Its firmware.
  package var loader: String? { arch?.nonemptyText("loader") }
  /// Its boards.
  package var machines: [Machine] { arch?.all("machine").map { Machine($0) } ?? [] }
  /// Who runs it.
  package var domains: [Runner] { arch?.all("domain").map { Runner($0) } ?? [] }
  /// What it may have or do without.
  package var features: [Feature] { element.first("features")?.elements.map { Feature($0) } ?? [] }

  func check() throws(VirtError) {
    _ = try element.needing("os_type")
    let arch = try element.needing("arch")
    guard let name = arch["name"], ProcessorFamily(architecture: name) != nil else {
      throw arch.wrong(.xmlError, "there is no architecture '\(arch["name"] ?? "")'")
    }
    let size = try arch.needing("wordsize")
    guard ["31", "32", "64"].contains(size.text) else {
      throw size.wrong(.xmlError, "it is '31', '32' or '64', not '\(size.text)'")
    }
    _ = try arch.needing("domain")
  }
}

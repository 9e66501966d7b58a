package import VirtCore
package import VirtXML

extension DomainDefinition {
  /// Reads a domain's document.
  ///
  /// - Throws: What is wrong with it, with the element and its line.
  package static func read(_ element: XMLElement, _ context: ModelContext) throws(VirtError) -> DomainDefinition {
    guard element.name == "domain" else {
      throw VirtError(.xmlError, .xml, "the document is no <domain> but a", element.name)
    }
    var reader = DomainReader()
    for part in element.content { if case .element(let below) = part { reader.take(below) } }
    return DomainDefinition(try reader.values(element, context))
  }
}

/// Sorts the parts of a domain's document, then makes values of them.
private struct DomainReader {
  /// What is read into values.
  var known: [String: XMLElement] = [:]
  var tuning: [XMLElement] = []
  var placement: [XMLElement] = []
  var platform: [XMLElement] = []
  var power: [XMLElement] = []
  var other: [XMLElement] = []

  private static let valueElements: Set<String> = [
    "name", "uuid", "genid", "title", "description", "metadata", "maxMemory", "memory", "currentMemory", "vcpu", "os",
    "on_poweroff", "on_reboot", "on_crash", "devices", "clock",
  ]
  private static let tuningElements = ["blkiotune", "memtune", "memoryBacking"]
  private static let placementElements = [
    "vcpus", "iothreads", "iothreadids", "defaultiothread", "cputune", "numatune", "resource", "sysinfo", "bootloader",
    "bootloader_args",
  ]
  private static let platformElements = ["idmap", "features", "cpu", "clock"]
  private static let powerElements = ["on_lockfailure", "pm", "perf"]
  private static let behindElements = ["seclabel", "keywrap", "launchSecurity"]
  private static let features = Shape(
    [],
    names: [
      "acpi", "apic", "pae", "viridian", "privnet", "hap", "pvspinlock", "pmu", "vmport", "gic", "smm", "hyperv", "kvm",
      "xen", "capabilities", "ioapic", "hpt", "vmcoreinfo", "htm", "nested-hv", "msrs", "ccf-assist", "cfpc", "sbbc", "ibs", "tcg",
      "async-teardown", "ras", "ps2", "aia",
    ])

  mutating func take(_ element: XMLElement) {
    let name = element.name
    if Self.valueElements.contains(name) {
      // The first one of a name counts.
      if known[name] == nil { known[name] = element }
    } else if Self.tuningElements.contains(name) {
      tuning.append(element)
    } else if Self.placementElements.contains(name) {
      placement.append(element)
    } else if Self.platformElements.contains(name) {
      platform.append(name == "features" ? Self.features.arrange(element) : element)
    } else if Self.powerElements.contains(name) {
      power.append(element)
    } else {
      other.append(element)
    }
  }

  func values(_ root: XMLElement, _ context: ModelContext) throws(VirtError) -> DomainValues {
    guard let name = known["name"]?.text, !name.isEmpty else { throw VirtError(.noName, .domain, "the domain has no <name>") }
    guard !name.utf8.contains(UInt8(ascii: "/")) else {
      throw VirtError(.xmlError, .domain, "a name must not contain a slash", name)
    }
    guard let type = root["type"] else { throw VirtError(.internalError, .domain, "the domain has no 'type'", name) }
    guard Self.types.contains(type) else {
      throw VirtError(.configUnsupported, .domain, "there is no domain type", type)
    }
    let uuid = try readUUID()
    let memory = try readMemory()
    let processors = try readProcessors()
    var values = DomainValues(
      type: type, name: name, uuid: uuid, memory: memory.start, currentMemory: memory.current, processors: processors.most,
      hardware: try hardware(context))
    values.title = text("title")
    values.description = text("description")
    values.metadata = known["metadata"]
    values.memoryLimit = try readLimit()
    values.currentProcessors = processors.current
    values.processorPlacement = processors.placement
    if let title = values.title, title.utf8.contains(0x0a) {
      throw VirtError(.xmlError, .domain, "a title has one line only: ", title)
    }
    if values.metadata?.content.isEmpty == true { values.metadata = nil }
    return values
  }

  private func text(_ name: String) -> String? {
    guard let text = known[name]?.text, !text.isEmpty else { return nil }
    return text
  }

  private func readUUID() throws(VirtError) -> UUID {
    guard let text = known["uuid"]?.text else { return .random() }
    guard let uuid = UUID(text) else { throw VirtError(.internalError, .domain, "this is no UUID", text) }
    return uuid
  }

  private func readMemory() throws(VirtError) -> (start: UInt64, current: UInt64) {
    guard let element = known["memory"] ?? known["currentMemory"] else {
      throw VirtError(.xmlError, .domain, "the domain has no <memory>")
    }
    let start = try ScaledSize.kibibytes(element)
    guard start > 0 else { throw VirtError(.xmlError, .domain, "a domain needs memory") }
    let current = try known["currentMemory"].map(ScaledSize.kibibytes) ?? start
    return (start, current == 0 || current > start ? start : current)
  }

  private func readLimit() throws(VirtError) -> MemoryLimit? {
    guard let element = known["maxMemory"] else { return nil }
    guard let slots = element["slots"].flatMap({ UInt32($0) }), slots > 0 else {
      throw VirtError(.xmlError, .domain, "<maxMemory> needs a number of 'slots'")
    }
    return MemoryLimit(size: try ScaledSize.kibibytes(element), slots: slots)
  }

  private func readProcessors() throws(VirtError) -> (most: UInt32, current: UInt32, placement: [XMLAttribute]) {
    guard let element = known["vcpu"] else { return (1, 1, []) }
    let text = element.text
    guard let most = text.isEmpty ? 1 : UInt32(text) else {
      throw VirtError(.xmlError, .domain, "this is no number of processors", text)
    }
    guard most > 0 else { throw VirtError(.internalError, .domain, "a domain needs a processor") }
    guard let current = element["current"].map({ UInt32($0) }) ?? most, current > 0 else {
      throw VirtError(.xmlError, .domain, "this is no number of processors", element["current"] ?? "")
    }
    guard current <= most else {
      throw VirtError(.configUnsupported, .domain, "more processors than there can be", "\(current)")
    }
    var placement = element.attributes.filter { $0.name != "current" }
    if placement == Self.plainPlacement { placement = [] }
    if !placement.isEmpty, element["placement"] == nil { placement.insert(Self.plainPlacement[0], at: 0) }
    return (most, current, placement)
  }

  private static let plainPlacement = [XMLAttribute("placement", "static")]
  private static let types: Set<String> = [
    "qemu", "kqemu", "kvm", "xen", "lxc", "uml", "openvz", "test", "vmware", "hyperv", "vbox", "phyp", "parallels", "vz",
    "bhyve", "hvf",
  ]
}

extension DomainReader {
  private static let offsets: Set<String> = ["utc", "localtime", "variable", "timezone", "absolute"]
  private static let actions: Set<String> = ["destroy", "restart", "rename-restart", "preserve"]
  private static let crashActions = actions.union(["coredump-destroy", "coredump-restart"])

  fileprivate func hardware(_ context: ModelContext) throws(VirtError) -> DomainHardware {
    var tuning = self.tuning, placement = self.placement, platform = self.platform, power = self.power, other = self.other
    for index in tuning.indices where tuning[index].name == "memtune" { tuning[index] = try inKibibytes(tuning[index]) }
    platform.append(try readClock())
    Shape.sort(&tuning) { Self.tuningElements.firstIndex(of: $0.name) ?? Int.max }
    Shape.sort(&placement) { Self.placementElements.firstIndex(of: $0.name) ?? Int.max }
    Shape.sort(&platform) { Self.platformElements.firstIndex(of: $0.name) ?? Int.max }
    Shape.sort(&power) { Self.powerElements.firstIndex(of: $0.name) ?? Int.max }
    Shape.sort(&other) { Self.behindElements.firstIndex(of: $0.name) ?? Int.max }
    for index in platform.indices where platform[index].name == "cpu" { platform[index] = Self.completeProcessor(platform[index]) }
    return DomainHardware(
      generation: known["genid"].map { $0.content.isEmpty ? XMLElement("genid", text: "\(UUID.random())") : $0 },
      tuning: tuning, placement: placement,
      system: try .read(known["os"], context: context, hasBootLoader: placement.contains { $0.name == "bootloader" }),
      platform: platform, actions: try readActions(), power: power, devices: try DeviceReader.read(known["devices"], context),
      other: other)
  }

  private func readClock() throws(VirtError) -> XMLElement {
    guard let clock = known["clock"] else { return DomainHardware.plainClock }
    let offset = clock["offset"] ?? "utc"
    guard Self.offsets.contains(offset) else {
      throw VirtError(.configUnsupported, .domain, "attribute 'offset' of <clock> has no such value", offset)
    }
    var complete = clock["offset"] == nil ? clock.setting("offset", offset) : clock
    if offset == "variable" {
      if clock["adjustment"] == nil { complete = complete.setting("adjustment", "0") }
      if clock["basis"] == nil { complete = complete.setting("basis", "utc") }
    }
    return complete
  }

  private func readActions() throws(VirtError) -> LifecycleActions {
    var actions = LifecycleActions()
    for (name, allowed) in [("on_poweroff", Self.actions), ("on_reboot", Self.actions), ("on_crash", Self.crashActions)] {
      guard let text = known[name]?.text else { continue }
      guard allowed.contains(text) else {
        throw VirtError(.configUnsupported, .domain, "", "<\(name)> has no such value: '\(text)'")
      }
      switch name {
      case "on_poweroff": actions.powerOff = text
      case "on_reboot": actions.reboot = text
      default: actions.crash = text
      }
    }
    return actions
  }

  private func inKibibytes(_ element: XMLElement) throws(VirtError) -> XMLElement {
    var content: [XMLContent] = []
    for part in element.content {
      guard case .element(let below) = part else { continue }
      let size = try ScaledSize.kibibytes(below)
      content.append(.element(XMLElement(below.name, [XMLAttribute("unit", "KiB")], [.text("\(size)")])))
    }
    return element.with(content: content)
  }

  private static func completeProcessor(_ element: XMLElement) -> XMLElement {
    guard element["mode"] == "custom" || element["mode"] == nil, let model = element.first("model"), model["fallback"] == nil
    else { return element }
    return element.replacing("model", with: model.with(attributes: [XMLAttribute("fallback", "allow")] + model.attributes))
  }
}

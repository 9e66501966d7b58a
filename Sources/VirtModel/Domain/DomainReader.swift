package import VirtCore
package import VirtXML

extension DomainDefinition {
  /// Reads a domain's document.
  ///
  /// - Throws: What is wrong with it, with the element and its line.
  package static func read(_ element: XMLElement, _ context: ModelContext) throws(VirtError) -> DomainDefinition {
    guard element.isNamed("domain") else {
      throw VirtError(.xmlError, .xml, "the document is no <domain> but a", element.name)
    }
    try DocumentGrammar.domain.check(element)
    var reader = DomainReader(root: element)
    reader.take(element.elements)
    return DomainDefinition(try reader.values(context))
  }
}

/// Sorts the parts of a domain's document, then makes values of them.
struct DomainReader {
  let root: XMLElement
  var tuning: [XMLElement] = []
  var placement: [XMLElement] = []
  var platform: [XMLElement] = []
  var power: [XMLElement] = []
  var other: [XMLElement] = []

  /// Sorts the elements by where they are written. What is read into values is looked up by name: of several the first one counts.
  mutating func take(_ elements: XMLElement.Elements) {
    let groups = SettingsPlace.ranges
    var place = 0
    for element in elements {
      place = DocumentGrammar.domain.place(element, from: place)
      if groups.limits.contains(place) {
        tuning.append(element)
      } else if groups.placement.contains(place) {
        placement.append(element)
      } else if groups.platform.contains(place) {
        if place != groups.clock { platform.append(element) }
      } else if groups.power.contains(place) {
        power.append(element)
      } else if place > groups.devices {
        other.append(element)
      }
    }
  }

  mutating func values(_ context: ModelContext) throws(VirtError) -> DomainValues {
    guard let name = root.first("name")?.text, !name.isEmpty else { throw VirtError(.noName, .domain, "the domain has no <name>") }
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
    if processors.placement.contains(XMLAttribute("placement", "auto")), !placement.contains(where: { $0.isNamed("numatune") }) {
      placement.append(Self.automaticNodes)
    }
    let (hardware, metadata) = try hardware(context, processors: processors.most, memory: memory.start, uuid)
    var values = DomainValues(
      type: type, name: name, uuid: uuid, memory: memory.start, currentMemory: memory.current, processors: processors.most,
      hardware: hardware)
    values.title = text("title")
    values.description = text("description")
    values.metadata = metadata
    values.declarations = root.declarations { !$0.isNamed("metadata") }
    values.memoryLimit = try readLimit()
    values.currentProcessors = processors.current
    values.processorPlacement = processors.placement
    if processors.placement.isEmpty, NodePlacement(hardware).isAutomatic {
      values.processorPlacement = [XMLAttribute("placement", "auto")]
    }
    if let title = values.title, title.utf8.contains(0x0a) {
      throw VirtError(.xmlError, .domain, "a title has one line only: ", title)
    }
    return values
  }

  private func text(_ name: StaticString) -> String? {
    guard let text = root.first(name)?.text, !text.isEmpty else { return nil }
    return text
  }

  private func readUUID() throws(VirtError) -> UUID {
    guard let text = root.first("uuid")?.text else { return .random() }
    guard let uuid = UUID(text) else { throw VirtError(.internalError, .domain, "this is no UUID", text) }
    return uuid
  }

  private func readMemory() throws(VirtError) -> (start: UInt64, current: UInt64) {
    guard let element = root.first("memory") ?? root.first("currentMemory") else {
      throw VirtError(.xmlError, .domain, "the domain has no <memory>")
    }
    let start = try ScaledSize.kibibytes(element)
    guard start > 0 else { throw VirtError(.xmlError, .domain, "a domain needs memory") }
    let current = try root.first("currentMemory").map(ScaledSize.kibibytes) ?? start
    return (start, current == 0 || current > start ? start : current)
  }

  private func readLimit() throws(VirtError) -> MemoryLimit? {
    guard let element = root.first("maxMemory") else { return nil }
    guard let slots = element["slots"].flatMap({ UInt32($0) }), slots > 0 else {
      throw VirtError(.xmlError, .domain, "<maxMemory> needs a number of 'slots'")
    }
    return MemoryLimit(size: try ScaledSize.kibibytes(element), slots: slots)
  }

  private func readProcessors() throws(VirtError) -> (most: UInt32, current: UInt32, placement: [XMLAttribute]) {
    guard let element = root.first("vcpu") else { return (1, 1, []) }
    let text = element.text
    guard let most = text.isEmpty ? 1 : UInt32(text) else {
      throw VirtError(.xmlError, .domain, "this is no number of processors", text)
    }
    guard most > 0 else { throw VirtError(.internalError, .domain, "a domain needs a processor") }
    guard let current = element["current"].map({ UInt32($0) }) ?? most, current > 0 else {
      throw VirtError(.xmlError, .domain, "this is no number of processors", element["current"] ?? "")
    }
    let single = root.first("vcpus").map { UInt32(clamping: $0.all("vcpu").filter { $0.has("enabled", "yes") }.count) }
    if let single, single > 0, single < most, element["current"] == nil { return (most, single, []) }
    guard current <= most else {
      throw VirtError(.configUnsupported, .domain, "more processors than there can be", "\(current)")
    }
    if element.attributeCount == (element["current"] == nil ? 0 : 1) { return (most, current, []) }
    var placement = DocumentGrammar.domain["vcpu"].arranged(element).attributes.filter { $0.name != "current" }
    for index in placement.indices where placement[index].name == "cpuset" {
      placement[index].value = try NumberSet.read(placement[index].value).text
    }
    if placement == Self.plainPlacement { placement = [] }
    if !placement.isEmpty, element["placement"] == nil { placement.insert(Self.plainPlacement[0], at: 0) }
    return (most, current, placement)
  }

  private static let automaticNodes = XMLElement(
    "numatune", [], [.element(XMLElement("memory", [XMLAttribute("mode", "strict"), XMLAttribute("placement", "auto")]))])
  private static let plainPlacement = [XMLAttribute("placement", "static")]
  private static let types = [
    "qemu", "kqemu", "kvm", "xen", "lxc", "uml", "openvz", "test", "vmware", "hyperv", "vbox", "phyp", "parallels", "vz",
    "bhyve", "hvf",
  ]
}

extension DomainReader {
  private static let offsets = ["utc", "localtime", "variable", "timezone", "absolute"]

  /// The hardware, and what applications keep with the domain.
  private mutating func hardware(
    _ context: ModelContext, processors: UInt32, memory: UInt64, _ uuid: UUID
  ) throws(VirtError) -> (DomainHardware, XMLElement?) {
    for (index, element) in tuning.enumerated().reversed() where element.isNamed("memoryBacking") {
      if let complete = try PlatformReader.memory(element) { tuning[index] = complete } else { tuning.remove(at: index) }
    }
    for index in tuning.indices where tuning[index].isNamed("memtune") { tuning[index] = try inKibibytes(tuning[index]) }
    if !tuning.isEmpty { tuning = try SettingsReader.limits(tuning) }
    if !placement.isEmpty {
      placement = try SettingsReader.placement(
        placement, processors: processors, hasCells: root.first("cpu")?.first("numa")?.first("cell") != nil)
    }
    if !power.isEmpty { power = try SettingsReader.power(power) }
    if !other.isEmpty { other = try SecurityReader.complete(other) }
    var complete: [XMLElement] = []
    for element in platform { if let element = try PlatformReader.complete(element) { complete.append(element) } }
    platform = complete
    platform.append(try readClock())
    let generation = root.first("genid").map { $0.isEmpty ? XMLElement("genid", text: "\(UUID.random())") : $0 }
    if let generation, UUID(generation.text) == nil {
      throw generation.wrong(.internalError, "this is no UUID: '\(generation.text)'")
    }
    for element in placement where element.isNamed("sysinfo") { try PlatformReader.checkTables(element, uuid) }
    let devices = try DeviceReader.read(root.first("devices"), context.with(system: root.first("os")?.first("type")?.text))
    try DomainChecks.check(devices, memory: memory, platform: platform)
    var system = try OperatingSystem.read(
      root.first("os"), context: context, hasBootLoader: placement.contains { $0.isNamed("bootloader") })
    if DomainChecks.ordersBoot(devices) {
      guard root.first("os")?.first("boot") == nil else {
        throw VirtError(.configUnsupported, .domain, "devices or the system say in which order to boot, not both")
      }
      system.boot = []
    }
    let hardware = DomainHardware(
      generation: generation, tuning: DocumentGrammar.domain.arranged(tuning),
      placement: DocumentGrammar.domain.arranged(placement),
      system: system, platform: DocumentGrammar.domain.arranged(platform), actions: try readActions(),
      power: DocumentGrammar.domain.arranged(power), devices: devices, other: DocumentGrammar.domain.arranged(other))
    let metadata = root.first("metadata").flatMap { $0.elements.contains { _ in true } ? $0.declaring(from: root) : nil }
    return (hardware, metadata)
  }

  private func readClock() throws(VirtError) -> XMLElement {
    guard let clock = root.first("clock") else { return DomainHardware.plainClock }
    let offset = clock["offset"] ?? "utc"
    guard Self.offsets.contains(offset) else {
      throw VirtError(.configUnsupported, .domain, "attribute 'offset' of <clock> has no such value", offset)
    }
    return try PlatformReader.clock(clock["offset"] == nil ? clock.setting("offset", offset) : clock, offset: offset)
  }

  private func readActions() throws(VirtError) -> LifecycleActions {
    var actions = LifecycleActions()
    actions.powerOff = try readAction("on_poweroff", LifecycleActions.endings)
    actions.reboot = try readAction("on_reboot", LifecycleActions.endings)
    actions.crash = try readAction("on_crash", LifecycleActions.names)
    return actions
  }

  private func readAction(_ name: StaticString, _ allowed: [String]) throws(VirtError) -> String? {
    guard let text = root.first(name)?.text else { return nil }
    guard allowed.contains(text) else {
      throw VirtError(.configUnsupported, .domain, "", "<\(name)> has no such value: '\(text)'")
    }
    return text
  }

  private func inKibibytes(_ element: XMLElement) throws(VirtError) -> XMLElement {
    var content: [XMLContent] = []
    for below in element.elements {
      let size = try ScaledSize.kibibytes(below)
      content.append(.element(XMLElement(below.name, [XMLAttribute("unit", "KiB")], [.text("\(size)")])))
    }
    return element.with(content: content)
  }
}

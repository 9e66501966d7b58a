package import VirtCore
package import VirtXML

extension DomainDefinition {
  /// Reads a domain's document.
  ///
  /// - Throws: What is wrong with it, with the element and its line.
  package static func read(_ element: XMLElement, _ context: ModelContext) throws(VirtError) -> DomainDefinition {
    try element.expect("domain")
    guard element.first("name")?.hasText == true else { throw element.wrong(.noName, "<name> is missing") }
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
    let name = root.first("name")?.text ?? ""
    guard !name.utf8.contains(UInt8(ascii: "/")) else {
      throw root.part("name", .xmlError, "a name has no slash: '\(name)'", .domain)
    }
    let type = root["type"] ?? ""
    let uuid = try root.uuid(.internalError, .domain) ?? .random()
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
    values.memoryLimit = try readLimit(memory: memory.start)
    values.currentProcessors = processors.current
    values.processorPlacement = processors.placement
    if processors.placement.isEmpty, NodePlacement(hardware).isAutomatic {
      values.processorPlacement = [XMLAttribute("placement", "auto")]
    }
    if let title = values.title, title.utf8.contains(0x0a) {
      throw root.part("title", .xmlError, "a title has one line: '\(title)'", .domain)
    }
    return values
  }

  private func text(_ name: StaticString) -> String? {
    guard let text = root.first(name)?.text, !text.isEmpty else { return nil }
    return text
  }

  private func readMemory() throws(VirtError) -> (start: UInt64, current: UInt64) {
    let current: UInt64? = if let element = root.first("currentMemory") { try ScaledSize.kibibytes(element) } else { nil }
    var start: UInt64? = if let element = root.first("memory") { try ScaledSize.kibibytes(element) } else { nil }
    if start == nil { start = try cellMemory() }
    guard let start, start > 0 else { throw root.part("memory", .xmlError, "<memory> says how much a domain has", .domain) }
    guard let current else { return (start, start) }
    return (start, current == 0 || current > start ? start : current)
  }

  private func readLimit(memory: UInt64) throws(VirtError) -> MemoryLimit? {
    guard let element = root.first("maxMemory") else { return nil }
    guard let slots = element["slots"].flatMap({ UInt32($0) }), slots > 0 else {
      throw element.wrong(.xmlError, "'slots' is a number above 0")
    }
    let size = try ScaledSize.kibibytes(element) ?? 0
    guard size >= memory else { throw element.wrong(.xmlError, "it is less than <memory>: \(size) of \(memory) KiB") }
    return MemoryLimit(size: size, slots: slots)
  }

  /// What the guest's cells have together; nil without cells.
  private func cellMemory() throws(VirtError) -> UInt64? {
    guard let cells = root.first("cpu")?.first("numa")?.all("cell"), !cells.isEmpty else { return nil }
    var sum: UInt64 = 0
    for cell in cells {
      guard let memory = cell["memory"] else { return nil }
      sum = sum.addingReportingOverflow(try ScaledSize.kibibytes(memory, of: cell)).partialValue
    }
    return sum
  }

  private func readProcessors() throws(VirtError) -> (most: UInt32, current: UInt32, placement: [XMLAttribute]) {
    let list = root.first("vcpus")
    guard let element = root.first("vcpu") else {
      if let list { try Self.check(list, most: 1) }
      return (1, 1, [])
    }
    let text = element.text
    guard let most = UInt32(number: text) else { throw element.wrong(.xmlError, "this is no number of processors: '\(text)'") }
    if let list { try Self.check(list, most: most) }
    guard most > 0 else { throw element.wrong(.internalError, "a domain needs a processor") }
    guard let current = element["current"].map({ UInt32($0) }) ?? most, current > 0 else {
      throw element.noSuchValue("current", element["current"] ?? "", .xmlError, .domain)
    }
    let single = list.map { UInt32(clamping: $0.all("vcpu").filter { $0.has("enabled", "yes") }.count) }
    if let single, single > 0, single < most, element["current"] == nil { return (most, single, []) }
    guard current <= most else {
      throw element.wrong(.configUnsupported, "'current' is \(most) at most, not \(current)")
    }
    if element.attributeCount == (element["current"] == nil ? 0 : 1) { return (most, current, []) }
    let placed = DocumentGrammar.domain["vcpu"].arranged(element)
    var placement = try NumberSet.arranged("cpuset", of: placed).attributes.filter { $0.name != "current" }
    if placement == Self.plainPlacement { placement = [] }
    if !placement.isEmpty, element["placement"] == nil { placement.insert(Self.plainPlacement[0], at: 0) }
    return (most, current, placement)
  }

  /// Refuses single processors that are not there, or that are off and stay so.
  private static func check(_ list: XMLElement, most: UInt32) throws(VirtError) {
    for processor in list.elements where processor.isNamed("vcpu") {
      guard let id = processor["id"].flatMap({ UInt32($0) }), id < most else {
        throw processor.wrong(.xmlError, "there is no processor \(processor["id"] ?? "")")
      }
      guard !processor.has("enabled", "no") || !processor.has("hotpluggable", "no") else {
        throw processor.wrong(.configUnsupported, "what cannot be plugged in is there from the beginning")
      }
    }
  }

  private static let automaticNodes = XMLElement(
    "numatune", [], [.element(XMLElement("memory", [XMLAttribute("mode", "strict"), XMLAttribute("placement", "auto")]))])
  private static let plainPlacement = [XMLAttribute("placement", "static")]
}

extension DomainReader {
  /// The hardware, and what applications keep with the domain.
  private mutating func hardware(
    _ context: ModelContext, processors: UInt32, memory: UInt64, _ uuid: UUID
  ) throws(VirtError) -> (DomainHardware, XMLElement?) {
    for (index, element) in tuning.enumerated().reversed() where element.isNamed("memoryBacking") {
      if let complete = try PlatformReader.memory(element, cells: cellCount) {
        tuning[index] = complete
      } else {
        tuning.remove(at: index)
      }
    }
    for index in tuning.indices where tuning[index].isNamed("memtune") { tuning[index] = try inKibibytes(tuning[index]) }
    if !tuning.isEmpty { tuning = try SettingsReader.limits(tuning) }
    if !placement.isEmpty {
      placement = try SettingsReader.placement(
        placement, processors: processors, cells: cellCount)
    }
    if !power.isEmpty { power = try SettingsReader.power(power) }
    if !other.isEmpty { other = try SecurityReader.complete(other) }
    var complete: [XMLElement] = []
    for element in platform {
      if let element = try PlatformReader.complete(element, processors: processors) { complete.append(element) }
    }
    platform = complete
    platform.append(try readClock())
    let generation = root.first("genid").map { $0.isEmpty ? XMLElement("genid", text: "\(UUID.random())") : $0 }
    if let generation, UUID(generation.text) == nil {
      throw generation.wrong(.internalError, "this is no UUID: '\(generation.text)'")
    }
    for element in placement where element.isNamed("sysinfo") { try PlatformReader.checkTables(element, uuid) }
    let os = root.first("os")
    let devices = try DeviceReader.read(root, context.with(system: os?.first("type")?.text))
    try DomainChecks.check(devices, memory: memory, platform: platform)
    var system = try OperatingSystem.read(
      os, of: root, context: context, hasBootLoader: placement.contains { $0.isNamed("bootloader") && $0.hasText })
    if DomainChecks.ordersBoot(devices) {
      guard os?.first("boot") == nil else {
        throw root.part("os", .configUnsupported, "devices or the system say in which order to boot, not both", .domain)
      }
      system.boot = []
    }
    let hardware = DomainHardware(
      generation: generation, tuning: DocumentGrammar.domain.arranged(tuning),
      placement: DocumentGrammar.domain.arranged(placement),
      system: system, platform: DocumentGrammar.domain.arranged(platform), actions: readActions(),
      power: DocumentGrammar.domain.arranged(power), devices: devices, other: DocumentGrammar.domain.arranged(other))
    let metadata = root.first("metadata").flatMap { $0.elements.contains { _ in true } ? $0.declaring(from: root) : nil }
    return (hardware, metadata)
  }

  /// How many memory nodes the guest has.
  private var cellCount: Int { root.first("cpu")?.first("numa")?.count("cell") ?? 0 }

  private func readClock() throws(VirtError) -> XMLElement {
    guard let clock = root.first("clock") else { return DomainHardware.plainClock }
    let offset = clock.nonempty("offset") ?? "utc"
    return try PlatformReader.clock(clock.saying("offset", offset), offset: offset)
  }

  private func readActions() -> LifecycleActions {
    var actions = LifecycleActions()
    actions.powerOff = root.nonemptyText("on_poweroff")
    actions.reboot = root.nonemptyText("on_reboot")
    actions.crash = root.nonemptyText("on_crash")
    return actions
  }

  private func inKibibytes(_ element: XMLElement) throws(VirtError) -> XMLElement {
    var content: [XMLContent] = []
    for below in element.elements {
      guard let size = try ScaledSize.kibibytes(below) else { continue }
      content.append(.element(XMLElement(below.name, [XMLAttribute("unit", "KiB")], [.text("\(size)")])))
    }
    return element.with(content: content)
  }
}

internal import VirtCore
internal import VirtXML

/// Checks what a document says about limits, placement and counted events, and fills in what it leaves out.
enum SettingsReader {
  private static func missing(_ attribute: StaticString, _ element: XMLElement) -> VirtError {
    VirtError(.xmlError, .xml, "", "<\(element.name)> needs '\(attribute)' (line \(element.line))")
  }

  private static func required(_ attribute: StaticString, _ element: XMLElement) throws(VirtError) -> String {
    guard let value = element[attribute] else { throw missing(attribute, element) }
    return value
  }

  /// A number that is not 0.
  private static func identifier(_ attribute: StaticString, _ element: XMLElement) throws(VirtError) -> UInt32 {
    guard let number = UInt32(try required(attribute, element)), number > 0 else {
      throw VirtError(.xmlError, .xml, "", "'\(attribute)' of <\(element.name)> is a number above 0 (line \(element.line))")
    }
    return number
  }

  /// The elements between processors and operating system.
  static func placement(_ elements: [XMLElement], processors: UInt32, hasCells: Bool) throws(VirtError) -> [XMLElement] {
    let threads = try threads(elements)
    var result: [XMLElement] = []
    let (count, list) = threads.elements
    result += [count, list].compactMap { $0 }
    for element in elements {
      if element.isNamed("iothreads") || element.isNamed("iothreadids") { continue }
      if element.isNamed("cputune") {
        if let complete = try pins(element, threads, processors) { result.append(complete) }
      } else if element.isNamed("numatune") {
        if let complete = try nodes(element, hasCells: hasCells) { result.append(complete) }
      } else {
        result.append(element)
      }
    }
    return result
  }

  private static func threads(_ elements: [XMLElement]) throws(VirtError) -> IOThreads {
    let count = elements.first { $0.isNamed("iothreads") }, list = elements.first { $0.isNamed("iothreadids") }
    if let count {
      guard let number = UInt32(count.text), number <= IOThreads.limit else {
        throw VirtError(.xmlError, .domain, "this is no number of I/O threads: ", count)
      }
    }
    var seen: Set<UInt32> = []
    for element in list.map({ Array($0.elements) }) ?? [] where element.isNamed("iothread") {
      let id = try identifier("id", element)
      guard seen.insert(id).inserted else { throw VirtError(.xmlError, .domain, "two I/O threads have the id", "\(id)") }
    }
    return IOThreads(count: count, list: list)
  }

  private static func pins(_ tune: XMLElement, _ threads: IOThreads, _ processors: UInt32) throws(VirtError) -> XMLElement? {
    var result: [XMLElement] = []
    var seen: Set<String> = []
    for element in tune.elements {
      guard try !isIdle(element) else { continue }
      guard element.isNamed("vcpupin") || element.isNamed("emulatorpin") || element.isNamed("iothreadpin") else {
        result.append(element)
        continue
      }
      var key = element.name
      if element.isNamed("vcpupin") {
        let text = try required("vcpu", element)
        guard let number = UInt32(text) else { throw missing("vcpu", element) }
        // Pins of processors that are not there mean nothing.
        if number >= processors { continue }
        key += " \(number)"
      } else if element.isNamed("iothreadpin") {
        let id = try identifier("iothread", element)
        guard threads.index(id) != nil else { throw VirtError(.configUnsupported, .domain, "there is no I/O thread", "\(id)") }
        key += " \(id)"
      }
      guard let text = element["cpuset"] else { throw VirtError(.internalError, .domain, "a pin needs 'cpuset': ", element) }
      let set = try NumberSet.read(text)
      guard seen.insert(key).inserted else {
        let isEmulator = element.isNamed("emulatorpin")
        throw VirtError(isEmulator ? .xmlError : .internalError, .domain, "pinned twice:", key)
      }
      result.append(element.setting("cpuset", set.text))
    }
    return tune.with(content: ThreadPin.ordered(result, threads).map { .element($0) }).unlessEmpty
  }

  /// Shares and times, and what they can be.
  private static let ranges: [(suffix: String, range: ClosedRange<Int64>, isSigned: Bool)] = [
    ("shares", 2...262_144, false), ("period", 1000...1_000_000, false), ("quota", 1000...17_592_186_044_415, true),
  ]

  /// Whether a number says nothing; checks that it is one.
  private static func isIdle(_ element: XMLElement) throws(VirtError) -> Bool {
    let name = element.name
    guard let known = ranges.first(where: { name == $0.suffix || (name.hasSuffix("_" + $0.suffix) && $0.suffix != "shares") })
    else {
      return false
    }
    let text = element.text
    if text.isEmpty { return true }
    guard let number = Int64(text), known.isSigned || number >= 0 else {
      throw VirtError(.xmlError, .domain, "<\(name)> is a number: ", element)
    }
    if number == 0 { return known.suffix != "shares" }
    guard number < 0 || known.range.contains(number) else {
      throw VirtError(
        .configUnsupported, .domain, "", "<\(name)> is \(known.range.lowerBound) to \(known.range.upperBound), not \(text)")
    }
    return false
  }

  private static func nodes(_ tune: XMLElement, hasCells: Bool) throws(VirtError) -> XMLElement? {
    guard hasCells || tune.first("memnode") == nil else {
      throw VirtError(.xmlError, .domain, "the guest has no cells for <memnode>", "line \(tune.line)")
    }
    guard let memory = tune.first("memory"), memory.attributeCount > 0 || !memory.isEmpty else {
      return tune.filtered { !$0.isNamed("memory") }.unlessEmpty
    }
    if let mode = memory["mode"], !NodePlacement.modes.contains(mode) {
      throw VirtError(.configUnsupported, .domain, "memory of nodes has no mode", mode)
    }
    var complete = memory
    if memory["mode"] == nil { complete = complete.setting("mode", NodePlacement.modes[0]) }
    if let text = memory["nodeset"] { complete = complete.setting("nodeset", try NumberSet.read(text).text) }
    if memory["placement"] != "auto" {
      guard memory["nodeset"] != nil else {
        throw VirtError(.configUnsupported, .domain, "memory of nodes needs a 'nodeset'")
      }
      complete = complete.setting("placement", nil)
    }
    return tune.replacing("memory", with: complete)
  }

  /// The elements before the processors; sizes are in KiB already.
  static func limits(_ elements: [XMLElement]) throws(VirtError) -> [XMLElement] {
    var result: [XMLElement] = []
    for element in elements {
      if element.isNamed("memtune") {
        let kept = element.filtered { below in UInt64(below.text).map { $0 < MemoryLimits.unlimited } ?? true }
        if let kept = kept.unlessEmpty { result.append(kept) }
      } else if element.isNamed("blkiotune") {
        if let kept = try weights(element) { result.append(kept) }
      } else {
        result.append(element)
      }
    }
    return result
  }

  private static func weights(_ tune: XMLElement) throws(VirtError) -> XMLElement? {
    var paths: Set<String> = []
    for device in tune.elements where device.isNamed("device") {
      guard let path = device.first("path")?.text, !path.isEmpty else {
        throw VirtError(.configUnsupported, .domain, "a block device needs a <path>", "line \(device.line)")
      }
      guard paths.insert(path).inserted else { throw VirtError(.configUnsupported, .domain, "two devices have the path", path) }
    }
    let kept = tune.filtered { below in
      if below.isNamed("weight") { return UInt64(below.text) ?? 0 != 0 }
      if below.isNamed("device") { return BlockWeights.fields.contains { below.first($0.element) != nil } }
      return true
    }
    return kept.unlessEmpty
  }

  /// The elements between what happens at the guest's end and the devices.
  static func power(_ elements: [XMLElement]) throws(VirtError) -> [XMLElement] {
    var result: [XMLElement] = []
    for element in elements {
      if !element.isNamed("perf") {
        result.append(element)
      } else if let complete = try events(element) {
        result.append(complete)
      }
    }
    return result
  }

  /// A security label; who chose it decides whether files are labelled anew.
  static func label(_ element: XMLElement) -> XMLElement {
    guard element["relabel"] == nil, let type = element["type"], type != "none" else { return element }
    return element.setting("relabel", type == "dynamic" ? "yes" : "no")
  }

  private static func events(_ element: XMLElement) throws(VirtError) -> XMLElement? {
    var seen: Set<String> = []
    for event in element.elements where event.isNamed("event") {
      let name = try required("name", event), state = try required("enabled", event)
      guard PerformanceEvents.names.contains(name), state == "yes" || state == "no" else {
        throw VirtError(.xmlError, .xml, "there is no such event or state", "\(name) \(state)")
      }
      guard seen.insert(name).inserted else { throw VirtError(.xmlError, .domain, "an event is mentioned twice:", name) }
    }
    return element.with(content: PerformanceEvents.ordered(Array(element.elements)).map { .element($0) }).unlessEmpty
  }
}

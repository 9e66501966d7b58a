internal import VirtCore
internal import VirtXML

/// Checks what a document says about limits, placement and counted events, and fills in what it leaves out.
enum SettingsReader {
  private static func missing(_ attribute: StaticString, _ element: XMLElement) -> VirtError {
    element.wrong(.xmlError, "'\(attribute)' is missing", .xml)
  }

  private static func required(_ attribute: StaticString, _ element: XMLElement) throws(VirtError) -> String {
    guard let value = element[attribute] else { throw missing(attribute, element) }
    return value
  }

  /// A number that is not 0.
  private static func identifier(_ attribute: StaticString, _ element: XMLElement) throws(VirtError) -> UInt32 {
    guard let number = UInt32(try required(attribute, element)), number > 0 else {
      throw element.wrong(.xmlError, "'\(attribute)' is a number above 0", .xml)
    }
    return number
  }

  /// The elements between processors and operating system.
  static func placement(_ elements: [XMLElement], processors: UInt32, cells: @autoclosure () -> Int) throws(VirtError)
    -> [XMLElement]
  {
    let threads = try threads(elements)
    var result: [XMLElement] = []
    let (count, list) = threads.elements
    result += [count, list].compactMap { $0 }
    for element in elements {
      if element.isNamed("iothreads") || element.isNamed("iothreadids") { continue }
      if element.isNamed("cputune") {
        if let complete = try pins(element, threads, processors) { result.append(complete) }
      } else if element.isNamed("numatune") {
        if let complete = try nodes(element, cells: cells()) { result.append(complete) }
      } else {
        if element.isNamed("defaultiothread") { try IOThreads.checkHelpers(element) }
        result.append(element)
      }
    }
    return result
  }

  private static func threads(_ elements: [XMLElement]) throws(VirtError) -> IOThreads {
    let count = elements.first { $0.isNamed("iothreads") }, list = elements.first { $0.isNamed("iothreadids") }
    if let count {
      guard let number = count.isEmpty ? 0 : UInt32(count.text), number <= IOThreads.limit else {
        throw count.wrong(.xmlError, "this is no number of I/O threads: '\(count.text)'")
      }
    }
    var seen: Set<UInt32> = []
    for element in list.map({ Array($0.elements) }) ?? [] where element.isNamed("iothread") {
      let id = try identifier("id", element)
      guard seen.insert(id).inserted else { throw element.wrong(.xmlError, "another I/O thread has the 'id' \(id)") }
      try IOThreads.checkHelpers(element)
    }
    return IOThreads(count: count, list: list)
  }

  private static func pins(_ tune: XMLElement, _ threads: IOThreads, _ processors: UInt32) throws(VirtError) -> XMLElement? {
    var result: [XMLElement] = []
    var seen: Set<String> = []
    var hasOthers = false
    for element in tune.elements {
      guard try !isIdle(element) else { continue }
      guard element.isNamed("vcpupin") || element.isNamed("emulatorpin") || element.isNamed("iothreadpin") else {
        hasOthers = hasOthers || ProcessorShares.isAbout(element)
        result.append(element)
        continue
      }
      var key = element.name
      if element.isNamed("vcpupin") {
        let text = try required("vcpu", element)
        guard let number = UInt32(number: text) else { throw missing("vcpu", element) }
        // Pins of processors that are not there mean nothing.
        if number >= processors { continue }
        key += " \(number)"
      } else if element.isNamed("iothreadpin") {
        let id = try identifier("iothread", element)
        guard threads.index(id) != nil else { throw element.wrong(.configUnsupported, "there is no I/O thread \(id)") }
        key += " \(id)"
      }
      guard element["cpuset"] != nil else { throw element.wrong(.internalError, "'cpuset' is missing") }
      // A call can pin a processor to none, and what the library writes it reads.
      let isPinnedToNone = element.isNamed("vcpupin") && element["cpuset"]?.isEmpty == true
      let pin = isPinnedToNone ? element : try NumberSet.arranged("cpuset", of: element)
      guard seen.insert(key).inserted else {
        let isEmulator = element.isNamed("emulatorpin")
        throw element.wrong(isEmulator ? .xmlError : .internalError, "pinned twice: '\(key)'")
      }
      result.append(pin)
    }
    if hasOthers { try ProcessorShares.check(result, processors: processors, threads) }
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
      throw element.wrong(.xmlError, "this is no number: '\(text)'")
    }
    if number == 0 { return known.suffix != "shares" }
    guard number < 0 || known.range.contains(number) else {
      throw element.wrong(
        .configUnsupported, "it is \(known.range.lowerBound) to \(known.range.upperBound), not \(text)")
    }
    return false
  }

  private static func nodes(_ tune: XMLElement, cells: Int) throws(VirtError) -> XMLElement? {
    let tune = tune.first("memnode") == nil ? tune : try checkedNodes(tune, cells: cells)
    guard let memory = tune.first("memory"), memory.attributeCount > 0 || !memory.isEmpty else {
      return tune.filtered { !$0.isNamed("memory") }.unlessEmpty
    }
    if let mode = memory["mode"], !NodePlacement.modes.contains(mode) {
      throw memory.noSuchValue("mode", mode, .configUnsupported, .domain)
    }
    var complete = try NumberSet.arranged("nodeset", of: memory)
    if memory["mode"] == nil { complete = complete.setting("mode", NodePlacement.modes[0]) }
    if memory["placement"] != "auto" {
      guard memory["nodeset"] != nil else {
        throw memory.wrong(.configUnsupported, "'nodeset' is missing")
      }
      complete = complete.setting("placement", nil)
    }
    return tune.replacing("memory", with: complete)
  }

  /// Checks from which nodes of the host single cells have their memory.
  private static func checkedNodes(_ tune: XMLElement, cells: Int) throws(VirtError) -> XMLElement {
    let memory = tune.first("memory")
    var seen = NumberSet()
    return try tune.replacingElements { (node) throws(VirtError) in
      guard node.isNamed("memnode") else { return node }
      guard memory?.has("placement", "auto") != true else {
        throw node.wrong(.configUnsupported, "memory is placed by the host, or cell by cell")
      }
      guard cells > 0 else { throw node.wrong(.xmlError, "the guest has no cells") }
      guard let cell = node["cellid"].flatMap({ Int($0) }), cell < cells else {
        throw node.wrong(.xmlError, "there is no cell \(node["cellid"] ?? "")")
      }
      guard !seen.contains(cell) else { throw node.wrong(.xmlError, "another one is for the cell \(cell)") }
      seen.formUnion(NumberSet(one: cell))
      guard memory?.has("mode", "restrictive") != true || node.has("mode", "restrictive") else {
        throw node.wrong(.xmlError, "the 'mode' is 'restrictive' like that of <memory>")
      }
      return try NumberSet.arranged("nodeset", of: node)
    }
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
        throw device.wrong(.configUnsupported, "<path> is missing")
      }
      guard paths.insert(path).inserted else { throw device.wrong(.configUnsupported, "another one has the <path> '\(path)'") }
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
        throw event.wrong(.xmlError, "there is no such event or state: '\(name)' '\(state)'", .xml)
      }
      guard seen.insert(name).inserted else { throw event.wrong(.xmlError, "it is mentioned twice: '\(name)'") }
    }
    return element.with(content: PerformanceEvents.ordered(Array(element.elements)).map { .element($0) }).unlessEmpty
  }
}

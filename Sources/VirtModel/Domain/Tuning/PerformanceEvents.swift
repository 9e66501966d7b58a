internal import VirtXML

/// Which events the host's processors count for a domain (`perf`).
package enum PerformanceEvents {
  /// All there are, in the order in which they are written.
  package static let names = [
    "cmt", "mbmt", "mbml", "cpu_cycles", "instructions", "cache_references", "cache_misses", "branch_instructions",
    "branch_misses", "bus_cycles", "stalled_cycles_frontend", "stalled_cycles_backend", "ref_cpu_cycles", "cpu_clock",
    "task_clock", "page_faults", "context_switches", "cpu_migrations", "page_faults_min", "page_faults_maj",
    "alignment_faults", "emulation_faults",
  ]

  /// Those that are counted.
  package static func counted(_ hardware: DomainHardware) -> Set<String> {
    guard let element = hardware.setting("perf", in: .power) else { return [] }
    return Set(element.elements.filter { $0.isNamed("event") && $0.has("enabled", "yes") }.compactMap { $0["name"] })
  }

  /// The hardware with events switched on or off; each of them is then mentioned.
  package static func switching(_ events: [String: Bool], in hardware: DomainHardware) -> DomainHardware {
    let element = hardware.setting("perf", in: .power) ?? XMLElement("perf")
    var elements = element.elements.filter { below in events[below["name"] ?? ""] == nil }
    for (name, isOn) in events {
      elements.append(XMLElement("event", [XMLAttribute("name", name), XMLAttribute("enabled", isOn ? "yes" : "no")]))
    }
    return hardware.changing("perf", in: .power, to: element.with(content: ordered(elements).map { .element($0) }).unlessEmpty)
  }

  /// Events in order, what else there is behind them.
  static func ordered(_ elements: [XMLElement]) -> [XMLElement] {
    var elements = elements
    elements.sort(byRank: { $0["name"].flatMap { names.firstIndex(of: $0) } ?? names.count })
    return elements
  }
}

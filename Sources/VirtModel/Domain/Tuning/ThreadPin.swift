internal import VirtXML

/// A thread of a domain that can be kept to some of the host's processors (`cputune`).
package enum ThreadPin: Sendable, Equatable {
  /// One of the guest's processors.
  case processor(UInt32)
  /// The hypervisor's own threads.
  case emulator
  /// A thread for disk work.
  case ioThread(UInt32)

  private func names(_ element: XMLElement) -> Bool {
    switch self {
    case .processor(let number): element.isNamed("vcpupin") && element["vcpu"] == "\(number)"
    case .emulator: element.isNamed("emulatorpin")
    case .ioThread(let id): element.isNamed("iothreadpin") && element["iothread"] == "\(id)"
    }
  }

  private func element(_ set: NumberSet) -> XMLElement {
    let processors = XMLAttribute("cpuset", set.text)
    return switch self {
    case .processor(let number): XMLElement("vcpupin", [XMLAttribute("vcpu", "\(number)"), processors])
    case .emulator: XMLElement("emulatorpin", [processors])
    case .ioThread(let id): XMLElement("iothreadpin", [XMLAttribute("iothread", "\(id)"), processors])
    }
  }

  /// The processors it is kept to; nil when nothing is said.
  package func processors(in hardware: DomainHardware) -> NumberSet? {
    guard let pin = hardware.setting("cputune", in: .placement)?.elements.first(where: names) else { return nil }
    return NumberSet(pin["cpuset"] ?? "") ?? NumberSet()
  }

  /// The hardware with the thread kept to these processors; nil lets it go.
  package func keeping(to set: NumberSet?, in hardware: DomainHardware) -> DomainHardware {
    let tune = hardware.setting("cputune", in: .placement) ?? XMLElement("cputune")
    var elements = tune.elements.filter { !names($0) }
    if let set { elements.append(element(set)) }
    let changed = tune.with(content: Self.ordered(elements, IOThreads(hardware)).map { .element($0) })
    return hardware.changing("cputune", in: .placement, to: changed.unlessEmpty)
  }

  /// Elements in order, pins of processors by their numbers, those of threads as the threads are.
  static func ordered(_ elements: [XMLElement], _ threads: IOThreads) -> [XMLElement] {
    var elements = elements
    var places: [UInt32: Int] = [:]
    for (place, thread) in threads.threads.enumerated() { places[thread.id] = place }
    elements.sort(byRank: { element in
      let own: Int? =
        if element.isNamed("vcpupin") {
          element["vcpu"].flatMap { UInt32($0) }.map { Int($0) }
        } else if element.isNamed("iothreadpin") {
          element["iothread"].flatMap { UInt32($0) }.flatMap { places[$0] }
        } else {
          nil
        }
      return DocumentGrammar.cputune.place(element) << 32 | (own ?? 0)
    })
    return elements
  }
}

package import VirtXML

/// Where in a domain's document its settings stand, apart from those of devices.
package enum SettingsPlace: Sendable {
  /// Limits of memory and of block devices, before the processors.
  case limits
  /// Threads, pinning and nodes, behind the processors.
  case placement
  /// What stands between what happens when the guest ends and the devices.
  case power

  /// Where these and other parts that definitions keep as elements stand in the order of a domain's document.
  struct Ranges {
    let limits: Range<Int>, placement: Range<Int>, platform: Range<Int>, power: Range<Int>
    let clock: Int, devices: Int

    fileprivate init(_ place: (StaticString) -> Int) {
      limits = place("currentMemory") + 1..<place("vcpu")
      placement = place("vcpu") + 1..<place("os")
      platform = place("os") + 1..<place("on_poweroff")
      power = place("on_crash") + 1..<place("devices")
      (clock, devices) = (place("clock"), place("devices"))
    }
  }

  static let ranges = Ranges(DocumentGrammar.domain.place)
}

extension DomainHardware {
  private func elements(_ place: SettingsPlace) -> [XMLElement] {
    switch place {
    case .limits: tuning
    case .placement: placement
    case .power: power
    }
  }

  /// The element of that name among the settings.
  package func setting(_ name: StaticString, in place: SettingsPlace) -> XMLElement? {
    elements(place).first { $0.isNamed(name) }
  }

  /// The same hardware with an element among the settings replaced, added or, with nil, taken away.
  package func changing(_ name: StaticString, in place: SettingsPlace, to element: XMLElement?) -> DomainHardware {
    var elements = elements(place)
    let index = elements.firstIndex { $0.isNamed(name) }
    switch (index, element) {
    case (let index?, let element?): elements[index] = element
    case (let index?, nil): elements.remove(at: index)
    case (nil, let element?): elements.append(element)
    case (nil, nil): return self
    }
    elements.sort(byRank: { DocumentGrammar.domain.place($0) })
    switch place {
    case .limits: return copy(tuning: elements)
    case .placement: return copy(placement: elements)
    case .power: return copy(power: elements)
    }
  }

  /// The same hardware with a device described otherwise.
  package func changing(deviceAt index: Int, to element: XMLElement) -> DomainHardware {
    guard devices.indices.contains(index) else { return self }
    var devices = devices
    devices[index].element = element
    return copy(devices: devices)
  }

  /// The same hardware with other parts.
  func copy(
    tuning: [XMLElement]? = nil, placement: [XMLElement]? = nil, platform: [XMLElement]? = nil, actions: LifecycleActions? = nil,
    power: [XMLElement]? = nil, devices: [Device]? = nil
  ) -> DomainHardware {
    DomainHardware(
      generation: generation, tuning: tuning ?? self.tuning, placement: placement ?? self.placement, system: system,
      platform: platform ?? self.platform, actions: actions ?? self.actions, power: power ?? self.power,
      devices: devices ?? self.devices,
      other: other)
  }

  /// The element of that name behind the devices.
  package func other(_ name: StaticString) -> XMLElement? { other.first { $0.isNamed(name) } }
}

extension XMLElement {
  /// The same element with the first one of that name below replaced, added at its place or, with nil, taken away.
  func changing(_ name: StaticString, to element: XMLElement?, in grammar: DocumentGrammar) -> XMLElement {
    if let element { return grammar.arranged(replacing(name, with: element)) }
    var isGone = false
    return filtered { below in
      guard !isGone, below.isNamed(name) else { return true }
      isGone = true
      return false
    }
  }

  /// The same element with the text of one below set, or with nil taken away.
  func changing(_ name: StaticString, text: String?, in grammar: DocumentGrammar) -> XMLElement {
    changing(name, to: text.map { XMLElement("\(name)", text: $0) }, in: grammar)
  }

  /// The element, unless nothing stands in it.
  var unlessEmpty: XMLElement? { isEmpty ? nil : self }
}

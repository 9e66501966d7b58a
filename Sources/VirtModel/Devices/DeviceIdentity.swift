package import VirtXML

/// What tells a device from others of its kind.
struct DeviceIdentity {
  /// An attribute of the device itself or of an element in it, the text of one, or one as a whole.
  enum Part {
    case attribute(StaticString)
    case within(StaticString, StaticString)
    case text(StaticString)
    case whole(StaticString)
  }

  let parts: [Part]

  /// The parts of a kind; nil where there is one device of it at most.
  init(_ kind: DeviceKind) {
    parts =
      switch kind {
      case .disk: [.within("target", "dev")]
      case .controller: [.attribute("type"), .attribute("index")]
      case .lease: [.text("lockspace"), .text("key")]
      case .filesystem: [.within("target", "dir")]
      case .sound, .panic, .iommu: [.attribute("model")]
      case .input: [.attribute("type"), .attribute("bus")]
      case .hostdev: [.attribute("mode"), .attribute("type"), .whole("source")]
      case .redirdev: [.attribute("bus"), .attribute("type"), .whole("source")]
      case .serial, .parallel, .console, .channel: [.attribute("type"), .whole("target")]
      case .rng: [.attribute("model"), .whole("backend")]
      case .memory: [.attribute("model"), .whole("source"), .whole("target")]
      case .shmem: [.attribute("name"), .whole("model"), .whole("size")]
      case .watchdog: [.attribute("model"), .attribute("action")]
      case .vsock: [.attribute("model"), .within("cid", "address")]
      case .graphics: [.attribute("type")]
      default: []
      }
  }

  /// Whether two elements are the same device.
  func isSame(_ one: XMLElement, _ other: XMLElement) -> Bool {
    parts.allSatisfy { part in
      switch part {
      case .attribute(let name): one[name] == other[name]
      case .within(let element, let name): one.first(element)?[name] == other.first(element)?[name]
      case .text(let element): one.first(element)?.text == other.first(element)?.text
      case .whole(let element): one.first(element) == other.first(element)
      }
    }
  }
}

extension DomainHardware {
  /// The place of the first device that is the same as another one.
  package func index(of device: Device) -> Int? {
    let identity = DeviceIdentity(device.kind)
    return devices.firstIndex { $0.kind == device.kind && identity.isSame($0.element, device.element) }
  }

  /// The place of the first device with an alias.
  package func index(ofAlias alias: String) -> Int? {
    devices.firstIndex { $0.alias == alias }
  }

  /// The places of the interfaces that a description fits: its hardware address, its place and its alias, where it has them.
  ///
  /// - Parameter isNamed: Whether the alias counts.
  package func interfaces(like described: XMLElement, named isNamed: Bool) -> [Int] {
    let mac = described.first("mac")?["address"]?.lowercased()
    let address = described.first("address").flatMap { $0["type"] == nil ? nil : $0 }
    let alias = isNamed ? described.first("alias")?["name"] : nil
    return devices.indices.filter { index in
      let device = devices[index]
      guard device.kind == .interface else { return false }
      return (mac == nil || device.element.first("mac")?["address"]?.lowercased() == mac)
        && (address == nil || device.element.first("address") == address)
        && (alias == nil || !Device.isUserAlias(alias ?? "") || device.alias == alias)
    }
  }
}

extension Device {
  /// The name by which the hypervisor knows it.
  package var alias: String? { element.first("alias")?["name"] }

  /// Whether an alias is one that a user may choose: with `ua-` in front, of letters, digits, underscores and hyphens.
  package static func isUserAlias(_ alias: String) -> Bool {
    alias.hasPrefix("ua-")
      && alias.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
          UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }

  /// The same device with an alias, or without one.
  package func named(_ alias: String?) -> Device {
    let named = alias.map { XMLElement("alias", [XMLAttribute("name", $0)]) }
    return Device(kind: kind, element: element.changing("alias", to: named, in: kind.parts))
  }
}

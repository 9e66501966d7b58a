internal import VirtCore
internal import VirtXML

/// What devices of one domain must not be together.
struct DeviceChecks {
  let devices: [Device]

  init(_ devices: [Device]) { self.devices = devices }

  /// What occurs once; a few of them are looked through one by one.
  private struct Names<Name: Hashable> {
    private var few: [Name] = []
    private var many: Set<Name> = []

    /// Adds one; false when it is there.
    mutating func insert(_ name: Name) -> Bool {
      if many.isEmpty {
        if few.contains(name) { return false }
        few.append(name)
        if few.count > 12 { many = Set(few) }
        return true
      }
      return many.insert(name).inserted
    }
  }

  /// Refuses devices that contradict each other.
  func check() throws(VirtError) {
    var aliases = Names<String>(), targets = Names<String>(), controllers = Names<String>(), sounds = Names<String>()
    var panics = Names<String>(), orders = Names<String>(), hosts = Names<HostDevice.Identity>(), drives = DrivePlaces()
    var counts = [Int](repeating: 0, count: DeviceKind.allCases.count)
    for device in devices {
      let element = device.element
      counts[device.kind.rawValue] += 1
      if counts[device.kind.rawValue] == 2, let error = Self.single(device.kind) {
        throw element.wrong(error.code, "there is one such device", error.domain)
      }
      switch device.kind {
      case .disk:
        guard targets.insert(Disk.target(element)) else {
          throw element.wrong(.xmlError, "another disk is '\(Disk.target(element))'")
        }
        try drives.insert(device)
      case .interface where element.has("type", "hostdev"), .hostdev:
        guard HostDevice.Identity(of: device).map({ hosts.insert($0) }) != false else {
          throw element.wrong(.xmlError, "another one is the same device of the host")
        }
        if device.kind == .hostdev { try drives.insert(device) }
      case .controller:
        // Companions of one USB controller share its number.
        guard !element.has("type", "usb") else { break }
        guard controllers.insert((element["type"] ?? "") + (element["index"] ?? "")) else {
          throw element.wrong(.xmlError, "another controller has the number \(element["index"] ?? "")")
        }
      case .panic:
        guard panics.insert(element["model"] ?? "") else { throw element.wrong(.xmlError, "another one has this model") }
      case .audio:
        guard let id = element["id"] else { break }
        guard sounds.insert(id) else { throw element.wrong(.xmlError, "another one has the number \(id)") }
      case .console:
        if device.isSerialConsole, counts[device.kind.rawValue] > 1 {
          throw element.wrong(.configUnsupported, "only the first console is a serial line")
        }
        // The first console shares the alias of its serial line.
        continue
      default: break
      }
      if Self.boots(device.kind), let boot = element.first("boot") {
        if let order = boot["order"], !orders.insert(order) {
          throw element.wrong(.configUnsupported, "another device has the boot order \(order)")
        }
        if let parameter = boot["loadparm"], !Self.isLoadParameter(parameter) {
          throw boot.wrong(.internalError, "'loadparm' is one to eight letters, digits, points and spaces: '\(parameter)'")
        }
      }
      if let alias = device.alias, !aliases.insert(alias) {
        throw element.wrong(.configUnsupported, "another device has the alias '\(alias)'")
      }
    }
    if counts[DeviceKind.controller.rawValue] > 0 { try Controller.check(devices) }
    try checkReferences(counts)
  }

  /// Whether guests boot from devices of the kind.
  private static func boots(_ kind: DeviceKind) -> Bool {
    switch kind {
    case .disk, .interface, .hostdev, .redirdev, .filesystem: true
    default: false
    }
  }

  private static func isLoadParameter(_ text: String) -> Bool {
    (1...8).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == 0x2e || byte == 0x20
      }
  }

  /// Refuses what refers to a device that is not there.
  private func checkReferences(_ counts: [Int]) throws(VirtError) {
    if devices.contains(where: { $0.kind == .sound && $0.element.first("audio") != nil }) {
      let known = Set(devices.compactMap { $0.kind == .audio ? $0.element["id"] : nil })
      for sound in devices where sound.kind == .sound {
        if let id = sound.element.first("audio")?["id"], !known.contains(id) {
          throw sound.element.wrong(.xmlError, "there is no <audio> with the number \(id)")
        }
      }
    }
    if counts[DeviceKind.redirdev.rawValue] > 0, let redirected = devices.first(where: { $0.kind == .redirdev }) {
      guard devices.contains(where: { $0.kind == .controller && $0.element.has("type", "usb") && $0.element["model"] != "none" })
      else {
        throw redirected.element.wrong(.configUnsupported, "there is no USB controller")
      }
    }
  }

  /// The error of a second device, for the kinds of which there is one.
  private static func single(_ kind: DeviceKind) -> (code: ErrorCode, domain: ErrorDomain)? {
    switch kind {
    case .memballoon, .nvram, .redirfilter: (.internalError, .domain)
    case .vsock: (.xmlError, .domain)
    default: nil
    }
  }
}

/// Places on buses of drives, of which each is one device's.
private struct DrivePlaces {
  private var taken: [(bus: Int, address: XMLElement)] = []
  private static let buses: [StaticString] = ["scsi", "fdc", "ide", "sata"]

  /// Adds a disk, or a device of the host that is one.
  mutating func insert(_ device: Device) throws(VirtError) {
    let element = device.element
    guard let address = element.first("address"), address.has("type", "drive") else { return }
    let bus: Int?
    if device.kind == .disk {
      let target = element.first("target")
      bus = Self.buses.firstIndex { target?.has("bus", $0) == true }
    } else {
      bus = element.has("type", "scsi") ? 0 : nil
    }
    guard let bus else { return }
    guard !taken.contains(where: { $0.bus == bus && Self.isSame($0.address, address) }) else {
      throw element.wrong(.configUnsupported, "another one has its <address>")
    }
    taken.append((bus, address))
  }

  private static func isSame(_ one: XMLElement, _ other: XMLElement) -> Bool {
    (["unit", "target", "bus", "controller"] as [StaticString]).allSatisfy { (one[$0] ?? "0") == (other[$0] ?? "0") }
  }
}

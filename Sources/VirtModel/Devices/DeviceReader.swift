internal import VirtCore
internal import VirtXML

/// Reads the devices of one domain: fills in what documents leave out, and adds what devices imply.
struct DeviceReader {
  let context: ModelContext
  private(set) var devices: [Device] = []
  /// How many devices of each kind there are so far.
  private var counts = [Int](repeating: 0, count: DeviceKind.allCases.count)
  /// The next port of serial and of parallel lines.
  private var nextPorts: [DeviceKind: Int] = [:]

  init(_ context: ModelContext) { self.context = context }

  /// Reads the `devices` elements of a domain, of which there is one as a rule.
  static func read(_ domain: XMLElement, _ context: ModelContext) throws(VirtError) -> [Device] {
    var reader = DeviceReader(context)
    var hasSome = false
    for element in domain.elements where element.isNamed("devices") {
      for below in element.elements { try reader.add(below) }
      hasSome = hasSome || !element.isEmpty
    }
    guard hasSome else { return [] }
    try reader.complete()
    try DeviceChecks(reader.devices).check()
    return reader.devices
  }

  /// Reads one device that is to stand beside others.
  static func readOne(
    _ element: XMLElement, beside devices: [Device], _ context: ModelContext
  ) throws(VirtError) -> Device {
    let kind = DeviceKind(element.name)
    guard kind != .unknown, kind != .emulator, kind != .redirfilter else {
      throw element.wrong(.configUnsupported, "there are no such devices")
    }
    try kind.parts.check(element)
    var reader = DeviceReader(context)
    for device in devices { reader.count(device) }
    try reader.add(element)
    guard let device = reader.devices.first else { throw element.wrong(.xmlError, "it says nothing") }
    guard kind == .controller, device.element["index"] == nil else { return device }
    reader.devices = devices + [device]
    Controller.number(&reader.devices)
    return reader.devices.last ?? device
  }

  /// Adds a device that was read to others, and what it implies.
  static func adding(_ device: Device?, to devices: [Device], _ context: ModelContext) throws(VirtError) -> [Device] {
    var reader = DeviceReader(context)
    reader.devices = devices
    if let device { reader.place(device) }
    try reader.complete()
    return reader.devices
  }

  /// Counts a device that is there.
  private mutating func count(_ device: Device) {
    counts[device.kind.rawValue] += 1
    guard device.kind == .serial || device.kind == .parallel else { return }
    let port = device.element.first("target")?["port"].flatMap { Int($0) } ?? 0
    nextPorts[device.kind] = max(nextPorts[device.kind, default: 0], port &+ 1)
  }

  private mutating func add(_ read: XMLElement) throws(VirtError) {
    let kind = DeviceKind(read.name)
    var element = read
    if let alias = element.first("alias")?["name"], !Device.isUserAlias(alias) { element = element.without("alias") }
    let address = kind == .unknown ? nil : element.first("address")
    if let address { element = try DeviceAddress.complete(element, address) }
    guard let complete = try complete(element, kind) else { return }
    if let address { try DeviceAddress.check(address, of: complete, kind) }
    try VirtioOptions.check(complete, kind)
    let device = Device(kind: kind, element: kind.arranged(complete))
    count(device)
    place(device)
  }

  private mutating func place(_ device: Device) {
    guard device.kind == .controller else { return devices.append(device) }
    devices.insert(device, at: Controller.place(of: device.element, among: devices))
  }

  /// A device with what its document leaves out; nil when it says nothing.
  private func complete(_ element: XMLElement, _ kind: DeviceKind) throws(VirtError) -> XMLElement? {
    let number = counts[kind.rawValue]
    switch kind {
    case .emulator: return number > 0 || element.isEmpty ? nil : element
    case .disk: return try Disk.complete(element)
    case .controller: return try Controller.complete(element)
    case .filesystem: return try FileSystem.complete(element)
    case .interface: return try NetworkInterface.complete(element, number: number, context)
    case .smartcard: return try SmartCard.complete(element)
    case .serial, .parallel: return try CharacterDevice.completeLine(element, port: nextPorts[kind, default: 0])
    case .console: return try CharacterDevice.completeConsole(element, number: number)
    case .channel: return try CharacterDevice.completeChannel(element)
    case .input: return try Input.complete(element)
    case .tpm: return try TrustedPlatformModule.complete(element)
    case .graphics: return try Graphics.complete(element)
    case .video: return try Video.complete(element, context)
    case .hostdev: return try HostDevice.complete(element)
    case .redirdev: return try CharacterDevice.completeRedirection(element)
    case .redirfilter:
      try RedirectionFilter.check(element)
      return element.isEmpty ? nil : element
    case .watchdog: return element.defaulting("action", "reset")
    case .memballoon: return Balloon.complete(element)
    case .rng: return try RandomNumbers.complete(element)
    case .panic: return element.saysSomething ? element : nil
    case .shmem: return try SharedMemory.complete(element)
    case .memory: return try MemoryDevice.complete(element)
    case .iommu: return try AddressTranslation.complete(element)
    case .vsock: return try VirtualSocket.complete(element)
    case .lease, .sound, .audio, .nvram, .crypto, .pstore, .hub, .unknown: break
    }
    return element
  }

  // MARK: - All together

  /// What follows from all devices together, and their order.
  private mutating func complete() throws(VirtError) {
    Controller.number(&devices)
    addConsoles()
    try addVideo()
    placeOnControllers()
    addControllers()
    devices.sort(byRank: { $0.kind.rawValue })
    try arrange(.disk) { disks in Disk.sort(disks) }
    try arrange(.video) { (videos) throws(VirtError) in try Video.arrange(videos) }
  }

  /// Gives the devices of a kind, which stand together, another order.
  private mutating func arrange(_ kind: DeviceKind, _ order: ([Device]) throws(VirtError) -> [Device]) throws(VirtError) {
    guard counts[kind.rawValue] != 1 || kind == .video, let first = devices.firstIndex(where: { $0.kind == kind }) else { return }
    let end = devices[first...].firstIndex { $0.kind != kind } ?? devices.endIndex
    devices.replaceSubrange(first..<end, with: try order(Array(devices[first..<end])))
  }

  /// The first console is the first serial line, seen as a console: where one stands, the other stands too.
  private mutating func addConsoles() {
    guard context.showsLine else { return }
    let serial = devices.firstIndex { $0.kind == .serial }
    let console = devices.firstIndex { $0.kind == .console }
    let isSerial = console.map { devices[$0].isSerialConsole } ?? false
    if let serial {
      let line = devices[serial].element
      guard CharacterDevice.isShown(line) else { return }
      if let console, isSerial, CharacterDevice.isPlainTwin(devices[console].element, of: line) { return }
      let port = line.first("target")?["port"] ?? "0"
      let target = CharacterDevice.serialTarget(port)
      let seen = Device(kind: .console, element: CharacterDevice.seen(line, as: "console", target: target))
      if let console, isSerial {
        if devices[console].element != seen.element { devices[console] = seen }
        return
      }
      devices.insert(seen, at: console ?? devices.endIndex)
      return
    }
    guard let console, isSerial else { return }
    let target = XMLElement("target", [XMLAttribute("port", "0")])
    let line = CharacterDevice.seen(devices[console].element, as: "serial", target: target)
    devices.append(Device(kind: .serial, element: line))
    // What a line has of its own is not the console's.
    guard devices[console].element.first("target")?.isEmpty == false else { return }
    devices[console].element = CharacterDevice.seen(line, as: "console", target: CharacterDevice.serialTarget("0"))
  }

  /// Graphics need something to show.
  private mutating func addVideo() throws(VirtError) {
    guard devices.contains(where: { $0.kind == .graphics }), !devices.contains(where: { $0.kind == .video }) else { return }
    devices.append(Device(kind: .video, element: try Video.complete(XMLElement("video"), context)))
  }

  /// Readers of smart cards, and SCSI devices of the host, get the next free places.
  private mutating func placeOnControllers() {
    var slot = 0, unit = 0
    var taken: Set<Int>?
    for place in devices.indices where devices[place].element.first("address") == nil {
      let device = devices[place]
      let address: XMLElement
      switch device.kind {
      case .smartcard:
        address = XMLElement(
          "address", [XMLAttribute("type", "ccid"), XMLAttribute("controller", "0"), XMLAttribute("slot", "\(slot)")])
        slot += 1
      case .hostdev where device.element.has("type", "scsi"):
        let units = taken ?? takenUnits()
        taken = units
        while units.contains(unit) { unit += 1 }
        address = Disk.address(unit: unit, of: 7)
        unit += 1
      default: continue
      }
      devices[place].element = device.kind.arranged(device.element.appending(address))
    }
  }

  /// The places on SCSI controllers that disks have, as numbers.
  private func takenUnits() -> Set<Int> {
    Set(
      devices.compactMap { device -> Int? in
        guard device.kind == .disk || device.kind == .hostdev, let address = device.element.first("address"),
          address.has("type", "drive"), device.kind == .hostdev || device.element.first("target")?["bus"] == "scsi"
        else { return nil }
        let numbers = ["controller", "unit"].map { UInt16(address[$0] ?? "") ?? 0 }
        return Int(numbers[0]) * 7 + Int(numbers[1])
      })
  }

  /// Every bus that a device sits on needs a controller.
  private mutating func addControllers() {
    var last = [Int](repeating: -1, count: Disk.controllerBuses.count)
    var lastSerial = -1, lastCards = -1
    for device in devices {
      switch device.kind {
      case .disk:
        guard let (bus, number) = Disk.controller(of: device.element) else { continue }
        last[bus] = max(last[bus], min(number, 255))
      case .hostdev where device.element.first("address")?.has("type", "drive") == true:
        last[0] = max(last[0], min(device.controllerNumber, 255))
      case .channel, .console:
        guard device.element.first("target")?.has("type", "virtio") == true else { continue }
        lastSerial = max(lastSerial, min(device.controllerNumber, 255))
      case .smartcard: lastCards = max(lastCards, min(device.controllerNumber, 255))
      default: continue
      }
    }
    for (bus, last) in zip(Disk.controllerBuses, last) where last >= 0 { addControllers(bus, upTo: last) }
    if lastSerial >= 0 { addControllers("virtio-serial", upTo: lastSerial) }
    if lastCards >= 0 { addControllers("ccid", upTo: lastCards) }
  }

  private mutating func addControllers(_ bus: String, upTo last: Int) {
    var known = [Bool](repeating: false, count: last + 1)
    for device in devices where device.kind == .controller && device.element["type"] == bus {
      if let index = device.element["index"].flatMap({ Int($0) }), known.indices.contains(index) { known[index] = true }
    }
    for index in known.indices where !known[index] {
      let made = XMLElement("controller", [XMLAttribute("type", bus), XMLAttribute("index", String(index))])
      devices.append(Device(kind: .controller, element: made))
    }
  }
}

extension Device {
  /// The number of the controller in its address.
  fileprivate var controllerNumber: Int { element.first("address")?["controller"].flatMap { Int($0) } ?? 0 }
}

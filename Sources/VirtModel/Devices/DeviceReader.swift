internal import VirtCore
internal import VirtXML

/// Reads the devices of one domain: fills in what documents leave out, and adds what devices imply.
struct DeviceReader {
  let context: ModelContext
  private(set) var devices: [Device] = []
  /// How many devices of each kind there are so far, and how many controllers of each type.
  private var counts = [Int](repeating: 0, count: DeviceKind.allCases.count)
  private var controllers: [String: Int] = [:]

  init(_ context: ModelContext) { self.context = context }

  /// Reads the `devices` element.
  static func read(_ element: XMLElement?, _ context: ModelContext) throws(VirtError) -> [Device] {
    guard let element, !element.isEmpty else { return [] }
    var reader = DeviceReader(context)
    for below in element.elements { try reader.add(below) }
    reader.addConsoles()
    reader.addVideo()
    reader.addControllers()
    reader.devices.sort(byRank: { $0.kind.rawValue })
    return reader.devices
  }

  /// Reads one device that is to stand beside others.
  static func readOne(
    _ element: XMLElement, beside devices: [Device], _ context: ModelContext
  ) throws(VirtError) -> Device {
    let kind = DeviceKind(element.name)
    guard kind != .unknown, kind != .emulator, kind != .redirfilter else {
      throw VirtError(.configUnsupported, .domain, "there are no devices", "<\(element.name)> (line \(element.line))")
    }
    var reader = DeviceReader(context)
    for device in devices { reader.count(device) }
    try reader.add(element)
    return reader.devices[0]
  }

  /// Adds a device that was read to others, and what it implies.
  static func adding(_ device: Device?, to devices: [Device], _ context: ModelContext) -> [Device] {
    var reader = DeviceReader(context)
    reader.devices = devices
    if let device { reader.devices.append(device) }
    reader.addConsoles()
    reader.addControllers()
    reader.devices.sort(byRank: { $0.kind.rawValue })
    return reader.devices
  }

  /// Counts a device that is there already.
  private mutating func count(_ device: Device) {
    counts[device.kind.rawValue] += 1
    guard device.kind == .controller, let type = device.element["type"] else { return }
    if let index = device.element["index"].flatMap({ Int($0) }), index == controllers[type, default: 0] {
      controllers[type] = index + 1
    }
  }

  private mutating func add(_ element: XMLElement) throws(VirtError) {
    let kind = DeviceKind(element.name)
    let complete: XMLElement
    switch kind {
    case .disk: complete = try Disk.complete(element)
    case .controller: complete = completeController(element)
    case .interface: complete = try NetworkInterface.complete(element, number: number(of: .interface), context)
    case .serial, .parallel: complete = completeSerial(element, number: number(of: kind))
    case .console: complete = completeConsole(element, number: number(of: .console))
    case .input where element["bus"] == nil: complete = element.setting("bus", element["type"] == "tablet" ? "usb" : "ps2")
    case .graphics: complete = Graphics.complete(element)
    case .video: complete = Video.complete(element, number: number(of: .video), context)
    case .watchdog where element["action"] == nil: complete = element.setting("action", "reset")
    case .hostdev where element["managed"] == nil && element["mode"] != "capabilities":
      complete = element.setting("managed", "no")
    case .filesystem where element["accessmode"] == nil: complete = element.setting("accessmode", "passthrough")
    case .rng: complete = completeRandom(element)
    default: complete = element
    }
    counts[kind.rawValue] += 1
    devices.append(Device(kind: kind, element: kind.shape?.arranged(complete) ?? complete))
  }

  /// How many devices of a kind came before.
  private func number(of kind: DeviceKind) -> Int { counts[kind.rawValue] }

  private mutating func completeController(_ element: XMLElement) -> XMLElement {
    let same = controllers[element["type"] ?? "", default: 0]
    controllers[element["type"] ?? ""] = same + 1
    return element["index"] == nil ? element.setting("index", "\(same)") : element
  }

  private func completeSerial(_ element: XMLElement, number: Int) -> XMLElement {
    guard let target = element.first("target") else {
      return element.appending(XMLElement("target", [XMLAttribute("port", "\(number)")]))
    }
    guard target["port"] == nil else { return element }
    return element.replacing("target", with: target.setting("port", "\(number)"))
  }

  private func completeConsole(_ element: XMLElement, number: Int) -> XMLElement {
    let target = element.first("target") ?? XMLElement("target")
    let complete = target["type"] == nil ? target.setting("type", "serial", inFront: true) : target
    return element.replacing("target", with: complete["port"] == nil ? complete.setting("port", "\(number)") : complete)
  }

  private func completeRandom(_ element: XMLElement) -> XMLElement {
    guard let backend = element.first("backend"), backend.has("model", "random"), backend.isEmpty else { return element }
    return element.replacing("backend", with: backend.with(content: [.text("/dev/random")]))
  }

  /// The first console is the first serial line, seen as a console: where one stands, the other stands too.
  private mutating func addConsoles() {
    let serial = devices.first { $0.kind == .serial }
    let console = devices.first { $0.kind == .console && $0.element.first("target")?["type"] == "serial" }
    switch (serial, console) {
    case (let serial?, nil):
      let target = XMLElement("target", [XMLAttribute("type", "serial"), XMLAttribute("port", "0")])
      let seen = XMLElement("console", serial.element.attributes).replacing("target", with: target)
      devices.insert(Device(kind: .console, element: seen), at: devices.firstIndex { $0.kind == .console } ?? devices.endIndex)
    case (nil, let console?):
      let target = XMLElement("target", [XMLAttribute("port", "0")])
      devices.append(
        Device(kind: .serial, element: XMLElement("serial", console.element.attributes).replacing("target", with: target)))
    default: break
    }
  }

  /// Graphics need something to show.
  private mutating func addVideo() {
    guard devices.contains(where: { $0.kind == .graphics }), !devices.contains(where: { $0.kind == .video }) else { return }
    devices.append(Device(kind: .video, element: Video.complete(XMLElement("video"), number: 0, context)))
  }

  /// Every bus that a device sits on needs a controller.
  private mutating func addControllers() {
    var last = [Int](repeating: -1, count: Disk.controllerBuses.count)
    var wantsSerial = false
    for device in devices {
      if device.kind == .disk, let (bus, number) = Disk.controller(of: device.element) {
        last[bus] = max(last[bus], min(number, 255))
      } else if device.isVirtioSerial {
        wantsSerial = true
      }
    }
    for (bus, last) in zip(Disk.controllerBuses, last) where last >= 0 { addControllers(bus, upTo: last) }
    if wantsSerial { addControllers("virtio-serial", upTo: 0) }
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
  /// Whether it sits on a bus of virtual serial ports.
  fileprivate var isVirtioSerial: Bool {
    (kind == .channel || kind == .console) && element.first("target")?.has("type", "virtio") == true
  }
}

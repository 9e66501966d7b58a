internal import VirtCore
internal import VirtXML

/// Reads the devices of one domain: fills in what documents leave out, and adds what devices imply.
struct DeviceReader {
  let context: ModelContext
  private(set) var devices: [Device] = []

  init(_ context: ModelContext) { self.context = context }

  /// Reads the `devices` element.
  static func read(_ element: XMLElement?, _ context: ModelContext) throws(VirtError) -> [Device] {
    guard let element, !element.content.isEmpty else { return [] }
    var reader = DeviceReader(context)
    for below in element.elements { try reader.add(below) }
    reader.addConsoles()
    reader.addVideo()
    reader.addControllers()
    Shape.sort(&reader.devices) { $0.kind.rawValue }
    return reader.devices
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
    devices.append(Device(kind: kind, element: kind.shape?.arrange(complete) ?? complete))
  }

  /// How many devices of a kind came before.
  private func number(of kind: DeviceKind) -> Int { devices.count { $0.kind == kind } }

  private func completeController(_ element: XMLElement) -> XMLElement {
    guard element["index"] == nil else { return element }
    let same = devices.count { $0.kind == .controller && $0.element["type"] == element["type"] }
    return element.setting("index", "\(same)")
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
    let complete = target["type"] == nil ? target.with(attributes: [XMLAttribute("type", "serial")] + target.attributes) : target
    return element.replacing("target", with: complete["port"] == nil ? complete.setting("port", "\(number)") : complete)
  }

  private func completeRandom(_ element: XMLElement) -> XMLElement {
    guard let backend = element.first("backend"), backend["model"] == "random", backend.content.isEmpty else { return element }
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
    var wanted: [(bus: String, last: Int)] = Disk.controllerBuses.compactMap { bus in
      let numbers = devices.compactMap { $0.kind == .disk ? Disk.controller(of: $0.element, on: bus) : nil }
      return numbers.max().map { (bus, $0) }
    }
    if devices.contains(where: { $0.isVirtioSerial }) { wanted.append(("virtio-serial", 0)) }
    for (bus, last) in wanted {
      for index in 0...min(last, 255) {
        let known = devices.contains {
          $0.kind == .controller && $0.element["type"] == bus && $0.element["index"] == "\(index)"
        }
        guard !known else { continue }
        let made = XMLElement("controller", [XMLAttribute("type", bus), XMLAttribute("index", "\(index)")])
        devices.append(Device(kind: .controller, element: made))
      }
    }
  }
}

extension Device {
  /// Whether it sits on a bus of virtual serial ports.
  fileprivate var isVirtioSerial: Bool {
    (kind == .channel || kind == .console) && element.first("target")?["type"] == "virtio"
  }
}

extension XMLElement {
  /// The same element with the first one of that name below replaced, or added behind the others.
  func replacing(_ name: String, with element: XMLElement) -> XMLElement {
    var content = self.content
    let place = content.firstIndex { if case .element(let below) = $0 { below.name == name } else { false } }
    if let place { content[place] = .element(element) } else { content.append(.element(element)) }
    return with(content: content)
  }
}

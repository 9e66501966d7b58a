internal import VirtCore
internal import VirtXML

/// Controllers: their numbers and their order.
enum Controller {
  /// Says where the companion of a USB controller begins on it, which its model tells.
  static func complete(_ read: XMLElement) throws(VirtError) -> XMLElement {
    let element = read.defaulting("type", "ide", inFront: true)
    if element.has("type", "pci"), let target = element.first("target") { try checkPlace(target) }
    let master = element.first("master")
    let _: UInt32? = try master?.number("startport")
    guard element.has("type", "usb"), master?["startport"] == nil, let port = firstPort(element["model"]) else { return element }
    return element.replacing("master", with: (master ?? XMLElement("master")).setting("startport", port))
  }

  /// What a PCI controller's place in the guest may be.
  private static let places: [(name: StaticString, range: ClosedRange<UInt32>)] = [
    ("chassisNr", 1...255), ("chassis", 0...255), ("port", 0...255), ("busNr", 1...254), ("index", 0...30),
  ]

  private static func checkPlace(_ target: XMLElement) throws(VirtError) {
    for (name, range) in places {
      guard let number = target[name].flatMap({ UInt32(number: $0, base: 0) }), !range.contains(number) else { continue }
      throw target.wrong(.configUnsupported, "'\(name)' is \(range.lowerBound) to \(range.upperBound), not \(number)")
    }
  }

  private static func firstPort(_ model: String?) -> String? {
    switch model {
    case "ich9-uhci1": "0"
    case "ich9-uhci2": "2"
    case "ich9-uhci3": "4"
    default: nil
    }
  }

  /// Where a controller belongs among devices: those of a type stand together, by their numbers, companions last.
  static func place(of element: XMLElement, among devices: [Device]) -> Int {
    let number = number(of: element)
    var last: Int?
    for (place, other) in devices.enumerated() where other.kind == .controller && other.element["type"] == element["type"] {
      last = place
      guard let number, let taken = self.number(of: other.element) else { continue }
      if taken > number || taken == number && isCompanion(other.element) && !isCompanion(element) { return place }
    }
    return last.map { $0 + 1 } ?? devices.endIndex
  }

  /// Controllers without a number get the lowest ones that are free; companions of a USB controller get its number.
  static func number(_ devices: inout [Device]) {
    guard devices.contains(where: { $0.kind == .controller && $0.element["index"] == nil }) else { return }
    var taken: [String: Set<Int>] = [:]
    for device in devices where device.kind == .controller {
      if let number = number(of: device.element) { taken[type(of: device.element), default: []].insert(number) }
    }
    var lowest: [String: Int] = [:]
    var before: XMLElement?
    for place in devices.indices where devices[place].kind == .controller {
      let element = devices[place].element
      let type = type(of: element)
      if element["index"] == nil {
        var number = lowest[type, default: 0]
        if let shared = before.flatMap({ sharedNumber(of: element, after: $0, devices) }) {
          number = shared
        } else {
          while taken[type]?.contains(number) == true { number += 1 }
          taken[type, default: []].insert(number)
          lowest[type] = number + 1
        }
        devices[place].element = DeviceKind.controller.arranged(element.setting("index", "\(number)"))
      }
      if type == "usb" { before = devices[place].element }
    }
  }

  /// The number of the USB controller before, when both are of one group, which has none of this model yet.
  private static func sharedNumber(of element: XMLElement, after before: XMLElement, _ devices: [Device]) -> Int? {
    guard isGrouped(element), isGrouped(before), let number = number(of: before) else { return nil }
    let isTaken = devices.contains {
      $0.kind == .controller && $0.element.has("type", "usb") && $0.element["model"] == element["model"]
        && self.number(of: $0.element) == number
    }
    return isTaken ? nil : number
  }

  /// Refuses companions without a controller that they belong to, and USB where it is turned off.
  static func check(_ devices: [Device]) throws(VirtError) {
    var alone: XMLElement?, hasMaster = false, off: XMLElement?, count = 0
    for device in devices where device.kind == .controller && device.element.has("type", "usb") {
      count += 1
      if device.element.has("model", "none") { off = device.element }
      if isCompanion(device.element) { alone = alone ?? device.element } else { hasMaster = true }
    }
    if let off, count > 1 { throw off.wrong(.xmlDetail, "there is no USB, but another controller for it") }
    if let alone, !hasMaster { throw alone.wrong(.xmlDetail, "there is no USB controller that it belongs to") }
  }

  private static func isGrouped(_ element: XMLElement) -> Bool {
    element.has("type", "usb") && (element.has("model", "ich9-ehci1") || firstPort(element["model"]) != nil)
  }

  private static func isCompanion(_ element: XMLElement) -> Bool { element.first("master")?["startport"] != nil }

  private static func number(of element: XMLElement) -> Int? { element["index"].flatMap { Int($0) } }

  private static func type(of element: XMLElement) -> String { element["type"] ?? "" }
}

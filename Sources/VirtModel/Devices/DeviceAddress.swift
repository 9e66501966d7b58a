internal import VirtCore
internal import VirtXML

/// Where in a guest a device is: the element `address`, in the form in which it is written.
enum DeviceAddress {
  private static let types = [
    "pci", "drive", "virtio-serial", "ccid", "usb", "spapr-vio", "virtio-s390", "ccw", "virtio-mmio", "isa", "dimm", "unassigned",
  ]

  /// The device with its address in the form in which it is written; itself when it is.
  static func complete(_ device: XMLElement, _ address: XMLElement) throws(VirtError) -> XMLElement {
    let complete = try self.complete(address: address)
    return complete == address ? device : device.replacing("address", with: complete)
  }

  /// Refuses an address where devices of the kind do not sit.
  static func check(_ address: XMLElement, of device: XMLElement, _ kind: DeviceKind) throws(VirtError) {
    switch kind {
    case .hostdev:
      guard device.has("type", "pci"), !address.has("type", "pci"), !address.has("type", "unassigned") else { return }
      throw address.wrong(.internalError, "a PCI device has an address of the type 'pci' or 'unassigned'")
    case .redirdev where !address.has("type", "usb"), .input where device.has("bus", "usb") && !address.has("type", "usb"):
      throw address.wrong(.xmlError, "a USB device has an address of the type 'usb'")
    case _ where address.has("type", "unassigned"):
      throw address.wrong(.configUnsupported, "only devices of the host have the type 'unassigned'")
    case .smartcard where !address.has("type", "ccid"):
      throw address.wrong(.configUnsupported, "a smart card has an address of the type 'ccid'")
    case .iommu where device.has("model", "intel") || device.has("model", "smmuv3"):
      throw address.wrong(.xmlError, "this model has no address")
    default: return
    }
  }

  private static func complete(address: XMLElement) throws(VirtError) -> XMLElement {
    guard let type = address["type"] else { throw address.wrong(.internalError, "a type is missing") }
    guard types.contains(type) else { throw address.wrong(.configUnsupported, "there is no such type: '\(type)'") }
    switch type {
    case "pci": return try pci(address)
    case "drive":
      return try decimal(["controller", "bus", "target", "unit"], in: address)
    case "ccw":
      return try hexadecimal([("cssid", 1), ("ssid", 1), ("devno", 4)], in: address)
    case "spapr-vio": return try hexadecimal([("reg", 8)], in: address)
    case "usb":
      guard let port = address["port"] else { return address }
      let numbers = port.split(separator: ".", omittingEmptySubsequences: false)
      guard (1...4).contains(numbers.count), numbers.allSatisfy({ UInt32($0) != nil }) else {
        throw address.wrong(.internalError, "this is no port: '\(port)'", .device)
      }
      return address
    default: return address
    }
  }

  /// A place on a PCI bus, whatever element it stands in. One without numbers stays.
  static func pci(_ address: XMLElement) throws(VirtError) -> XMLElement {
    let places = [("domain", 4), ("bus", 2), ("slot", 2), ("function", 1)] as [(StaticString, Int)]
    guard places.contains(where: { address[$0.0] != nil }) else { return address }
    let slot = try address.number("slot", UInt32.self, base: 0) ?? 0, bus = try address.number("bus", UInt32.self, base: 0) ?? 0
    guard slot <= 0x1f else { throw address.wrong(.xmlError, "there is no slot \(slot)", .none) }
    guard bus <= 0xff else { throw address.wrong(.xmlError, "there is no bus \(bus)", .none) }
    // In the first slot of all the hypervisor chooses a place.
    if let function = try address.number("function", UInt32.self, base: 0), function > 7 {
      let domain = try address.number("domain", UInt32.self, base: 0) ?? 0
      guard slot == 0, bus == 0, domain == 0 else { throw address.wrong(.xmlError, "there is no function \(function)", .none) }
    }
    return try hexadecimal(places, in: address)
  }

  /// The PCI address in a source, all of its numbers said.
  static func pciSource(_ address: XMLElement) throws(VirtError) -> XMLElement {
    try pci(address["domain"] == nil ? address.setting("domain", "0x0000") : address)
  }

  /// Whether a value is a number as it is written: of so many digits behind 0x.
  private static func isHexadecimal(_ value: String?, _ width: Int) -> Bool {
    guard let value, value.utf8.count == width + 2, value.utf8.starts(with: "0x".utf8) else { return false }
    return value.utf8.dropFirst(2).allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }

  /// Whether a value is a short number without a zero in front.
  private static func isDecimal(_ value: String?) -> Bool {
    guard let value, (1...9).contains(value.utf8.count), value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
    return value.utf8.count == 1 || value.utf8.first != 0x30
  }

  private static func hexadecimal(
    _ places: [(name: StaticString, width: Int)], in address: XMLElement
  ) throws(VirtError) -> XMLElement {
    if places.allSatisfy({ isHexadecimal(address[$0.name], $0.width) }) { return address }
    var made: [XMLAttribute] = address["type"].map { [XMLAttribute("type", $0)] } ?? []
    for (name, width) in places {
      let number = try address.number(name, UInt64.self, base: 0) ?? 0
      made.append(XMLAttribute("\(name)", String(hexadecimal: number, digits: width)))
    }
    return address.keepingOthers(behind: made)
  }

  private static func decimal(_ places: [StaticString], in address: XMLElement) throws(VirtError) -> XMLElement {
    if places.allSatisfy({ isDecimal(address[$0]) }) { return address }
    var made: [XMLAttribute] = [XMLAttribute("type", address["type"] ?? "")]
    for name in places {
      let number = try address.number(name, UInt32.self) ?? 0
      made.append(XMLAttribute("\(name)", "\(number)"))
    }
    return address.keepingOthers(behind: made)
  }
}

extension XMLElement {
  /// The element with some attributes in front; others that it has follow. Itself when that changes nothing.
  func keepingOthers(behind made: [XMLAttribute]) -> XMLElement {
    let present = attributes
    let all = made + present.filter { other in !made.contains { $0.name == other.name } }
    return all == present ? self : with(attributes: all)
  }

  /// The element with the first one of a name below changed; nil takes it away. Itself when nothing changes.
  func changingFirst(_ name: StaticString, _ change: (XMLElement) throws(VirtError) -> XMLElement?) throws(VirtError) -> XMLElement
  {
    guard let old = first(name) else { return self }
    guard let changed = try change(old) else { return without(name) }
    return changed == old ? self : replacing(name, with: changed)
  }

  /// The element without those of a name below.
  func without(_ name: StaticString) -> XMLElement {
    first(name) == nil ? self : filtered { !$0.isNamed(name) }
  }

  /// The element with an attribute set that it lacks.
  func defaulting(_ name: StaticString, _ value: String, inFront: Bool = false) -> XMLElement {
    self[name] == nil ? setting(name, value, inFront: inFront) : self
  }

  /// The element, or what it lacks: one without attributes and contents says nothing.
  var saysSomething: Bool { attributeCount > 0 || !isEmpty }
}

internal import VirtCore
package import VirtXML

/// Disks: where the guest sees them and what stands behind them.
package enum Disk {
  private static let types = ["file", "block", "dir", "network", "volume", "nvme", "vhostuser", "vhostvdpa"]
  private static let devices = ["disk", "cdrom", "floppy", "lun"]
  /// The buses whose disks sit on a controller with an address.
  static let controllerBuses = ["scsi", "fdc", "ide", "sata"]

  /// Fills in what the document leaves out.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement {
    let type = element["type"] ?? "file"
    guard types.contains(type) else {
      throw VirtError(.xmlError, .xml, "attribute 'type' of <disk> has no such value", type)
    }
    let device = element["device"] ?? "disk"
    guard devices.contains(device) else {
      throw VirtError(.xmlError, .xml, "attribute 'device' of <disk> has no such value", device)
    }
    guard let target = element.first("target"), let name = target["dev"] else {
      throw VirtError(.noTarget, .domain, "a disk needs a <target> with 'dev'")
    }
    if element.first("source") == nil, device == "disk" || device == "lun" {
      throw VirtError(.noSource, .domain, "the disk has no <source>", name)
    }
    var complete = try DiskLimits.complete(element)
    if device == "cdrom", element.first("readonly") == nil { complete = complete.appending(XMLElement("readonly")) }
    if element["type"] == nil { complete = complete.setting("type", type) }
    if element["device"] == nil { complete = complete.setting("device", device) }
    if device == "cdrom", complete.first("readonly") == nil { complete = complete.appending(XMLElement("readonly")) }
    let bus = target["bus"] ?? guessedBus(name)
    if target["bus"] == nil, let bus { complete = complete.replacing("target", with: target.setting("bus", bus)) }
    guard complete.first("address") == nil, let bus, let address = address(name, bus) else { return complete }
    return complete.appending(address)
  }

  /// The bus that a name stands for by convention.
  private static func guessedBus(_ name: String) -> String? {
    if name.hasPrefix("vd") { return "virtio" }
    if name.hasPrefix("sd") { return "scsi" }
    if name.hasPrefix("hd") { return "ide" }
    if name.hasPrefix("fd") { return "fdc" }
    if name.hasPrefix("xvd") { return "xen" }
    if name.hasPrefix("ubd") { return "uml" }
    return nil
  }

  /// The number in a name such as `sdc` (2) or `vdaa` (26).
  private static func number(_ name: String) -> Int? {
    let letters = name.utf8.drop { $0 != UInt8(ascii: "d") }.dropFirst().prefix {
      $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z")
    }
    guard !letters.isEmpty, letters.count <= 4 else { return nil }
    return letters.reduce(0) { $0 * 26 + Int($1 - UInt8(ascii: "a")) + 1 } - 1
  }

  /// Where a disk of that name sits on its bus.
  private static func address(_ name: String, _ bus: String) -> XMLElement? {
    guard let number = number(name) else { return nil }
    let place: (controller: Int, bus: Int, unit: Int)
    switch bus {
    case "scsi": place = (number / 7, 0, number % 7)
    case "ide": place = (number / 4, number / 2 % 2, number % 2)
    case "sata": place = (number / 6, 0, number % 6)
    case "fdc": place = (number / 2, 0, number % 2)
    default: return nil
    }
    return XMLElement(
      "address",
      [
        XMLAttribute("type", "drive"), XMLAttribute("controller", String(place.controller)), XMLAttribute("bus", String(place.bus)),
        XMLAttribute("target", "0"), XMLAttribute("unit", String(place.unit)),
      ])
  }

  /// The bus among ``controllerBuses`` that a disk sits on, and the number of the controller.
  static func controller(of element: XMLElement) -> (bus: Int, number: Int)? {
    guard let name = element.first("target")?["bus"], let bus = controllerBuses.firstIndex(of: name),
      let address = element.first("address"), address.has("type", "drive")
    else { return nil }
    return (bus, address["controller"].flatMap { Int($0) } ?? 0)
  }

  /// The file or device of the host behind a disk; nil for none.
  package static func path(_ element: XMLElement) -> String? {
    guard let source = element.first("source") else { return nil }
    return source["file"] ?? source["dev"] ?? source["dir"] ?? source["name"]
  }

  /// What hypervisors call a disk: by its place on a controller, or else by the number in its name.
  static func alias(_ element: XMLElement) -> String {
    let bus = element.first("target")?["bus"] ?? "disk"
    if controllerBuses.contains(bus), let address = element.first("address"), address.has("type", "drive") {
      let places = ["controller", "bus", "target", "unit"].filter { bus == "scsi" || $0 != "target" }
      return bus + places.map { address[$0] ?? "0" }.joined(separator: "-")
    }
    return "\(bus)-disk\(number(target(element)) ?? 0)"
  }

  /// The name by which the guest sees a disk.
  package static func target(_ element: XMLElement) -> String { element.first("target")?["dev"] ?? "" }
}

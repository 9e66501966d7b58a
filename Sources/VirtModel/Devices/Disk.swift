internal import VirtCore
package import VirtXML

/// Disks: where the guest sees them and what stands behind them.
package enum Disk {
  private static let types = ["file", "block", "dir", "network", "volume", "nvme", "vhostuser", "vhostvdpa", "ctl"]
  private static let devices = ["disk", "cdrom", "floppy", "lun"]
  /// The buses whose disks sit on a controller with an address.
  static let controllerBuses = ["scsi", "fdc", "ide", "sata"]

  /// Fills in what the document leaves out.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement {
    let type = element["type"] ?? "file"
    guard types.contains(type) else { throw element.noSuchValue("type", type) }
    let device = element["device"] ?? "disk"
    guard devices.contains(device) else { throw element.noSuchValue("device", device) }
    guard let target = element.first("target"), let name = target["dev"] else {
      throw element.part("target", .noTarget, "a <target> with 'dev' is missing", .domain)
    }
    let bus = target["bus"] ?? guessedBus(name)
    try check(element, device, bus, name)
    let source = element.first("source").flatMap { DiskSource.isEmpty($0, type) ? nil : $0 }
    if source == nil, device == "disk" { throw element.wrong(.noSource, "<source> is missing: '\(name)'") }
    if device == "lun", element.first("source") == nil { throw element.wrong(.configUnsupported, "<source> is missing: '\(name)'") }
    var complete = try DiskLimits.complete(element)
    if let source {
      let said = try DiskSource.complete(source, type)
      if said != source { complete = complete.replacing("source", with: said) }
    }
    try SourceLabels.check(source)
    try DiskSource.checkStore(element)
    try DiskSource.checkSecrets(element)
    try DiskSource.checkSecrets(source)
    // Jobs are not part of a definition.
    complete = complete.without("mirror")
    if let driver = complete.first("driver"), !driver.saysSomething { complete = complete.without("driver") }
    if device == "cdrom", complete.first("readonly") == nil { complete = complete.appending(XMLElement("readonly")) }
    if element["type"] == nil { complete = complete.setting("type", type) }
    if element["device"] == nil { complete = complete.setting("device", device) }
    if type == "vhostuser" { complete = complete.defaulting("snapshot", "no") }
    if target["bus"] == nil || target["tray"] == "closed" {
      let said = target["tray"] == "closed" ? target.setting("tray", nil) : target
      complete = complete.replacing("target", with: bus.map { said.saying("bus", $0) } ?? said)
    }
    guard complete.first("address") == nil, let bus, let address = address(name, bus) else { return complete }
    return complete.appending(address)
  }

  /// Refuses what contradicts itself.
  private static func check(_ disk: XMLElement, _ device: String, _ bus: String?, _ name: String) throws(VirtError) {
    if device == "floppy", let bus, bus != "fdc" { throw disk.wrong(.internalError, "floppies are on no bus '\(bus)'") }
    if device == "disk" || device == "lun", bus == "fdc" || name.utf8.starts(with: "fd".utf8) {
      throw disk.wrong(.internalError, "this is a floppy's name or bus: '\(name)'")
    }
    if device == "lun" {
      guard disk["type"] == "block" || disk["type"] == "network" || disk["type"] == "volume" else {
        throw disk.wrong(.configUnsupported, "only block devices are of the kind 'lun'")
      }
    } else if disk.first("source")?.first("reservations") != nil {
      throw disk.wrong(.configUnsupported, "only disks of the kind 'lun' have <reservations>")
    }
    if disk["sgio"] == "unfiltered" { throw disk.wrong(.configUnsupported, "commands are always filtered") }
    if let vendor = disk.first("vendor")?.text, vendor.utf8.count > 8 {
      throw disk.wrong(.configUnsupported, "a vendor has 8 letters at most: '\(vendor)'")
    }
    if let product = disk.first("product")?.text, product.utf8.count > 16 {
      throw disk.wrong(.configUnsupported, "a product has 16 letters at most: '\(product)'")
    }
    if let name = disk.first("wwn")?.text {
      guard name.utf8.count == 16, name.utf8.allSatisfy({ NumberText.digit($0) != nil }) else {
        throw disk.wrong(.internalError, "this is no <wwn>: '\(name)'", .none)
      }
    }
    guard let address = disk.first("address") else {
      if number(name) == nil { throw disk.wrong(.xmlError, "a disk of this name needs an <address>: '\(name)'") }
      return
    }
    if !address.has("type", "drive"), controllerBuses.contains(bus ?? "ide") {
      throw disk.wrong(.configUnsupported, "on the bus '\(bus ?? "ide")' an <address> is of the type 'drive'")
    }
    if device != "floppy", device != "cdrom", guessedBus(name) == nil, !name.utf8.starts(with: "nvme".utf8) {
      throw disk.wrong(.internalError, "this is no disk's name: '\(name)'")
    }
  }

  /// Disks of a bus together, by the numbers in their names.
  static func sort(_ disks: [Device]) -> [Device] {
    if disks.count < 2 { return disks }
    var buses: [String] = []
    let ranks = disks.map { disk -> (bus: Int, number: Int) in
      let bus = disk.element.first("target")?["bus"] ?? ""
      let rank = buses.firstIndex(of: bus) ?? buses.count
      if rank == buses.count { buses.append(bus) }
      return (rank, number(target(disk.element)) ?? -1)
    }
    if zip(ranks, ranks.dropFirst()).allSatisfy({ ($0.bus, $0.number) <= ($1.bus, $1.number) }) { return disks }
    return disks.indices.sorted { one, other in
      (ranks[one].bus, ranks[one].number, one) < (ranks[other].bus, ranks[other].number, other)
    }.map { disks[$0] }
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
    var number = 0, letters = 0, isBehind = false
    for letter in name.utf8 {
      if !isBehind {
        isBehind = letter == UInt8(ascii: "d")
      } else if letter >= UInt8(ascii: "a"), letter <= UInt8(ascii: "z"), letters < 5 {
        number = number * 26 + Int(letter - UInt8(ascii: "a")) + 1
        letters += 1
      } else {
        break
      }
    }
    return letters > 0 && letters <= 4 ? number - 1 : nil
  }

  /// A place on SCSI controllers that have so many.
  static func address(unit: Int, of units: Int) -> XMLElement {
    XMLElement(
      "address",
      [
        XMLAttribute("type", "drive"), XMLAttribute("controller", String(unit / units)), XMLAttribute("bus", "0"),
        XMLAttribute("target", "0"), XMLAttribute("unit", String(unit % units)),
      ])
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
      return bus + places.map { address[named: $0] ?? "0" }.joined(separator: "-")
    }
    return "\(bus)-disk\(number(target(element)) ?? 0)"
  }

  /// The name by which the guest sees a disk.
  package static func target(_ element: XMLElement) -> String { element.first("target")?["dev"] ?? "" }
}

internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension TestDriver {
  /// Makes a device: a virtual adapter of a storage network, or a mediated device.
  func createDevice(_ text: BorrowedText, _ flags: NodeDeviceCreateXMLFlags) throws(VirtError) -> NodeDevice {
    try accept(flags, only: .known, in: "nodeDeviceCreateXML")
    let wanted = try NodeDeviceDefinition.read(
      try document(text, .nodedev, for: .nodedev, isValidated: flags.contains(.validate)), isNew: true)
    if wanted.kinds.contains(.mediated) { return try create(try mediated(wanted)) }
    guard wanted.fibreChannel != nil else {
      throw wanted.element.wrong(.internalError, "it is neither a mediated device nor an adapter of a storage network", .nodedev)
    }
    return try createAdapter(wanted)
  }

  /// Keeps a mediated device.
  func defineDevice(_ text: BorrowedText, _ flags: NodeDeviceDefineXMLFlags) throws(VirtError) -> NodeDevice {
    try accept(flags, only: .known, in: "nodeDeviceDefineXML")
    let wanted = try NodeDeviceDefinition.read(
      try document(text, .nodedev, for: .nodedev, isValidated: flags.contains(.validate)), isNew: true)
    guard wanted.kinds.contains(.mediated) else {
      throw NodeDevice.unsupported(.configUnsupported, wanted.name, "is no mediated device")
    }
    return try define(try mediated(wanted))
  }

  // MARK: - Virtual adapters

  private func createAdapter(_ wanted: NodeDeviceDefinition) throws(VirtError) -> NodeDevice {
    let parent = try adapterParent(of: wanted)
    let fabric = parent.fibreChannel?.first("fabric_wwn")?.text
    var number = nextHost()
    while true {
      let definition = try virtualAdapter(number: number, wanted, below: parent.name, fabric)
      number += 1
      guard world.nodeDevices.find(name: definition.name) == nil else { continue }
      do throws(VirtError) {
        return try create(definition)
      } catch {
        // Another thread may have taken the name.
        guard error.code == .operationInvalid else { throw error }
      }
    }
  }

  /// The adapter that a new one is to hang on; without a wish the first that has room.
  private func adapterParent(of wanted: NodeDeviceDefinition) throws(VirtError) -> NodeDeviceDefinition {
    let element = wanted.element.first("parent")
    let found: NodeDeviceDefinition? =
      if let name = wanted.parent {
        world.nodeDevices.find(name: name)?.definition
      } else if let node = element?["wwnn"], let port = element?["wwpn"] {
        adapter { $0.matches(node: node, port: port) }
      } else if let fabric = element?["fabric_wwn"] {
        adapter { $0.kinds.contains(.virtualPorts) && $0.fibreChannel?.first("fabric_wwn")?.text == fabric }
      } else {
        adapter { $0.kinds.contains(.virtualPorts) }
      }
    func wrong(_ rule: String) -> VirtError { wanted.element.part("parent", .internalError, rule, .nodedev) }
    guard let found else { throw wrong("there is no such parent: '\(wanted.parent ?? "")'") }
    guard found.kinds.contains(.virtualPorts) else { throw wrong("no virtual adapter can hang on '\(found.name)'") }
    return found
  }

  private func nextHost() -> UInt64 {
    let used = world.nodeDevices.all().compactMap { $0.definition.capability("scsi_host")?.first("host")?.text }
    let last = used.compactMap { UInt64($0) }.filter { $0 < UInt64(UInt32.max) }.max() ?? 0
    return last + 1
  }

  private func virtualAdapter(
    number: UInt64, _ wanted: NodeDeviceDefinition, below parent: String, _ fabric: String?
  ) throws(VirtError) -> NodeDeviceDefinition {
    func line(_ name: String, _ text: String) -> XMLElement { XMLElement(name, text: text) }
    var port = ["wwnn", "wwpn"].compactMap { wanted.fibreChannel?.first($0) }
    if let fabric { port.append(line("fabric_wwn", fabric)) }
    let capability = XMLElement(
      "capability", [XMLAttribute("type", "scsi_host")],
      [
        .element(line("host", String(number))), .element(line("unique_id", String(number - 1))),
        .element(XMLElement("capability", [XMLAttribute("type", "fc_host")], elements: port)),
      ])
    let parts = [line("name", "scsi_host\(number)"), line("parent", parent), capability]
    return NodeDeviceDefinition(XMLElement("device", elements: parts))
  }

  // MARK: - Mediated devices

  /// A mediated device with its name, which its UUID and its parent give.
  private func mediated(_ wanted: NodeDeviceDefinition) throws(VirtError) -> NodeDeviceDefinition {
    guard let parentName = wanted.parent else {
      throw wanted.element.wrong(.configUnsupported, "<parent> is missing", .nodedev)
    }
    guard let parent = world.nodeDevices.find(name: parentName)?.definition, let capability = wanted.capability("mdev") else {
      throw wanted.element.part("parent", .configUnsupported, "there is no such parent: '\(parentName)'", .nodedev)
    }
    let type = capability.first("type")?["id"] ?? ""
    guard parent.mediatedTypes.contains(type) else {
      throw (capability.first("type") ?? capability).wrong(
        .configUnsupported, "node device '\(parentName)' has no mediated devices of type '\(type)'", .nodedev)
    }
    let uuid = capability.first("uuid")?.text ?? "\(UUID.random())"
    let address = parent.pciAddress ?? parentName
    let name = "mdev_\(uuid)_\(address)".map { "-:.".contains($0) ? "_" : $0 }
    var full = capability.replacing("uuid", with: XMLElement("uuid", text: uuid))
    if let address = parent.pciAddress { full = full.replacing("parent_addr", with: XMLElement("parent_addr", text: address)) }
    let element = wanted.element.replacing("name", with: XMLElement("name", text: String(name)))
    return try NodeDeviceDefinition.read(element.replacing("capability", with: full))
  }
}

extension NodeDeviceDefinition {
  /// The types of mediated devices that it can be the parent of.
  var mediatedTypes: [String] {
    element.elements.flatMap { Array($0.elements) }.filter { $0.isNamed("capability") && $0.has("type", "mdev_types") }
      .flatMap { Array($0.elements) }.compactMap { $0.isNamed("type") ? $0["id"] : nil }
  }

  /// Its address on the PCI bus as text; nil when it has none.
  var pciAddress: String? {
    guard let capability = capability("pci") else { return nil }
    func digits(_ name: String, _ width: Int) -> String {
      let text = String(UInt64(capability.first(name)?.text ?? "") ?? 0, radix: 16)
      return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    return "\(digits("domain", 4)):\(digits("bus", 2)):\(digits("slot", 2)).\(digits("function", 1))"
  }
}

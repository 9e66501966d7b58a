internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension World {
  /// Adds the domain that `test:///default` starts with. Made from values, not from a document.
  func addBuiltInDomain() {
    let values = DomainValues(
      type: "test", name: "test", uuid: UUID(high: 0x0483_a4f6_01eb_9566, low: 0x3f19_2e50_f297_aa79),
      memory: 8_388_608, currentMemory: 2_097_152, processors: 2,
      hardware: DomainHardware.plain(context, devices: Self.builtInDevices))
    let definition = DomainDefinition(values)
    let placed = domains.place(definition) {
      DomainObject(DomainRecord(definition, isPersistent: true))
    } change: { _, _ in
      nil
    }
    guard case .added(let object) = placed, let booted = DomainTransition.of(.start, in: .shutoff) else { return }
    start(object, booted)
    object.record.withLock { $0.reason = 0 }
  }

  private static let builtInDevices: [Device] = [
    Device(
      kind: .disk,
      element: XMLElement(
        "disk", [XMLAttribute("type", "file"), XMLAttribute("device", "disk")],
        [
          .element(XMLElement("source", [XMLAttribute("file", "/guest/diskimage1")])),
          .element(XMLElement("target", [XMLAttribute("dev", "vda"), XMLAttribute("bus", "virtio")])),
          pciAddress(bus: "0x01", slot: "0x00"),
        ])),
    Device(
      kind: .interface,
      element: XMLElement(
        "interface", [XMLAttribute("type", "network")],
        [
          .element(XMLElement("mac", [XMLAttribute("address", "aa:bb:cc:dd:ee:ff")])),
          .element(XMLElement("source", [XMLAttribute("network", "default")])),
          .element(XMLElement("target", [XMLAttribute("dev", "testnet0")])), pciAddress(bus: "0x00", slot: "0x01"),
        ])),
    Device(
      kind: .memballoon,
      element: XMLElement("memballoon", [XMLAttribute("model", "virtio")], [pciAddress(bus: "0x00", slot: "0x02")])),
  ]

  private static func pciAddress(bus: String, slot: String) -> XMLContent {
    .element(
      XMLElement(
        "address",
        [
          XMLAttribute("type", "pci"), XMLAttribute("domain", "0x0000"), XMLAttribute("bus", bus), XMLAttribute("slot", slot),
          XMLAttribute("function", "0x0"),
        ]))
  }
}

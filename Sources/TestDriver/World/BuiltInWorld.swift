internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension World {
  /// Adds what `test:///default` starts with. Made from values, not from documents.
  func addBuiltIn() throws(VirtError) {
    addBuiltInDomain()
    try add(Network.self, .builtIn)
    try add(Interface.self, .builtIn)
    for device in NodeDeviceDefinition.builtIn { try addDevice(device) }
    try add(pool: .builtIn)
  }

  private func addBuiltInDomain() {
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
      element: element(
        "disk", [("type", "file"), ("device", "disk")],
        [
          element("source", [("file", "/guest/diskimage1")]), element("target", [("dev", "vda"), ("bus", "virtio")]),
          pciAddress(bus: "0x01", slot: "0x00"),
        ])),
    Device(
      kind: .interface,
      element: element(
        "interface", [("type", "network")],
        [
          element("mac", [("address", "aa:bb:cc:dd:ee:ff")]), element("source", [("network", "default")]),
          element("target", [("dev", "testnet0")]), pciAddress(bus: "0x00", slot: "0x01"),
        ])),
    Device(
      kind: .memballoon, element: element("memballoon", [("model", "virtio")], [pciAddress(bus: "0x00", slot: "0x02")])),
  ]

  private static func element(_ name: String, _ attributes: [(String, String)], _ below: [XMLElement] = []) -> XMLElement {
    XMLElement(name, attributes.map { XMLAttribute($0.0, $0.1) }, below.map { .element($0) })
  }

  private static func pciAddress(bus: String, slot: String) -> XMLElement {
    element("address", [("type", "pci"), ("domain", "0x0000"), ("bus", bus), ("slot", slot), ("function", "0x0")])
  }
}

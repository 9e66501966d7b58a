internal import VirtModel
internal import VirtXML

extension NodeDeviceDefinition {
  /// The devices that `test:///default` starts with. Made from values, not from documents.
  static var builtIn: [NodeDeviceDefinition] {
    [
      computer, adapter(1, unique: 0, node: "12341234", fabric: "43214321", below: "computer", hasRoom: true),
      adapter(2, unique: 1, node: "56785678", fabric: "87658765", below: "computer", hasRoom: true),
      adapter(11, unique: 10, node: "34563456", fabric: "43214321", below: "scsi_host1", hasRoom: false),
    ]
  }

  private static var computer: NodeDeviceDefinition {
    let hardware = [
      line("vendor", "Libvirt"), line("version", "Test driver"), line("serial", "123456"),
      line("uuid", "11111111-2222-3333-4444-555555555555"),
    ]
    let firmware = [line("vendor", "Libvirt"), line("version", "Test Driver"), line("release_date", "01/22/2007")]
    return device("computer", nil, capability("system", [element("hardware", hardware), element("firmware", firmware)]))
  }

  /// An adapter of a storage network. Its numbers differ in their last digits.
  private static func adapter(
    _ number: Int, unique: Int, node: String, fabric: String, below parent: String, hasRoom: Bool
  ) -> NodeDeviceDefinition {
    let port = [
      line("wwnn", "20000000" + node), line("wwpn", "10000000" + node), line("fabric_wwn", "20000000" + fabric),
    ]
    var parts = [line("host", String(number)), line("unique_id", String(unique)), capability("fc_host", port)]
    if hasRoom { parts.append(capability("vport_ops", [line("max_vports", "0"), line("vports", "0")])) }
    return device("scsi_host\(number)", parent, capability("scsi_host", parts))
  }

  private static func device(_ name: String, _ parent: String?, _ capability: XMLElement) -> NodeDeviceDefinition {
    NodeDeviceDefinition(element("device", [line("name", name)] + (parent.map { [line("parent", $0)] } ?? []) + [capability]))
  }

  private static func capability(_ type: String, _ parts: [XMLElement]) -> XMLElement {
    XMLElement("capability", [XMLAttribute("type", type)], elements: parts)
  }

  private static func element(_ name: String, _ parts: [XMLElement]) -> XMLElement {
    XMLElement(name, elements: parts)
  }

  private static func line(_ name: String, _ text: String) -> XMLElement { XMLElement(name, text: text) }
}

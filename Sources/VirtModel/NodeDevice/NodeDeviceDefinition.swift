package import VirtCore
package import VirtXML

/// A device of the host as its document describes it. Immutable.
package final class NodeDeviceDefinition: NamedDefinition {
  /// Devices have no UUIDs.
  package static var hasUUID: Bool { false }
  /// The whole document, arranged.
  package let element: XMLElement
  /// Unique among a world's devices.
  package let name: String
  /// The name of the device that this one hangs on; nil for the root.
  package let parent: String?
  /// Everything that it is or can do.
  package let kinds: DeviceKinds
  private let kept = FormattedText()

  /// Takes a document that is arranged.
  package init(_ element: XMLElement) {
    self.element = element
    name = element.first("name")?.text ?? ""
    parent = element.nonemptyText("parent")
    var kinds = DeviceKinds()
    for capability in element.elements where capability.isNamed("capability") {
      kinds.formUnion(DeviceKinds(type: capability["type"] ?? ""))
      for below in capability.elements where below.isNamed("capability") {
        kinds.formUnion(DeviceKinds(type: below["type"] ?? ""))
      }
    }
    self.kinds = kinds
  }

  /// Zeros: devices have no UUIDs.
  package var uuid: UUID { .zero }

  /// The types of its capabilities, in the order of the document.
  package var types: [String] { element.elements.filter { $0.isNamed("capability") }.compactMap { $0["type"] } }

  /// The capability of that type.
  package func capability(_ type: StaticString) -> XMLElement? {
    element.elements.first { $0.isNamed("capability") && $0.has("type", type) }
  }

  /// What is known of its port on a storage network; nil when it has none.
  package var fibreChannel: XMLElement? {
    capability("scsi_host")?.elements.first { $0.isNamed("capability") && $0.has("type", "fc_host") }
  }

  /// The name of the driver that the host uses for it.
  package var driver: String? { element.first("driver")?.first("name")?.text }

  /// The same device under another driver; nil for none.
  package func with(driver: String?) -> NodeDeviceDefinition {
    let made = driver.map { XMLElement("driver", [], [.element(XMLElement("name", text: $0))]) }
    let rest = element.filtered { !$0.isNamed("driver") }
    return NodeDeviceDefinition(Self.arranged(made.map { rest.appending($0) } ?? rest))
  }

  /// The document; made once.
  package var text: [UInt8] { kept.bytes(of: element) }
}

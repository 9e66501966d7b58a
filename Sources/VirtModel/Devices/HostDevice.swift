internal import VirtCore
internal import VirtXML

/// Devices of the host that a guest has for itself.
enum HostDevice {
  /// Checks one and fills in what the document leaves out.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement {
    var complete = element.defaulting("mode", "subsystem", inFront: true)
    if complete.has("mode", "capabilities") {
      try checkCapability(element)
      return try NetworkInterface.addressed(complete)
    }
    guard let source = element.first("source") else { throw element.wrong(.xmlError, "<source> is missing") }
    if element["sgio"] == "unfiltered" { throw element.wrong(.configUnsupported, "commands are always filtered") }
    if complete["managed"] != "yes" { complete = complete.saying("managed", "no") }
    switch element["type"] {
    case "pci":
      let address = try DeviceAddress.pciSource(source.first("address") ?? XMLElement("address"))
      return complete.replacing("source", with: source.replacing("address", with: address))
    case "usb":
      guard (source.first("vendor") == nil) == (source.first("product") == nil) else {
        throw source.wrong(.internalError, "<vendor> or <product> is missing")
      }
      return source.saysSomething ? complete : complete.without("source")
    case "scsi":
      if source.has("protocol", "iscsi") {
        if let secret = source.first("auth")?.first("secret"), !secret.has("type", "iscsi") {
          let type = secret["type"] ?? "", isKnown = ["ceph", "volume", "tls", "vtpm"].contains(type)
          throw secret.noSuchValue("type", type, isKnown ? .internalError : .configUnsupported, .domain)
        }
        try DiskSource.checkSecrets(source)
        let said = try DiskSource.network(source)
        return said == source ? complete : complete.replacing("source", with: said)
      }
      guard source.first("address") != nil else { throw source.wrong(.xmlError, "<address> is missing") }
      return complete
    case "scsi_host":
      guard let name = source["wwpn"], isPortName(name) else {
        throw source.noSuchValue("wwpn", source["wwpn"] ?? "", .xmlError, .domain)
      }
      return complete
    case "mdev":
      guard let address = source.first("address"), let uuid = address["uuid"] else {
        throw source.wrong(.configUnsupported, "<address> is missing")
      }
      guard let number = UUID(uuid) else { throw address.wrong(.internalError, "this is no UUID: '\(uuid)'") }
      let said = address.saying("uuid", "\(number)")
      return said == address ? complete : complete.replacing("source", with: source.replacing("address", with: said))
    default: return complete
    }
  }

  /// Whether a text names a port of a storage network: `naa.` and 16 digits.
  private static func isPortName(_ name: String) -> Bool {
    name.utf8.count == 20 && name.hasPrefix("naa.")
      && name.utf8.dropFirst(4).allSatisfy { NumberText.digit($0) != nil }
  }

  fileprivate static let parts: [String: StaticString] = ["storage": "block", "misc": "char", "net": "interface"]

  private static func checkCapability(_ element: XMLElement) throws(VirtError) {
    guard let name = parts[element["type"] ?? ""] else { return }
    guard element.first("source")?.first(name)?.hasText == true else { throw element.wrong(.xmlError, "<\(name)> is missing") }
  }

  // MARK: - Which it is

  /// What tells a device of the host from others, however a document writes it.
  struct Identity: Hashable {
    private var parts: [String]

    /// That of a device that a guest has for itself, or of an interface that is one; nil when it does not say.
    init?(of device: Device) {
      let element = device.element
      guard let source = element.first("source") else { return nil }
      let address = source.first("address")
      let type = device.kind == .hostdev ? element["type"] : address?["type"]
      parts = [type ?? ""]
      switch type {
      case "pci": add(["domain", "bus", "slot", "function"], of: address)
      case "usb" where address != nil: add(["bus", "device"], of: address)
      case "usb": parts += ["", source.first("vendor")?["id"], source.first("product")?["id"]].map(Self.plain)
      case "scsi" where source.has("protocol", "iscsi"):
        parts.append(source["name"] ?? "")
        for host in source.elements where host.isNamed("host") { parts += [host["name"] ?? "", host["port"] ?? ""] }
      case "scsi":
        parts.append(source.first("adapter")?["name"] ?? "")
        add(["bus", "target", "unit"], of: address)
      case "scsi_host": parts.append(source["wwpn"] ?? "")
      case "mdev": parts.append(address?["uuid"] ?? "")
      default:
        guard let name = type.flatMap({ HostDevice.parts[$0] }) else { return nil }
        parts.append(source.first(name)?.text ?? "")
      }
    }

    private mutating func add(_ names: [StaticString], of address: XMLElement?) {
      parts += names.map { Self.plain(address?[$0]) }
    }

    /// A number in one form, whatever its base.
    private static func plain(_ text: String?) -> String {
      guard let text else { return "0" }
      return UInt64(number: text, base: 0).map { "\($0)" } ?? text
    }
  }
}

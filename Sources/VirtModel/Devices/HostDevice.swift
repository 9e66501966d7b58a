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
      if source.first("vendor") != nil, source.first("product") == nil {
        throw source.wrong(.internalError, "<product> is missing")
      }
      return source.saysSomething ? complete : complete.without("source")
    case "scsi":
      if source.has("protocol", "iscsi") {
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

  private static let parts: [String: StaticString] = ["storage": "block", "misc": "char", "net": "interface"]

  private static func checkCapability(_ element: XMLElement) throws(VirtError) {
    guard let name = parts[element["type"] ?? ""] else { return }
    guard element.first("source")?.first(name)?.hasText == true else { throw element.wrong(.xmlError, "<\(name)> is missing") }
  }
}

internal import VirtCore
internal import VirtXML

/// Addresses on a PCI bus.
enum PCIAddress {
  /// Checks an address and writes its numbers in their usual form.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement {
    let domain = try element.number("domain", UInt32.self, base: 0) ?? 0
    let bus = try element.number("bus", UInt32.self, base: 0) ?? 0
    let slot = try element.number("slot", UInt32.self, base: 0) ?? 0
    let function = try element.number("function", UInt32.self, base: 0) ?? 0
    for (name, value, most) in [("bus", bus, UInt32(0xff)), ("slot", slot, 0x1f), ("function", function, 7)] where value > most {
      throw element.wrong(.xmlError, "there is no \(name) 0x\(String(value, radix: 16))", .none)
    }
    return element.saying("domain", hexadecimal(domain, 4)).saying("bus", hexadecimal(bus, 2))
      .saying("slot", hexadecimal(slot, 2)).saying("function", hexadecimal(function, 1))
  }

  private static func hexadecimal(_ number: UInt32, _ width: Int) -> String {
    let digits = String(number, radix: 16)
    return "0x" + String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}

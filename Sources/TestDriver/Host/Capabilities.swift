internal import VirtXML

/// What the pretended host can do, as documents. Both are constant and made once.
enum Capabilities {
  /// The program that is said to run guests.
  static let emulator = "/usr/bin/test-hv"

  /// The document of `virConnectGetCapabilities`.
  static let text: [UInt8] = {
    var writer = XMLWriter(capacity: 4096)
    writer.write("<capabilities>\n\n")
    writer.write(host, depth: 1)
    for type in ["hvm", "xen"] {
      writer.write(byte: 0x0a)
      writer.write(guest(type), depth: 1)
    }
    writer.write("\n</capabilities>\n")
    return writer.array
  }()

  /// The document of `virConnectGetSysinfo`.
  static let systemInformation: [UInt8] = {
    let entries = [("vendor", "LENOVO"), ("version", "G4ETA1WW (2.61 )"), ("date", "05/07/2014"), ("release", "2.61")]
    var writer = XMLWriter()
    writer.write(
      element(
        "sysinfo", [("type", "smbios")],
        [element("bios", [], entries.map { XMLElement("entry", [XMLAttribute("name", $0.0)], [.text($0.1)]) })]), depth: 0)
    return writer.array
  }()

  private static func element(_ name: String, _ attributes: [(String, String)] = [], _ below: [XMLElement] = []) -> XMLElement {
    XMLElement(name, attributes.map { XMLAttribute($0.0, $0.1) }, below.map { .element($0) })
  }

  private static func text(_ name: String, _ attributes: [(String, String)], _ text: String) -> XMLElement {
    XMLElement(name, attributes.map { XMLAttribute($0.0, $0.1) }, [.text(text)])
  }

  private static var host: XMLElement {
    let sizes = ["4", "8", "2048", "1048576"]
    return element(
      "host", [],
      [
        element(
          "cpu", [],
          [text("arch", [], "i686"), element("features", [], [element("pae"), element("nonpae")])]
            + sizes.map { element("pages", [("unit", "KiB"), ("size", $0)]) }),
        element("power_management"), element("iommu", [("support", "no")]),
        element(
          "topology", [],
          [element("cells", [("num", "\(Node.cells.count)")], Node.cells.enumerated().map { cell($0.offset, $0.element) })]),
        element("secmodel", [], [text("model", [], "testSecurity"), text("doi", [], "")]),
      ])
  }

  private static func cell(_ number: Int, _ cell: Node.Cell) -> XMLElement {
    let pages = [(cell.pageSize, cell.memory / cell.pageSize), (2048, 0), (1_048_576, 0)]
    let processors = cell.processors.map { id in
      element(
        "cpu",
        [
          ("id", "\(id)"), ("socket_id", "\(number)"), ("die_id", "0"), ("core_id", "\(id % cell.processors.count)"),
          ("siblings", "\(id)"),
        ])
    }
    return element(
      "cell", [("id", "\(number)")],
      [text("memory", [("unit", "KiB")], "\(cell.memory)")]
        + pages.map { text("pages", [("unit", "KiB"), ("size", "\($0.0)")], "\($0.1)") }
        + [element("cpus", [("num", "\(processors.count)")], processors)])
  }

  private static func guest(_ type: String) -> XMLElement {
    element(
      "guest", [],
      [
        text("os_type", [], type),
        element(
          "arch", [("name", "i686")],
          [text("wordsize", [], "32"), text("emulator", [], Self.emulator), element("domain", [("type", "test")])]),
        element("features", [], [element("pae"), element("nonpae")]),
      ])
  }
}

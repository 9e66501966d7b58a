internal import VirtModel
internal import VirtXML

/// What the pretended host can do, as documents. Both are constant and made once.
enum Capabilities {
  /// The program that is said to run guests.
  static let emulator = "/usr/bin/test-hv"

  /// The type of its domains.
  static let domain = "test"

  /// The document of `virConnectGetCapabilities`.
  static let text: [UInt8] = {
    var writer = XMLWriter(capacity: 4096)
    HostCapabilities(host, guests: ["hvm", "xen"].map(guest)).write(to: &writer)
    return writer.array
  }()

  /// The document of `virConnectGetSysinfo`.
  static let systemInformation: [UInt8] = {
    let entries = [("vendor", "LENOVO"), ("version", "G4ETA1WW (2.61 )"), ("date", "05/07/2014"), ("release", "2.61")]
    var writer = XMLWriter()
    writer.write(
      XMLElement(
        "sysinfo", [XMLAttribute("type", "smbios")],
        elements: [
          XMLElement("bios", elements: entries.map { XMLElement("entry", [XMLAttribute("name", $0.0)], [.text($0.1)]) })
        ]), depth: 0)
    return writer.array
  }()

  private static var host: HostDescription {
    HostDescription(
      HostProcessor(architecture: "i686", traits: traits, pageSizes: [4, 8, 2048, 1_048_576]), sleeps: [],
      translatesAddresses: false, cells: Node.cells.enumerated().map { cell(UInt32($0.offset), $0.element) },
      security: [SecurityModel("testSecurity", domain: "")])
  }
  private static let traits = ["pae", "nonpae"]

  private static func cell(_ number: UInt32, _ cell: Node.Cell) -> HostCell {
    HostCell(
      number, memory: cell.memory,
      pages: [
        .init(size: cell.pageSize, count: cell.memory / cell.pageSize), .init(size: 2048, count: 0),
        .init(size: 1_048_576, count: 0),
      ],
      processors: cell.processors.enumerated().map { place, id in
        .init(id: UInt32(id), socket: number, core: UInt32(place), siblings: NumberSet("\(id)") ?? NumberSet())
      })
  }

  private static func guest(_ system: String) -> GuestSupport {
    GuestSupport(
      system: system, architecture: "i686", wordSize: 32, emulator: emulator, domains: [.init(domain)],
      features: traits.map { .init($0) })
  }
}

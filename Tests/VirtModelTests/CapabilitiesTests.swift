import Foundation
import Testing
import VirtCore
import VirtModel
import VirtXML

@Suite struct CapabilitiesTests {
  private static let documents = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Documents")

  private func corpus(_ name: String) throws -> XMLElement {
    try XMLReader.read(String(contentsOf: Self.documents.appending(path: name), encoding: .utf8), for: .none)
  }

  private func text(_ element: XMLElement) -> String {
    var writer = XMLWriter(capacity: 1024)
    writer.write(element, depth: 0)
    return String(decoding: writer.array, as: UTF8.self)
  }

  // MARK: - Hosts

  @Test func readsAHost() throws {
    let host = try HostCapabilities(reading: corpus("capability/rich.xml")).host
    #expect(host.uuid.map { "\($0)" } == "25c2f1c4-4f5e-4a12-bbbc-a14a4cd7b5ef")
    #expect(host.processor.architecture == "x86_64" && host.processor.model == "Penryn" && host.processor.vendor == "Intel")
    #expect(host.processor.features == ["x"] && host.processor.pageSizes == [4])
    #expect(host.sleeps == [.memory, .disk, .hybrid] && host.translatesAddresses == true)
    #expect(host.migration == .init(isLive: true, transports: ["tcp"]))
    let cell = try #require(host.cells.first)
    #expect(cell.id == 0 && cell.memory == 1 && cell.pages == [.init(size: 4, count: 1)] && cell.distance(to: 0) == 10)
    #expect(cell.processors.map(\.siblings.text) == ["0"])
    let cache = try #require(host.caches.first)
    #expect(cache.level == 3 && cache.kind == .both && cache.size == 15 << 20 && cache.processors.text == "0-5")
    #expect(host.security.map(\.name) == ["selinux"] && host.security[0].label(ofDomainType: "kvm") == "s")
  }

  @Test func readsKindsOfGuests() throws {
    let capabilities = try HostCapabilities(reading: corpus("capability/rich.xml"))
    let guest = try #require(capabilities.guest(system: "hvm", architecture: "x86_64", domain: "kvm"))
    #expect(capabilities.guest(system: "xen") == nil && capabilities.guest(domain: "test") == nil)
    #expect(guest.wordSize == 64 && guest.emulator == "/e" && guest.loader == "/l")
    #expect(guest.machines == [.init("pc", canonical: "pc-1", processorLimit: 255)])
    #expect(guest.domains == [.init("qemu"), .init("kvm", emulator: "/e", machines: [.init("m")])])
    #expect(guest.features.contains(.init("apic", isOn: true, canSwitch: false)) && guest.features.contains(.init("pae")))
  }

  @Test(arguments: ["rich", "test"]) func writesWhatItRead(_ name: String) throws {
    let read = try HostCapabilities(reading: corpus("capability/\(name).xml"))
    var writer = XMLWriter(capacity: 1024)
    read.write(to: &writer)
    let again = try HostCapabilities(reading: XMLReader.read(String(decoding: writer.array, as: UTF8.self), for: .none))
    var second = XMLWriter(capacity: 1024)
    again.write(to: &second)
    #expect(String(decoding: writer.array, as: UTF8.self) == String(decoding: second.array, as: UTF8.self))
  }

  @Test func readsWhatItDescribed() throws {
    let processors = (0..<2).map { HostCell.Processor(id: $0, socket: 0, core: $0, siblings: NumberSet("\($0)") ?? NumberSet()) }
    let made = HostCapabilities(
      HostDescription(
        uuid: .random(),
        HostProcessor(architecture: "aarch64", model: "m", vendor: "v", traits: ["t"], features: ["f"], pageSizes: [4, 64]),
        sleeps: [.disk], translatesAddresses: false, migration: .init(isLive: true, transports: ["tcp", "rdma"]),
        cells: [HostCell(0, memory: 1024, pages: [.init(size: 4, count: 256)], distances: [(0, 10)], processors: processors)],
        caches: [CacheBank(0, level: 3, .data, size: 512, processors: NumberSet(below: 2))],
        security: [SecurityModel("dac", domain: "0", labels: [("kvm", "+1:+1")])]),
      guests: [
        GuestSupport(
          system: "hvm", architecture: "aarch64", wordSize: 64, loader: "/l", machines: [.init("virt", isDeprecated: true)],
          domains: [.init("kvm")], features: [.init("acpi", isOn: true, canSwitch: true)])
      ])
    let read = try HostCapabilities(reading: made.element)
    #expect(text(read.element) == text(made.element))
    #expect(read.host.cells[0].processors == processors && read.host.migration?.transports == ["tcp", "rdma"])
    #expect(read.guests[0].machines[0].isDeprecated && read.guests[0].features[0].canSwitch)
  }

  @Test func keepsWhatItDoesNotKnow() throws {
    let known = "<capabilities><host own='1'><cpu><arch>x86_64</arch></cpu><other a='b'>c</other></host></capabilities>"
    let read = try HostCapabilities(reading: XMLReader.read(known, for: .none))
    #expect(read.host.element["own"] == "1" && read.host.element.first("other")?.text == "c")
  }

  @Test(arguments: [
    ("<x/>", "<capabilities>"), ("<capabilities/>", "<host>"), ("<host/>", "<cpu>"), ("<host><cpu/></host>", "<arch>"),
    ("<host><cpu><arch>x</arch></cpu></host>", "<arch> (line 2): it has no such value: 'x'"),
    ("<host><uuid>x</uuid><cpu><arch>i686</arch></cpu></host>", "<uuid>"),
    ("<host><cpu><arch>i686</arch></cpu><topology/></host>", "<cells>"),
    ("<host><cpu><arch>i686</arch></cpu><topology><cells num='2'><cell id='0'/></cells></topology></host>", "<cells> (line 2)"),
    ("<host><cpu><arch>i686</arch></cpu><topology><cells num='2'><cell id='0'/><cell id='0'/></cells></topology></host>", "twice"),
    (
      "<host><cpu><arch>i686</arch></cpu><topology><cells num='1'><cell id='0'><distances><sibling id='1' value='10'/></distances></cell></cells></topology></host>",
      "no cell '1'"
    ),
    (
      "<host><cpu><arch>i686</arch></cpu><topology><cells num='1'><cell id='0'><cpus num='1'><cpu id='0' siblings='x'/></cpus></cell></cells></topology></host>",
      "'siblings'"
    ),
    ("<host><cpu><arch>i686</arch></cpu><cache><bank id='0' size='1' unit='zz' cpus='0'/></cache></host>", "unit"),
    (
      "<host><cpu><arch>i686</arch></cpu><topology><cells><cell id='0'/></cells></topology></host>",
      "<cells> (line 2): 'num' is missing"
    ),
    (
      "<host><cpu><arch>i686</arch></cpu><topology><cells num='1'>\n<cell/></cells></topology></host>",
      "<cell> (line 3): 'id' is missing"
    ),
    (
      "<host><cpu><arch>i686</arch></cpu><topology><cells num='1'><cell id='0'>\n<pages>1</pages></cell></cells></topology></host>",
      "<pages> (line 3): 'size' is missing"
    ),
    (
      "<host><cpu><arch>i686</arch></cpu><topology><cells num='1'><cell id='0'>\n<pages size='4'/></cell></cells></topology></host>",
      "<pages> (line 3)"
    ),
    (
      "<host><cpu><arch>i686</arch></cpu><topology><cells num='1'><cell id='0'><distances>\n<sibling id='0'/></distances></cell></cells></topology></host>",
      "<sibling> (line 3): 'value' is missing"
    ),
    (
      "<host><cpu><arch>i686</arch></cpu><topology><cells num='1'><cell id='0'><distances>\n<sibling id='0' value='9'/></distances></cell></cells></topology></host>",
      "<sibling> (line 3): 'value' has no such value: '9'; it is a number from 10 to 255"
    ),
    (
      "<host><cpu><arch>i686</arch></cpu><topology><cells num='1'><cell id='0'><cpus num='1'>\n<cpu id='0'/></cpus></cell></cells></topology></host>",
      "<cpu> (line 3): 'siblings' is missing"
    ),
    (
      "<host><cpu><arch>i686</arch></cpu><cache>\n<bank id='0' unit='B' cpus='0'/></cache></host>",
      "<bank> (line 3): 'size' is missing"
    ),
    ("<host><cpu><arch>i686</arch></cpu><cache>\n<bank size='1' unit='B'/></cache></host>", "<bank> (line 3): 'cpus' is missing"),
    ("<host><cpu><arch>i686</arch></cpu><cache><bank size='1' unit='B' cpus='x'/></cache></host>", "'cpus' is no list"),
    (
      "<host><cpu><arch>i686</arch></cpu></host><guest><os_type>hvm</os_type><arch name='i686'><wordsize>32</wordsize>\n<domain/></arch></guest>",
      "<domain> (line 3): 'type' is missing"
    ),
    ("<host><cpu><arch>i686</arch></cpu><secmodel><model>m</model></secmodel></host>", "<doi>"),
    ("<host><cpu><arch>i686</arch></cpu></host><guest><os_type>hvm</os_type></guest>", "<arch>"),
    (
      "<host><cpu><arch>i686</arch></cpu></host><guest><os_type>hvm</os_type><arch name='i686'><wordsize>7</wordsize></arch></guest>",
      "'7'"
    ),
    (
      "<host><cpu><arch>i686</arch></cpu></host><guest><os_type>hvm</os_type><arch name='i686'><wordsize>32</wordsize></arch></guest>",
      "<domain>"
    ),
  ])
  func refusesBadHosts(_ parts: String, _ reason: String) {
    let document = parts.hasPrefix("<host") ? "<capabilities>\n\(parts)</capabilities>" : parts
    #expect { try HostCapabilities(reading: XMLReader.read(document, for: .none)) } throws: { error in
      (error as? VirtError)?.detail.contains(reason.replacing("<capabilities>", with: "capabilities")) == true
    }
  }

  // MARK: - Domains

  @Test func readsWhatDomainsCanHave() throws {
    let read = try DomainCapabilities(reading: corpus("domaincaps/rich.xml"))
    #expect(read.emulator == "/e" && read.domain == "kvm" && read.machine == "pc" && read.architecture == "x86_64")
    #expect(read.processorLimit == 255)
    #expect(read.platform.map(\.name) == ["iothreads", "os", "memoryBacking"])
    #expect(read.platform[1].values(of: "firmware") == ["efi"])
    #expect(read.devices.first { $0.name == "disk" }?.values(of: "d") == ["disk"])
    #expect(read.features.first { $0.name == "gic" }?.isThere == false && read.features.first { $0.name == "sev" }?.isThere == true)
    let custom = try #require(read.processors.last)
    #expect(
      custom.name == "custom" && custom.models == ["q"] && custom.isUsable(model: "q") == true && custom.isUsable(model: "z") == nil
    )
    #expect(read.processors[2].features.map(\.name) == ["ss"])
    #expect(text(try DomainCapabilities(reading: read.element).element) == text(read.element))
  }

  @Test func describesWhatDomainsCanHave() throws {
    let host = ProcessorHost("Penryn", [])
    let made = DomainCapabilities(
      emulator: "/e", domain: "kvm", machine: nil, architecture: "x86_64", processorLimit: 4,
      platform: [GuestOption("os", isThere: true)],
      processors: ProcessorMode.all(on: host, expanded: false, all: false),
      devices: GuestOption.table("disk bus: ide scsi\n-tpm"), features: [])
    let read = try DomainCapabilities(reading: made.element)
    #expect(read.devices.map(\.isThere) == [true, false] && read.devices[0].values(of: "bus") == ["ide", "scsi"])
    let custom = try #require(read.processors.last)
    #expect(custom.isUsable(model: "Penryn") == true && custom.isUsable(model: "Skylake-Client") == false)
    #expect(custom.blockers(of: "Penryn").isEmpty && custom.blockers(of: "Skylake-Client").contains("avx2"))
    let without = ProcessorMode.all(on: nil, expanded: false, all: false)
    #expect(without.allSatisfy { !$0.isThere } && without[3].models.isEmpty)
  }

  @Test(arguments: [
    ("<x/>", "domainCapabilities"), ("<path>/e</path>", "<domain>"),
    ("<path>/e</path><domain>kvm</domain><arch>x</arch>", "<arch> (line 2): there is no architecture 'x'"),
    ("<path>/e</path><domain>kvm</domain><arch>i686</arch><vcpu/>", "<vcpu> (line 2): 'max' is missing"),
    ("<path>/e</path><domain>kvm</domain><arch>i686</arch><devices>\n<disk/></devices>", "<disk> (line 3): 'supported' is missing"),
    ("<path>/e</path><domain>kvm</domain><arch>i686</arch><os/>", "<os> (line 2): 'supported' is missing"),
    ("<path>/e</path><domain>kvm</domain><arch>i686</arch><features><gic/></features>", "<gic> (line 2): 'supported' is missing"),
    ("<path>/e</path><domain>kvm</domain><arch>i686</arch><cpu><mode/></cpu>", "<mode> (line 2): 'name' is missing"),
  ])
  func refusesBadDomains(_ parts: String, _ reason: String) {
    let document = parts == "<x/>" ? parts : "<domainCapabilities>\n\(parts)</domainCapabilities>"
    #expect { try DomainCapabilities(reading: XMLReader.read(document, for: .none)) } throws: { error in
      (error as? VirtError)?.detail.contains(reason) == true
    }
  }
}

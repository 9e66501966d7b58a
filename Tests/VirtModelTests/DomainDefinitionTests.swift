import Testing
import VirtCore
import VirtModel
import VirtXML

private let context = ModelContext(architecture: "x86_64", interfacePrefix: "tap")

private func read(_ text: String) throws(VirtError) -> DomainDefinition {
  try DomainDefinition.read(try XMLReader.read(text, for: .domain), context)
}

private func domain(_ below: String, devices: String = "") throws(VirtError) -> DomainDefinition {
  try read(
    """
    <domain type='test'><name>n</name><uuid>6695eb01-f6a4-8304-79aa-97f2502e193f</uuid><memory>1024</memory>\
    <os><type>hvm</type></os>\(below)<devices>\(devices)</devices></domain>
    """)
}

private func text(_ definition: DomainDefinition, id: Int32 = -1) -> String {
  String(decoding: definition.text(id: id), as: UTF8.self)
}

private func refusal(_ make: () throws(VirtError) -> DomainDefinition) -> VirtError? {
  do throws(VirtError) {
    _ = try make()
    return nil
  } catch { return error }
}

@Suite struct DomainDefinitionTests {
  @Test func fillsInWhatDocumentsLeaveOut() throws {
    let definition = try domain("")
    #expect(
      text(definition) == """
        <domain type='test'>
          <name>n</name>
          <uuid>6695eb01-f6a4-8304-79aa-97f2502e193f</uuid>
          <memory unit='KiB'>1024</memory>
          <currentMemory unit='KiB'>1024</currentMemory>
          <vcpu placement='static'>1</vcpu>
          <os>
            <type arch='x86_64'>hvm</type>
            <boot dev='hd'/>
          </os>
          <clock offset='utc'/>
          <on_poweroff>destroy</on_poweroff>
          <on_reboot>restart</on_reboot>
          <on_crash>destroy</on_crash>
          <devices>
          </devices>
        </domain>

        """)
    #expect(text(definition, id: 7).hasPrefix("<domain type='test' id='7'>\n"))
    #expect(text(definition).hasPrefix("<domain type='test'>\n"))
  }

  @Test func keepsWhatItDoesNotKnow() throws {
    let unknown = "<future a='1'>t<b c='&amp;'/></future>"
    let text = text(try domain(unknown, devices: "<gadget x='1'><y/></gadget>"))
    #expect(text.contains("  <future a='1'>t<b c='&amp;'/></future>\n"))
    #expect(text.contains("    <gadget x='1'>\n      <y/>\n    </gadget>\n"))
  }

  @Test func readsWhatItWrote() throws {
    let definition = try domain(
      "<memtune><hard_limit unit='MiB'>1</hard_limit></memtune><pm/><cpu><model>m</model></cpu><seclabel type='none'/>",
      devices: """
        <video/><graphics type='vnc' passwd='p'/><disk><target dev='sda'/><source file='/a'/></disk>\
        <interface type='bridge'><source bridge='b'/></interface><console type='pty'/><rng model='virtio'><backend model='random'/></rng>
        """)
    let again = try read(String(decoding: definition.textWithSecrets(id: -1), as: UTF8.self))
    #expect(text(again) == text(definition))
    #expect(!text(definition).contains("passwd") && again.textWithSecrets(id: -1) == definition.textWithSecrets(id: -1))
  }

  @Test func ordersDevicesAndTheirParts() throws {
    let text = text(
      try domain(
        "",
        devices: "<memballoon model='none'/><disk device='disk' type='file'><target bus='ide' dev='hda'/><source file='/a'/></disk>"
      ))
    let disk = """
          <disk type='file' device='disk'>
            <source file='/a'/>
            <target dev='hda' bus='ide'/>
            <address type='drive' controller='0' bus='0' target='0' unit='0'/>
          </disk>
          <controller type='ide' index='0'/>
          <memballoon model='none'/>

      """
    #expect(text.contains(disk))
  }

  @Test(arguments: [
    ("sda", "scsi", "controller='0' bus='0' target='0' unit='0'"), ("sdh", "scsi", "controller='1' bus='0' target='0' unit='0'"),
    ("hdd", "ide", "controller='0' bus='1' target='0' unit='1'"), ("sdg", "sata", "controller='1' bus='0' target='0' unit='0'"),
    ("fdb", "fdc", "controller='0' bus='0' target='0' unit='1'"), ("sdaa", "scsi", "controller='3' bus='0' target='0' unit='5'"),
  ])
  func placesDisksOnTheirBus(_ name: String, _ bus: String, _ address: String) throws {
    let device = bus == "fdc" ? "floppy" : "disk"
    let definition = try domain(
      "", devices: "<disk device='\(device)'><source file='/a'/><target dev='\(name)' bus='\(bus)'/></disk>")
    #expect(text(definition).contains("<address type='drive' \(address)/>"))
  }

  @Test func countsControllersAndInterfaces() throws {
    let text = text(
      try domain(
        "",
        devices:
          "<controller type='usb'/><controller type='pci'/><controller type='usb'/><interface type='user'/><interface type='user'/>"
      ))
    for part in ["type='usb' index='0'", "type='pci' index='0'", "type='usb' index='1'", "dev='tap0'", "dev='tap1'"] {
      #expect(text.contains(part))
    }
  }

  @Test func aThousandTimesAsManyDevicesTakeNoSquareOfTheTime() throws {
    let letters = (0..<26).map { String(UnicodeScalar(UInt8(97 + $0))) }
    let disks = (0..<20_000).map { number in
      let last = letters[number / 676 % 26] + letters[number / 26 % 26] + letters[number % 26]
      let name = number < 17_576 ? last : "z" + last
      return "<disk><target dev='vd\(name)' bus='virtio'/><source file='/a'/></disk><sound model='ac97'/>"
    }
    #expect(try domain("", devices: disks.joined()).values.hardware.devices.count == 40_000)
  }

  @Test func sharesWhatDidNotChange() throws {
    let definition = try domain("<metadata><a:b xmlns:a='urn:a'/></metadata>")
    let changed = definition.changing { $0.title = "t" }
    #expect(changed.values.hardware === definition.values.hardware && definition.values.title == nil)
    #expect(text(changed).contains("<title>t</title>"))
  }

  @Test func keepsMetadataByNamespace() throws {
    var values = try domain("<metadata><a:b xmlns:a='urn:a' c='1'><a:d/></a:b><e xmlns='urn:e'/></metadata>").values
    #expect(values.foreignMetadata("urn:a") == "<b c=\"1\">\n  <d/>\n</b>")
    values.setForeignMetadata(try XMLReader.read("<new/>", for: .domain), prefix: "p", uri: "urn:a")
    #expect(values.foreignMetadata("urn:a") == "<new/>" && values.foreignMetadata("urn:e") == "<e/>")
    values.setForeignMetadata(nil, prefix: "", uri: "urn:e")
    #expect(values.foreignMetadata("urn:e") == nil)
  }

  @Test(arguments: [
    ("1", "KiB", UInt64(1)), ("1", "b", 1), ("1025", "bytes", 2), ("2", "GiB", 2_097_152), ("1", "MB", 977), (" 5 ", "k", 5),
  ])
  func readsSizes(_ number: String, _ unit: String, _ kibibytes: UInt64) throws {
    #expect(try ScaledSize.kibibytes(XMLElement("memory", [XMLAttribute("unit", unit)], [.text(number)])) == kibibytes)
  }

  @Test(arguments: [
    ("<domain/>", ErrorCode.noName), ("<x/>", .xmlError), ("<domain><name>n</name></domain>", .internalError),
    ("<domain type='t'><name>n</name></domain>", .configUnsupported), ("<domain type='test'><name>a/b</name></domain>", .xmlError),
    ("<domain type='test'><name>n</name><uuid>1</uuid></domain>", .internalError),
    ("<domain type='test'><name>n</name></domain>", .xmlError),
    ("<domain type='test'><name>n</name><memory>x</memory></domain>", .xmlError),
    ("<domain type='test'><name>n</name><memory unit='y'>1</memory></domain>", .invalidArg),
    ("<domain type='test'><name>n</name><memory unit='EiB'>99</memory></domain>", .overflow),
    ("<domain type='test'><name>n</name><memory>1</memory><vcpu current='3'>2</vcpu></domain>", .configUnsupported),
    ("<domain type='test'><name>n</name><memory>1</memory></domain>", .xmlError),
    ("<domain type='test'><name>n</name><memory>1</memory><os><type>q</type></os></domain>", .configUnsupported),
  ])
  func refusesWhatIsWrong(_ document: String, _ code: ErrorCode) throws {
    #expect(try #require(refusal { () throws(VirtError) in try read(document) }).code == code)
  }

  @Test(arguments: [
    ("<disk type='q'/>", ErrorCode.xmlError), ("<disk/>", .noTarget), ("<disk><target dev='vda'/></disk>", .noSource),
    ("<interface type='bridge'/>", .xmlError), ("<interface type='user'><mac address='1:2'/></interface>", .xmlError),
    ("<interface type='user'><mac address='01:00:00:00:00:00'/></interface>", .xmlError),
  ])
  func refusesWrongDevices(_ device: String, _ code: ErrorCode) throws {
    #expect(try #require(refusal { () throws(VirtError) in try domain("", devices: device) }).code == code)
  }
}

import Testing
import VirtCore
import VirtModel
import VirtXML

@Suite struct CheckpointTests {
  private func read(_ text: String) throws -> CheckpointRequest {
    let element = try XMLReader.read("<domaincheckpoint>\(text)</domaincheckpoint>", for: .domainCheckpoint)
    return try .read(element, ModelContext(architecture: "x86_64", interfacePrefix: "net"), isExisting: false)
  }

  @Test func readsWhatIsAskedFor() throws {
    let request = try read(
      "<name>a.b-1_</name><description>d</description><parent><name>p</name></parent><creationTime>7</creationTime>"
        + "<disks><disk name='vda'/><disk name='vdb' checkpoint='no'/><disk name='vdc' checkpoint='bitmap' bitmap='m' size='3'/></disks>"
    )
    #expect(request.name == "a.b-1_" && request.description == "d" && request.parent == "p" && request.creationTime == 7)
    #expect(request.disks?.map(\.isKept) == [nil, false, true])
    #expect(request.disks?.map(\.bitmap) == [nil, nil, "m"])
    #expect(try read("").disks == nil)
  }

  @Test(arguments: [
    "<name/>", "<name>a/b</name>", "<name>.a</name>", "<name>é</name>", "<name>a</name><name>b</name>", "<other/>", "text",
    "<creationTime>x</creationTime>", "<creationTime>-1</creationTime>", "<parent/>", "<disks/>", "<disks><disk/></disks>",
    "<disks><disk name=''/></disks>", "<disks><disk name='a' x='y'/></disks>", "<disks><disk name='a'><b/></disk></disks>",
    "<disks><disk name='a' size='-1'/></disks>", "<disks><disk name='a' checkpoint='x'/></disks>",
    "<disks><disk name='a' checkpoint='no' bitmap='b'/></disks>",
  ])
  func refuses(_ text: String) {
    #expect { try read(text) } throws: { ($0 as? VirtError)?.code == .xmlInvalidSchema }
  }

  @Test func writesWhatItHolds() {
    let definition = CheckpointDefinition(
      name: "n", description: "<", creationTime: 5,
      disks: [.init(name: "vda", bitmap: "m"), .init(name: "vdb", bitmap: nil)], domain: nil)
    var writer = XMLWriter(capacity: 64)
    definition.write(to: &writer, parent: "p", secrets: true)
    #expect(
      String(decoding: writer.array, as: UTF8.self) == """
        <domaincheckpoint>
          <name>n</name>
          <description>&lt;</description>
          <parent>
            <name>p</name>
          </parent>
          <creationTime>5</creationTime>
          <disks>
            <disk name='vda' checkpoint='bitmap' bitmap='m'/>
            <disk name='vdb' checkpoint='no'/>
          </disks>
        </domaincheckpoint>

        """)
  }
}

@Suite struct DiskChainTests {
  private let disk = """
    <disk type='file' device='disk'><driver name='qemu' type='qcow2' cache='none'/><source file='/top'/>\
    <backingStore type='block'><format type='raw'/><source dev='/base'/><backingStore/></backingStore>\
    <target dev='vda' bus='virtio'/></disk>
    """

  @Test func isWrittenAsItIsRead() throws {
    let element = try XMLReader.read(disk, for: .domain)
    let chain = DiskChain(element)
    #expect(chain.layers.map(\.type) == ["file", "block"] && chain.layers.map(\.format) == ["qcow2", "raw"])
    #expect(chain.written(in: element) == element)
  }

  @Test func isFoundByPlaceAndByName() throws {
    let chain = DiskChain(try XMLReader.read(disk, for: .domain))
    #expect(chain.index(of: "/base", disk: "vda") == 1 && chain.index(of: "vda[0]", disk: "vda") == 0)
    for name in ["vda[2]", "vda[-1]", "vda[]", "vda", "vdb[0]", "vda[0", ""] { #expect(chain.index(of: name, disk: "vda") == nil) }
  }

  @Test func losesWhatIsBehind() throws {
    let element = try XMLReader.read(disk, for: .domain)
    var chain = DiskChain(element)
    chain.layers.removeFirst()
    let written = chain.written(in: element)
    #expect(written["type"] == "block" && written.first("backingStore") == nil && written.first("source")?["dev"] == "/base")
    #expect(written.first("driver")?["cache"] == "none" && written.first("driver")?["type"] == "raw")
  }
}

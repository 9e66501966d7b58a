import Testing
import VirtCore
import VirtModel
import VirtXML

@Suite struct BackupTests {
  private func domain() throws -> DomainDefinition {
    let text = """
      <domain type='test'><name>d</name><memory>1</memory><os><type>hvm</type></os><devices>
      <disk type='file'><source file='/a'/><target dev='vda'/></disk>
      <disk type='file'><source file='/b'/><target dev='vdb'/></disk>
      <disk type='file' device='cdrom'><target dev='hdc'/><readonly/></disk></devices></domain>
      """
    return try .read(XMLReader.read(text, for: .domain), ModelContext(architecture: "x86_64"))
  }

  private func read(_ text: String) throws -> BackupDefinition {
    try BackupDefinition(reading: XMLReader.read("<domainbackup\(text)</domainbackup>", for: .domain))
  }

  @Test func completesWhatIsLeftOut() throws {
    let complete = try read("><incremental>c</incremental>").completed(for: domain())
    #expect(complete.isPush && complete.base == "c")
    #expect(complete.disks.map(\.isKept) == [true, true, false] && complete.disks.map(\.base) == ["c", "c", nil])
    #expect(complete.disks[0].path == "/a.backup")
    #expect(complete.element.elements.map(\.name) == ["incremental", "disks"])
  }

  @Test func takesOnlyDisksThatAreNamed() throws {
    let complete = try read(
      " mode='pull'><disks><disk own='x' name='vdb' backupmode='full' exportname='e'/></disks><server name='h'/>"
    ).completed(for: domain())
    #expect(!complete.isPush && complete.disks.map(\.isKept) == [false, true, false])
    #expect(complete.disks[1].exportName == "e" && complete.disks[1].base == nil && complete.disks[1].path == nil)
    #expect(complete.disks[1].element["own"] == "x")
    #expect(complete.element.elements.map(\.name) == ["server", "disks"])
    #expect(try !read("><disks><disk name='hdc'/></disks>").completed(for: domain()).disks.contains { $0.isKept })
    let again = try BackupDefinition(reading: complete.element).completed(for: domain())
    #expect(again.element == complete.element)
  }

  @Test(arguments: [
    (" mode='x'>", "'x'"), (" mode='pull'>", "<server>"), ("><disks>\n<disk/></disks>", "<disk> (line 2)"),
    ("><disks>\n<disk name='vda'/>\n<disk name='vda'/></disks>", "line 3"), ("><disks><disk name='vdq'/></disks>", "'vdq'"),
  ])
  func refuses(_ text: String, _ reason: String) throws {
    let domain = try domain()
    #expect { try read(text).completed(for: domain) } throws: { ($0 as? VirtError)?.detail.contains(reason) == true }
  }
}

import Testing
import VirtCore
import VirtXML

/// What is checked in one variant of an element and not in another.
@Suite struct DocumentVariantTests {
  private func refusal(_ device: String) throws -> String? {
    let element = try XMLReader.read("<devices>\n\(device)</devices>", for: .domain)
    do throws(VirtError) {
      try DocumentGrammar.devices.check(element)
      return nil
    } catch { return error.detail }
  }

  @Test(
    arguments: [
      // Its own attribute chooses, the one around, and both.
      ("<hostdev mode='subsystem' type='mdev'/>", "<hostdev> (line 2): 'model' is missing"),
      ("<hostdev mode='subsystem' type='usb'/>", nil), ("<hostdev type='mdev'/>", "<hostdev> (line 2): 'model' is missing"),
      ("<interface type='direct'><source dev='a' mode='zzz'/></interface>", "<source> (line 2): 'mode' has no such value: 'zzz'"),
      ("<interface type='vhostuser'><source type='unix' path='/a'/></interface>", "<source> (line 2): 'mode' is missing"),
      ("<interface type='bridge'><source bridge='a' mode='zzz'/></interface>", nil),
      ("<disk type='network'><source name='a'/></disk>", "<source> (line 2): 'protocol' is missing"),
      ("<disk type='network'><source protocol='rbd'/></disk>", "<source> (line 2): 'name' is missing"),
      ("<disk type='network'><source protocol='nbd'/></disk>", nil), ("<disk type='file'><source protocol='zzz'/></disk>", nil),
      // What readers look at in all variants, and in none.
      ("<disk type='file' rawio='zzz'/>", "<disk> (line 2): 'rawio' has no such value: 'zzz'"),
      ("<controller type='ide' model='virtio'/>", "<controller> (line 2): 'model' has no such value: 'virtio'"),
      ("<controller type='sata' model='x'/>", "<controller> (line 2): 'model' has no such value: 'x'; it has none here"),
      // Parts of one name that are another thing in each variant.
      ("<disk><address type='drive' bus='0x1'/></disk>", "<address> (line 2): 'bus' has no such value: '0x1'"),
      ("<disk><address type='pci' bus='0x1'/></disk>", nil), ("<disk><address type='usb' port='1.2'/></disk>", nil),
      // Empty is as good as not there.
      ("<graphics type='vnc'><listen type='network' network=''/></graphics>", "<listen> (line 2): 'network' is missing"),
    ] as [(String, String?)])
  func checks(_ device: String, _ expected: String?) throws {
    let said = try refusal(device)
    if let expected { #expect(said?.hasPrefix(expected) == true) } else { #expect(said == nil) }
  }
}

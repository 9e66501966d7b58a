import Testing
import VirtCore
import VirtModel
import VirtXML

private func network(_ text: String) throws -> NetworkDefinition {
  try NetworkDefinition.read(try XMLReader.read("<network><name>n</name>\(text)</network>", for: .network))
}

private func text(_ definition: NetworkDefinition) -> String { String(decoding: definition.text, as: UTF8.self) }

@Suite struct NetworkDefinitionTests {
  @Test func keepsWhatItDoesNotKnow() throws {
    let definition = try network(
      "<x:y xmlns:x='urn:x'><z a='1'>t</z></x:y><ip address='10.0.0.1' prefix='24'><new/></ip><forward mode='route' q='r'/>")
    let written = text(definition)
    #expect(written.hasSuffix("<x:y xmlns:x='urn:x'>\n    <z a='1'>t</z>\n  </x:y>\n</network>\n"))
    #expect(written.contains("<forward mode='route' q='r'/>") && written.contains("    <new/>\n  </ip>"))
    let again = try NetworkDefinition.read(try XMLReader.read(written, for: .network))
    #expect(text(again) == written)
  }

  @Test func makesAUUIDWhereThereIsNone() throws {
    #expect(try network("").uuid != network("").uuid)
    #expect(try network("<uuid/>").uuid != .zero)
  }

  @Test func countsConnectionsInItsFirstLine() throws {
    let definition = try network("<bridge name='b'/>")
    #expect(
      String(decoding: definition.text(connections: 3), as: UTF8.self)
        == text(definition).replacing("<network>", with: "<network connections='3'>"))
    #expect(definition.text(connections: 0) == definition.text)
  }

  @Test(arguments: [
    ("<bridge name='b'/>", "<plug type='network' bridge='b'/>"),
    ("<forward mode='bridge'/><bridge name='b'/>", "<plug type='bridge' bridge='b'/>"),
    ("<forward mode='vepa' dev='e'/>", "<plug type='direct' dev='e' mode='vepa'/>"),
    ("<forward mode='hostdev'><pf dev='e'/></forward>", ""),
    ("", ""),
  ])
  func saysWhereAPortIsPluggedIn(_ document: String, _ plug: String) throws {
    var writer = XMLWriter()
    if let element = try network(document).plug { writer.write(inline: element, style: .document, pretty: false) }
    #expect(String(decoding: writer.array, as: UTF8.self) == plug)
  }

  @Test func givesAddressesOnce() throws {
    let definition = try network(
      "<ip address='10.0.0.1' prefix='29'><dhcp><range start='10.0.0.2' end='10.0.0.4'/><host mac='AA:00:00:00:00:02' name='two' ip='10.0.0.3'/></dhcp></ip>"
    )
    let leases = definition.leases(to: ["aa:00:00:00:00:01", "aa:00:00:00:00:02", "aa:00:00:00:00:03", "aa:00:00:00:00:04"])
    #expect(leases.map(\.address) == ["10.0.0.2", "10.0.0.3", "10.0.0.4"])
    #expect(leases.map(\.name) == [nil, "two", nil] && leases.allSatisfy { $0.prefix == 29 })
    #expect(try network("<ip address='10.0.0.1' prefix='24'/>").leases(to: ["aa:00:00:00:00:01"]).isEmpty)
  }

  @Test func readsManyHosts() throws {
    let hosts = (0..<20_000).map { number in
      "<host mac='52:54:00:\(hexadecimal(number >> 16)):\(hexadecimal(number >> 8 & 255)):\(hexadecimal(number & 255))' ip='10.0.\(number >> 8).\(number & 255)'/>"
    }
    let definition = try network("<ip address='10.0.0.1' prefix='16'><dhcp>\(hosts.joined())</dhcp></ip>")
    #expect(definition.text.count > 1_000_000)
  }

  private func hexadecimal(_ byte: Int) -> String { byte < 16 ? "0\(String(byte, radix: 16))" : String(byte, radix: 16) }
}

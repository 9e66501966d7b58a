import Testing
import VirtCore
import VirtXML

@testable import VirtModel

/// What the grammar's tables say of documents, and what readers take of them.
@Suite struct GrammarTests {
  private func refusal(_ text: String, _ grammar: DocumentGrammar) throws -> VirtError? {
    do throws(VirtError) {
      try grammar.check(try XMLReader.read(text, for: .xml))
      return nil
    } catch { return error }
  }

  @Test(
    arguments: [
      ("<secret><usage type='ceph'><name>n</name></usage></secret>", nil), ("<secret><usage type='none'/></secret>", nil),
      // The element is missing, is empty, and is that of another variant.
      ("<secret><usage type='ceph'/></secret>", "<usage> (line 1): <name> is missing"),
      ("<secret><usage type='ceph'><name/></usage></secret>", "<usage> (line 1): <name> is missing"),
      ("<secret><usage type='iscsi'><name>n</name></usage></secret>", "<usage> (line 1): <target> is missing"),
      // An attribute comes before what stands in the element.
      ("<secret><usage type=''><name/></usage></secret>", "<usage> (line 1): 'type' is missing"),
    ] as [(String, String?)])
  func missesElements(_ text: String, _ expected: String?) throws {
    let error = try refusal(text, .secretDocument)
    #expect(error?.detail == expected)
    if error != nil { #expect(error?.domain == .secret) }
  }

  @Test func takesTheFirstOfWhatStandsOnce() throws {
    let text = """
      <secret later='1' private='yes'><d/>text<usage type='ceph'><x/><name>1</name><name>2</name></usage><usage type='none'/>\
      <description/><uuid>3</uuid><uuid>4</uuid></secret>
      """
    let taken = DocumentGrammar.secretDocument.taken(try XMLReader.read(text, for: .xml))
    #expect(taken.attributes.map(\.name) == ["private", "later"])
    #expect(taken.elements.map { $0.name + $0.text } == ["uuid3", "usage", "d"] && !taken.hasText)
    #expect(taken.first("usage")?.elements.map { $0.name + $0.text } == ["name1", "x"])
    #expect(DocumentGrammar.secretDocument.taken(taken) == taken)
  }

  @Test func writesNumbersInTheirWidth() throws {
    let text = "<capability type='pci'><bus> 07</bus><class>0X1</class><vendor id='fffff'/><product id='1'/></capability>"
    let taken = DocumentGrammar.nodedevDocument["capability"].taken(try XMLReader.read(text, for: .xml))
    let written = taken.elements.map { $0.name + $0.text + ($0["id"] ?? "") }
    #expect(written == ["class0x000001", "bus7", "product0x0001", "vendor0xfffff"])
  }

  @Test func knowsEachKindOfDevice() {
    for kind in DeviceKind.allCases {
      #expect(DocumentGrammar.devices.place(XMLElement("\(kind)")) == kind.rawValue)
    }
  }

  @Test(
    arguments: [
      ("1:2:3:4:5:6", "01:02:03:04:05:06"), ("$MAC", "$MAC"), ("$M[ @ 1 ]", "$M[@1]"), ("$M[1", nil), ("1:2:3:4:5", nil),
      ("1:2:3:4:5:+6", nil), ("$M[@99999999999]", nil), ("$Ä", nil),
    ] as [(String, String?)])
  func writesHardwareAddresses(_ text: String, _ written: String?) {
    #expect(FilterValue.mac(text) == written)
  }
}

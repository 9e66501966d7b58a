import Testing
import VirtCore
import VirtXML

private func element(_ text: String) throws(VirtError) -> XMLElement { try XMLReader.read(text, for: .domain) }

private func text(_ element: XMLElement, _ style: XMLStyle = .document) -> String {
  var writer = XMLWriter()
  writer.write(inline: element, style: style, pretty: false)
  return String(decoding: writer.bytes, as: UTF8.self)
}

@Suite struct XMLElementTests {
  @Test func looks() throws {
    let root = try element("<a x='1'><b/>t<c y='long enough to need memory of its own'>u<d/>v</c><b z='2'/></a>")
    #expect(root.name == "a" && root.isNamed("a") && !root.isNamed("ab"))
    #expect(root["x"] == "1" && root["y"] == nil && root.has("x", "1") && !root.has("x", "12"))
    let name = "x"
    #expect(root[named: name] == "1" && root.first("c" + "")?.text == "uv")
    #expect(root.first("c")?["y"] == "long enough to need memory of its own")
    #expect(Array(root.elements).map(\.name) == ["b", "c", "b"])
    #expect(root.first("b")?.isEmpty == true && root.first("d") == nil && root.hasText && root.attributeCount == 1)
  }

  @Test func changesNothingButACopy() throws {
    let root = try element("<a x='1' y='2'><b/>t<c/></a>")
    #expect(text(root.setting("x", "9")) == "<a x='9' y='2'><b/>t<c/></a>")
    #expect(text(root.setting("z", "<")) == "<a x='1' y='2' z='&lt;'><b/>t<c/></a>")
    #expect(text(root.setting("z", "3", inFront: true)) == "<a z='3' x='1' y='2'><b/>t<c/></a>")
    #expect(text(root.setting("x", nil)) == "<a y='2'><b/>t<c/></a>")
    #expect(text(root.setting("z", nil)) == text(root))
    #expect(text(root.appending(XMLElement("d", text: "u"))) == "<a x='1' y='2'><b/>t<c/><d>u</d></a>")
    #expect(text(root.replacing("b", with: XMLElement("d"))) == "<a x='1' y='2'><d/>t<c/></a>")
    #expect(text(root.replacing("e", with: XMLElement("e"))) == "<a x='1' y='2'><b/>t<c/><e/></a>")
    #expect(text(root.filtered { !$0.isNamed("b") }) == "<a x='1' y='2'>t<c/></a>")
    #expect(text(root.renamed("other")) == "<other x='1' y='2'><b/>t<c/></other>")
    #expect(text(root.with(attributes: [])) == "<a><b/>t<c/></a>")
    #expect(text(root) == "<a x='1' y='2'><b/>t<c/></a>")
  }

  @Test func changesPartsOfALargerDocument() throws {
    let root = try element("<a><b x='1'><c/></b><d/></a>")
    let part = try #require(root.first("b"))
    #expect(text(part.setting("y", "2").appending(part)) == "<b x='1' y='2'><c/><b x='1'><c/></b></b>")
    let same = try element("<b x='1'>\n <c/></b>"), other = try element("<b x='1'><e/></b>"),
      third = try element("<b x='2'><c/></b>")
    #expect(part == same && part != other && part != third && part != root)
  }

  @Test func findsNamespaces() throws {
    let root = try element("<a xmlns='urn:d' xmlns:p='urn:p'><p:b/><c xmlns='urn:c'/><d/></a>")
    #expect(Array(root.elements).map { $0.namespace(within: [root]) } == ["urn:p", "urn:c", "urn:d"])
    #expect(root.first("p:b")?.localName == "b")
    #expect(text(try element("<a b='1' xmlns:p='u'/>"), .foreign) == #"<a xmlns:p="u" b="1"/>"#)
  }

  @Test func ordersParts() throws {
    let order = DocumentGrammar.memoryBacking
    let mixed = try element(
      "<e z='0'><locked/><zero><b/><a/></zero><hugepages><page unit='K' x='' size='2'/></hugepages><locked n='2'/></e>")
    #expect(
      text(order.arranged(mixed))
        == "<e z='0'><hugepages><page size='2' unit='K' x=''/></hugepages><locked/><locked n='2'/><zero><b/><a/></zero></e>")
    #expect(order.arranged(order.arranged(mixed)) == order.arranged(mixed))
    for kept in ["<e>t<locked/><hugepages/></e>", "<e><locked/><hugepages><page unit='K' size='2'/></hugepages>t</e>", "<e/>"] {
      #expect(text(order.arranged(try element(kept))) == kept)
    }
    #expect(
      text(DocumentGrammar.domain.arranged(try element("<d><uuid/><metadata><b/><a/></metadata><name/></d>")))
        == "<d><name/><uuid/><metadata><b/><a/></metadata></d>")
  }

  @Test func placesPartsByWhatStandsBesideThem() throws {
    let order = DocumentGrammar.interface
    let device = "<driver name='vfio'/><source/>", network = "<source/><model/><driver name='qemu'/>"
    #expect(
      text(order.arranged(try element("<i type='hostdev'><source/><driver name='vfio'/></i>"))) == "<i type='hostdev'>\(device)</i>"
    )
    for kind in [" type='network'", " type='zzz'", ""] {
      let given = try element("<i\(kind)><driver name='qemu'/><model/><source/></i>")
      #expect(text(order.arranged(given)) == "<i\(kind)>\(network)</i>")
      #expect(order.arranged(order.arranged(given)) == order.arranged(given))
    }
  }

  @Test func leavesPartsThatMayMix() throws {
    let given = try element("<i><latency target='1' initiator='0'/><bandwidth/><latency/></i>")
    #expect(
      text(DocumentGrammar.interconnects.arranged(given)) == "<i><latency initiator='0' target='1'/><bandwidth/><latency/></i>")
  }

  @Test func layOutKeepsTexts() throws {
    var writer = XMLWriter(capacity: 1)
    writer.write(try element("<a><b>t</b><c>u<d/></c><e/></a>"), depth: 1)
    #expect(
      String(decoding: writer.bytes, as: UTF8.self) == "  <a>\n    <b>t</b>\n    <c>u<d/></c>\n    <e/>\n  </a>\n")
  }

  @Test(arguments: [UInt64(0), 9, 10, 99, 100, .max]) func writesNumbers(_ number: UInt64) {
    var writer = XMLWriter()
    writer.write(number: number)
    #expect(String(decoding: writer.bytes, as: UTF8.self) == "\(number)")
  }

  @Test func leavesOutWhatNoDocumentCanHold() throws {
    let made = XMLElement("name", [XMLAttribute("a", "1\u{1}2\u{1f}3")], [.text("\u{0}x\u{b}y\u{c}")])
    #expect(text(made) == "<name a='123'>xy</name>")
    let high = XMLElement("name", [XMLAttribute("a", "\u{fffe}1\u{fffd}")], [.text("x\u{ffff}y\u{ef}\u{fffe}")])
    #expect(text(high) == "<name a='1\u{fffd}'>xy\u{ef}</name>")
  }
}

import Testing
import VirtCore
import VirtXML

/// What a text is read as, written again without layout.
private func reread(_ text: String) throws(VirtError) -> String {
  var writer = XMLWriter()
  writer.write(inline: try XMLReader.read(text, for: .domain), style: .document, pretty: false)
  return String(decoding: writer.bytes, as: UTF8.self)
}

private func refusal(_ text: String) -> VirtError? {
  do throws(VirtError) {
    _ = try XMLReader.read(text, for: .domain)
    return nil
  } catch { return error }
}

@Suite struct XMLReaderTests {
  @Test(arguments: [
    ("<a/>", "<a/>"),
    ("<a></a>", "<a/>"),
    ("<a> </a>", "<a> </a>"),
    ("<a>\n  <b/>\n  <c/>\n</a>", "<a><b/><c/></a>"),
    ("<a>\n  <b x='1'/>\n</a>", "<a><b x='1'/></a>"),
    ("<a>one <b>two</b> three</a>", "<a>one <b>two</b> three</a>"),
    ("<a x='1' y=\"2\"><b z='&lt;&amp;&quot;&apos;'/></a>", "<a x='1' y='2'><b z='&lt;&amp;&quot;&apos;'/></a>"),
    ("<a><![CDATA[<&>]]></a>", "<a>&lt;&amp;&gt;</a>"),
    ("<a>&#65;&#x42;</a>", "<a>AB</a>"),
    ("<?xml version='1.0'?><!-- c --><a><!-- d --><?p i?>t</a>", "<a>t</a>"),
    ("<p:a xmlns:p='urn:p'><p:b/></p:a>", "<p:a xmlns:p='urn:p'><p:b/></p:a>"),
    ("<a ä='ö'>日本</a>", "<a ä='ö'>日本</a>"),
  ])
  func readsWhatStandsThere(_ text: String, _ expected: String) throws {
    #expect(try reread(text) == expected)
  }

  @Test func readsOtherEncodings() throws {
    let latin: [UInt8] = Array("<?xml version='1.0' encoding='ISO-8859-1'?><a>".utf8) + [0xe4] + Array("</a>".utf8)
    let element = try latin.withUnsafeBufferPointer { try XMLReader.read($0, for: .domain) }
    #expect(element.text == "ä")
  }

  @Test(arguments: [
    "", " ", "<", "<a", "<a>", "<a></b>", "<a/><b/>", "<a x/>", "<a x='1' x='2'/>", "<a>&nbsp;</a>", "text", "<a>\u{1}</a>",
    "<a>]]></a>", "</a>", "<a b=c/>",
  ])
  func refusesWhatIsNotWellFormed(_ text: String) throws {
    let error = try #require(refusal(text))
    #expect(error.code == .xmlDetail && error.domain == .domain)
    #expect(error.detail.hasPrefix("line 1, column "))
  }

  @Test func saysWhereItIsWrong() throws {
    #expect(try #require(refusal("<a>\n<b>\n  </c></a>")).detail.hasPrefix("line 3, column 4: "))
  }

  @Test func refusesBytesThatAreNoText() {
    let bytes: [UInt8] = Array("<a>".utf8) + [0xff, 0xfe] + Array("</a>".utf8)
    #expect(throws: VirtError.self) { try bytes.withUnsafeBufferPointer { try XMLReader.read($0, for: .domain) } }
  }

  @Test func doesNotExpandDeclaredEntities() throws {
    var text = "<!DOCTYPE a [<!ENTITY e0 'ha'>"
    for level in 1..<30 { text += "<!ENTITY e\(level) '&e\(level - 1);&e\(level - 1);'>" }
    let error = try #require(refusal(text + "]><a>&e29;</a>"))
    #expect(error.detail.contains("&e29;"))
    #expect(refusal("<!DOCTYPE a [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><a>&f;</a>") != nil)
    #expect(refusal("<!DOCTYPE a [<!ENTITY e '<b/>'>]><a b='&e;'/>") != nil)
  }

  @Test func limitsHowDeepElementsNest() throws {
    let limit = XMLReader.depthLimit
    let deep = { (depth: Int) in String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth) }
    #expect(refusal(deep(limit)) == nil)
    #expect(try #require(refusal(deep(limit + 1))).detail.contains("nest deeper than \(limit)"))
    #expect(refusal(deep(1_000_000)) != nil)
  }

  @Test func limitsNames() throws {
    let name = String(repeating: "n", count: XMLReader.nameLimit)
    #expect(try reread("<\(name)/>") == "<\(name)/>")
    #expect(refusal("<\(name)n/>") != nil)
    #expect(refusal("<a \(name)n='1'/>") != nil)
  }

  @Test func readsWhatIsHuge() throws {
    let count = 200_000
    let text = "<a>" + String(repeating: "<b c='d'>e</b>", count: count) + "</a>"
    #expect(try XMLReader.read(text, for: .domain).elements.reduce(0) { sum, _ in sum + 1 } == count)
    let long = String(repeating: "x", count: 5_000_000)
    #expect(try XMLReader.read("<a b='\(long)'>\(long)</a>", for: .domain)["b"]?.utf8.count == 5_000_000)
  }

  @Test func knowsLines() throws {
    let root = try XMLReader.read("<a\nb='1'>\n\n <c/><d>\n</d></a>", for: .domain)
    #expect(root.line == 1 && root.first("c")?.line == 4 && root.first("d")?.line == 4)
  }

  @Test func readsOnManyThreadsAtOnce() async {
    await withTaskGroup(of: Bool.self) { group in
      for number in 0..<64 {
        group.addTask { (0..<50).allSatisfy { (try? reread("<a n='\(number)'>\($0)</a>")) == "<a n='\(number)'>\($0)</a>" } }
      }
      for await isRight in group { #expect(isRight) }
    }
  }
}

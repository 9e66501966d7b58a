import Glibc
import Testing
import VirtCore
import VirtXML

/// Numbers that are the same in every run.
private struct Sequence64 {
  var state: UInt64
  mutating func next(_ below: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(truncatingIfNeeded: (state >> 33) % UInt64(max(1, below)))
  }
}

/// The quick way of reading and expat's agree: whatever is accepted is accepted by both, as the same tree with the same lines.
@Suite struct XMLScannerTests {
  private static let documents = [
    "<a/>", "<a b='1' c=\"2\">t</a>", "<!-- c --><a>\n <b>x &lt; y</b>\n <!-- d -->\n <c/>\n</a>\n<!-- e -->",
    "<domain type='test'>\n  <name>n</name>\n  <memory unit='KiB'>1024</memory>\n  <os><type arch='x86_64'>hvm</type></os>\n</domain>",
    "<p:a xmlns:p='urn:p' q='&amp;&quot;'><p:b>] ]] ></p:b><![CDATA[<>]]></p:a>", "<?xml version='1.0' encoding='UTF-8'?><a/>",
    "<a>&#65; ä</a>", "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", "<a\n  b='x'\n/>", "<a> </a>", "<a>\r\n</a>", "<a b='\t'/>",
  ]
  private static let tokens = [
    "<", ">", "/", "</", "/>", "<!--", "-->", "--", "]]>", "]", "&", "&lt;", "&#0;", "&x;", ";", "'", "\"", "=", " ", "\n", "\t",
    "\r", "a",
    "<b>", "</b>", "</a>", " b='1'", "<![CDATA[", "<?p", "?>", "\u{1}", "ä", "\u{0}", ":", "-", "1", "<b", "<b c='&gt;'/>",
  ]

  private static func difference(_ bytes: [UInt8]) -> String? {
    bytes.withUnsafeBufferPointer { bytes in
      let quick = Result { () throws(VirtError) in try XMLReader.read(bytes, for: .domain) }
      let slow = Result { () throws(VirtError) in try XMLReader.parse(bytes, for: .domain) }
      switch (quick, slow) {
      case (.failure(let one), .failure(let other)): return one.detail == other.detail ? nil : "\(one.detail) / \(other.detail)"
      case (.success(let one), .success(let other)):
        return one == other && lines(one) == lines(other) ? nil : "other trees"
      case (.success, .failure(let error)): return "only expat refuses: \(error.detail)"
      case (.failure(let error), .success): return "only expat accepts: \(error.detail)"
      }
    }
  }

  private static func lines(_ element: XMLElement) -> [Int] { [element.line] + element.elements.flatMap(lines) }

  @Test(arguments: documents) func agreesOn(_ document: String) { #expect(Self.difference(Array(document.utf8)) == nil) }

  /// `VIRT_ROUNDS` says how many documents.
  @Test func agreesOnSpoiltDocuments() {
    let rounds = getenv("VIRT_ROUNDS").flatMap { Int(String(cString: $0)) } ?? 50_000
    var numbers = Sequence64(state: 20_260_101)
    var accepted = 0
    for round in 0..<rounds {
      var bytes = Array(Self.documents[numbers.next(Self.documents.count)].utf8)
      for _ in 0...numbers.next(4) {
        let place = numbers.next(bytes.count + 1)
        switch numbers.next(4) {
        case 0: bytes.insert(contentsOf: Self.tokens[numbers.next(Self.tokens.count)].utf8, at: place)
        case 1: if place < bytes.count { bytes.remove(at: place) }
        case 2: if place < bytes.count { bytes[place] = UInt8(numbers.next(256)) }
        default:
          let other = numbers.next(bytes.count + 1)
          bytes.insert(contentsOf: bytes[min(place, other)..<max(place, other)], at: numbers.next(bytes.count + 1))
        }
      }
      let difference = Self.difference(bytes)
      #expect(difference == nil, "round \(round): \(String(decoding: bytes, as: UTF8.self))")
      if difference != nil { return }
      if (try? bytes.withUnsafeBufferPointer({ try XMLReader.read($0, for: .domain) })) != nil { accepted += 1 }
    }
    #expect(accepted > rounds / 20)
  }

  @Test func leavesManyAttributesToExpat() {
    let attributes = (0..<5000).map { " a\($0)='1'" }.joined()
    #expect(Self.difference(Array("<a\(attributes)/>".utf8)) == nil)
    #expect(Self.difference(Array("<a\(attributes) a7='2'/>".utf8)) == nil)
  }
}

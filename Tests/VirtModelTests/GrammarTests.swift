import Testing
import VirtCore
import VirtXML

@testable import VirtModel

/// The rules that documents of node devices, secrets and filters are read by.
@Suite struct GrammarTests {
  private func value(_ rule: ValueRule, _ text: String?) -> String? {
    guard case .value(let value)? = try? rule.read("a", of: XMLElement("e", text.map { [XMLAttribute("a", $0)] } ?? [])) else {
      return nil
    }
    return value
  }

  @Test(
    arguments: [
      ("7", 10, UInt64(7)), (" \t7", 10, 7), ("+7", 10, 7), ("010", 10, 10), ("010", 0, 8), ("0x1F", 0, 31), ("0X1f", 16, 31),
      ("ff", 16, 255), ("0", 0, 0), ("18446744073709551615", 10, .max), ("7 ", 10, nil), ("-7", 10, nil), ("+-7", 10, nil),
      ("0x", 0, nil), ("0x10", 10, nil), ("", 10, nil), ("18446744073709551616", 10, nil), ("08", 0, nil), ("0x+1", 16, nil),
    ] as [(String, Int, UInt64?)])
  func readsNumbers(_ text: String, _ radix: Int, _ number: UInt64?) {
    #expect(ValueRule.parse(text, radix) == number)
  }

  @Test func writesNumbersInTheirWidth() {
    #expect(value(.number(16, width: 4), "1") == "0x0001")
    #expect(value(.number(upTo: 9), "10") == nil)
    #expect(value(ValueRule.number().ignoringNegatives.with(missing: .taken("none")), "-5") == "none")
  }

  @Test func keepsWhatItDoesNotKnowBehindTheRest() throws {
    var rule = ElementRule(name: "a", attributes: [("x", .text)])
    rule.content = .parts([.value("b"), ElementRule.value("c").present(.repeated)])
    let element = try XMLReader.read("<a later='1' x='2'><d/><c>1</c><b>3</b><c>2</c><b>4</b></a>", for: .xml)
    let arranged = try #require(try rule.arranged(element))
    #expect(arranged.attributes.map(\.name) == ["x", "later"])
    #expect(arranged.elements.map { $0.name + $0.text } == ["b3", "c1", "c2", "d"])
    #expect(try rule.arranged(arranged) == arranged)
  }

  @Test func knowsEachKindOfDevice() {
    for kind in DeviceKind.allCases {
      #expect(DocumentGrammar.devices.place(XMLElement("\(kind)")) == kind.rawValue)
    }
  }

  @Test func refusesWhatIsMissing() throws {
    var rule = ElementRule(name: "a")
    rule.content = .parts([ElementRule.value("b").present(.required(.internalError, .nodedev))])
    do throws(VirtError) {
      _ = try rule.arranged(XMLElement("a"))
      Issue.record("nothing was missing")
    } catch {
      #expect(error.code == .internalError && error.domain == .nodedev)
    }
  }

  @Test(
    arguments: [
      ("1:2:3:4:5:6", "01:02:03:04:05:06"), ("$MAC", "$MAC"), ("$M[ @ 1 ]", "$M[@1]"), ("$M[1", nil), ("1:2:3:4:5", nil),
      ("1:2:3:4:5:+6", nil), ("$M[@99999999999]", nil), ("$Ä", nil),
    ] as [(String, String?)])
  func writesHardwareAddresses(_ text: String, _ written: String?) {
    #expect(value(FilterValue.mac, text) == written)
  }
}

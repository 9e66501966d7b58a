import Testing

@testable import VirtCore

@Suite struct URITests {
  @Test(arguments: [
    "test:///default", "test:///default?x=y", "test:///default#part", "test:///default?x=%20y&z",
    "qemu+ssh://me@host:22/system",
    "qemu://[::1]:16514/system", "test:///default?", "test://user@/default", "esx://host/?no_verify=1",
  ])
  func isWrittenAsItWasRead(_ text: String) throws {
    #expect(try URI(parsing: text).description == text)
  }

  @Test(arguments: [
    ("test:/default", "test:///default"), ("test:///def%61ult", "test:///default"),
    ("test://:80/default", "test:///default"),
    ("test://host:0/x", "test://host/x"), ("test://host:080/x", "test://host:80/x"),
  ])
  func isWrittenInOneForm(_ text: String, _ expected: String) throws {
    #expect(try URI(parsing: text).description == expected)
  }

  @Test(arguments: [
    "::", "http://[::", "test:///%zz", "test:///default?x=%zz", "test:///default?x=a b", "1test:///x", "te_st:///x",
    "test:///\u{e9}", " test:///default", "test:///default ", "test://host:/x", "test://[::1]x/y", "test://host:-1/x",
    "test:///<x>", "test://a@b@c/x", "test:///defaul%", "test:///a%00b", "test:///a\0b", "test:///a?b=|",
    "test://host:9999999999/x",
  ])
  func refusesWhatIsNone(_ text: String) {
    #expect(throws: VirtError.self) { try URI(parsing: text) }
  }

  @Test func isTakenApart() throws {
    let uri = try URI(parsing: "qemu+ssh://us%40er@ho%2dst:2222/sys%20tem?a=b;c=d%26&e&=f#end")
    #expect(uri.driver == "qemu")
    #expect(uri.transport == "ssh")
    #expect(uri.user == "us@er")
    #expect(uri.server == "ho-st")
    #expect(uri.port == 2222)
    #expect(uri.path == "/sys tem")
    #expect(uri.fragment == "end")
    #expect(uri.parameters.map(\.name) == ["a", "c", "e"])
    #expect(uri.parameters.map(\.value) == ["b", "d&", ""])
    #expect(uri.parameter("c") == "d&")
    #expect(uri.parameter("x") == nil)
  }

  @Test func anythingButASchemeMayBeAbsent() throws {
    #expect(try URI(parsing: "foo").scheme == "")
    #expect(try URI(parsing: "test:").path == "")
    #expect(try URI(parsing: "test:default").path == "default")
    #expect(try URI(parsing: "").path == "")
  }

  @Test func randomBytesNeverTrap() {
    var generator = SystemRandomNumberGenerator()
    let alphabet = Array("test:/?#[]@%0aZ&=;.+-_~ \u{e9}\0".unicodeScalars)
    for _ in 0..<20_000 {
      var text = "test:"
      for _ in 0..<Int.random(in: 0..<24, using: &generator) {
        text.unicodeScalars.append(alphabet[Int.random(in: 0..<alphabet.count, using: &generator)])
      }
      if let uri = try? URI(parsing: text) {
        _ = uri.parameters
        _ = uri.description
      }
    }
  }
}

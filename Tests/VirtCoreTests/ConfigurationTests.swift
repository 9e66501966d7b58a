import Glibc
import Testing

@testable import VirtCore

@Suite struct ConfigurationTests {
  private func parse(_ text: String) throws -> Configuration {
    let bytes = Array(text.utf8)
    return try bytes.withUnsafeBufferPointer { try Configuration(parsing: $0, path: "file") }
  }

  @Test(arguments: [
    "uri_default = \"u\"\n", "uri_default = 'u'\n", "uri_default=\"u\"", "uri_default = \"\"\"u\"\"\"\n",
    "# c\n\n  uri_default = \"u\" # c\n", "x = 5; uri_default=\"u\"\n", "x = 5#c\nuri_default = \"u\"\n",
    "uri_default = \"u\"\r\n",
    "x = [1, 2]\nuri_default = \"u\"", "x = [ [1], 2]\nuri_default = \"u\"",
    "x = 99999999999999999999\nuri_default = 'u'",
    "x = +5\nuri_default = 'u'", "uri_default = 'u'\nuri_default = 'v'",
    "x = [ # c\n 'a' # d\n, # e\n ]\nuri_default = 'u'",
  ])
  func readsWhatTheReferenceReads(_ text: String) throws {
    #expect(try parse(text).text("uri_default") == "u")
  }

  @Test(arguments: [
    ("uri_default = test:///default\n", 1), ("uri_default = \"u\" x\n", 1), ("\n\nuri_default = \"u\n", 3),
    ("x y = 5\n", 1),
    ("= 5\n", 1), ("5x = 5\n", 1), ("_x = 5\n", 1), ("x-y = 5\n", 1), ("x\n", 1), ("x =\n", 1), ("x = 5 y = 6\n", 1),
    ("x = [1 2]\n", 1), ("x = [1,\n", 2), ("\u{ff} = 5\n", 1), ("x\n = 5\n", 1), ("x = 'a\nb'\n", 1), ("x = 0x10\n", 1),
    ("x = \"\"\"a\n", 1), ("x = -\n", 1),
  ])
  func saysWhereAFaultIs(_ text: String, _ line: Int) {
    let error = #expect(throws: VirtError.self) { try parse(text) }
    #expect(error?.code == .confSyntax)
    #expect(error?.subject.hasPrefix("file:\(line): ") == true)
  }

  @Test func nestingIsBounded() {
    #expect(throws: VirtError.self) { try parse("x = " + String(repeating: "[", count: 100_000)) }
  }

  @Test func knowsAliases() throws {
    let configuration = try parse("uri_aliases = [ \"a=test:///default\", \"b=a\", \"bad b=x\" ]\n")
    #expect(try configuration.uri(ofAlias: "a") == "test:///default")
    #expect(try configuration.uri(ofAlias: "b") == "a")
    #expect(throws: VirtError.self) { try configuration.uri(ofAlias: "c") }
    #expect(throws: VirtError.self) { try parse("uri_aliases = 'a=b'").uri(ofAlias: "a") }
    #expect(throws: VirtError.self) { try parse("uri_aliases = [5]").uri(ofAlias: "a") }
    #expect(throws: VirtError.self) { try parse("uri_aliases = ['a']").uri(ofAlias: "a") }
    #expect(try parse("").uri(ofAlias: "a") == nil)
  }

  @Test func readsAgainWhenTheFileChanged() throws {
    let path = "/tmp/virt-configuration-\(getpid())"
    defer { unlink(path) }
    func write(_ text: String) throws {
      let file = try #require(fopen(path, "w"))
      fputs(text, file)
      fclose(file)
    }
    let cache = ConfigurationCache()
    #expect(try cache.configuration(at: path)["x"] == nil)
    try write("x = 1\n")
    #expect(try cache.configuration(at: path)["x"] == .number(1))
    #expect(try cache.configuration(at: path)["x"] == .number(1))
    try write("x = -23\n")
    #expect(try cache.configuration(at: path)["x"] == .number(-23))
    unlink(path)
    #expect(try cache.configuration(at: path)["x"] == nil)
    #expect(throws: VirtError.self) { try cache.configuration(at: "/") }
  }
}

import Testing

@testable import VirtCore

@Suite struct UUIDTests {
  private let text = "6695eb01-f6a4-8304-79aa-97f2502e193f"

  @Test(arguments: [
    "6695eb01f6a48304-79aa97f2502e193f", " 6695eb01-f6a4-8304-79aa-97f2502e193f",
    "6695eb01-f6a4-8304-79aa-97f2502e193f ",
    "-6695eb01-f6a4-8304-79aa-97f2502e193f", "6695eb01--f6a4-8304-79aa-97f2502e193f",
    "6695EB01-F6A4-8304-79AA-97F2502E193F",
    "66 95eb01f6a4830479aa97f2502e193f", "6695eb01f6a4830479aa97f2502e193f\n", "- 6695eb01f6a4830479aa97f2502e193f",
  ])
  func readsWhatTheReferenceReads(_ other: String) {
    #expect(UUID(other)?.description == text)
  }

  @Test(arguments: [
    "6695eb01-f6a4-8304-79aa-97f2502e193f-", "6-695eb01-f6a4-8304-79aa-97f2502e193f",
    "6695eb01f6a4830479aa97f2502e193fx",
    "\u{b}6695eb01f6a4830479aa97f2502e193f", "6695eb01f6a4830479aa97f2502e193", "6695eb01f6a4830479aa97f2502e19", "",
    "\0",
    "6695eb01f6a4830479aa97f2502e193f\0x", "6695eb01f6a4830479aa97f2502e193f-- -",
  ])
  func refusesTheRest(_ other: String) {
    #expect(UUID(other) == nil)
  }

  @Test func randomOnesAreOfVersionFour() throws {
    for _ in 0..<100 {
      let text = UUID.random().description.utf8.map { $0 }
      #expect(text[14] == UInt8(ascii: "4"))
      #expect("89ab".utf8.contains(text[19]))
    }
    #expect(UUID.zero.isDegenerate)
    #expect(!UUID.random().isDegenerate)
  }
}

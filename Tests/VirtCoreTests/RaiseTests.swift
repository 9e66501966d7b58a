import CVirtRuntime
import Testing

@testable import VirtCore

@Suite(.serialized) struct RaiseTests {
  private func raised(_ error: VirtError) throws -> (message: String, strings: [String?], integers: [Int32]) {
    virt_error_reset()
    error.raise()
    let last = try #require(virt_body_virGetLastError()).pointee
    #expect(last.code == error.code.rawValue && last.domain == error.domain.rawValue)
    return (
      String(cString: last.message), [last.str1, last.str2, last.str3].map { $0.map { String(cString: $0) } },
      [last.int1, last.int2]
    )
  }

  @Test func usualFields() throws {
    let whole = try raised(VirtError(.noDomain, .test, "no domain named", "nope"))
    #expect(whole.message.hasSuffix(": no domain named 'nope'"))
    #expect(whole.strings[1] == "no domain named 'nope'")
    #expect(whole.integers == [-1, -1])
    #expect(try raised(VirtError(.noDomain, .test, "gone")).strings[1] == "gone")
    #expect(try raised(VirtError(.noDomain, .test, "", "gone")).strings[1] == "gone")
    let bare = try raised(VirtError(.noDomain, .test))
    #expect(bare.strings[1] == nil)
    #expect(bare.strings[0] == bare.message)
  }

  @Test func ownFields() throws {
    let details = ErrorDetails("function", "flags", nil, integers: (0, 7))
    let error = try raised(VirtError(.invalidArg, .test, "unknown flags", details: details))
    #expect(error.message.hasSuffix("unknown flags"))
    #expect(error.strings == ["function", "flags", nil])
    #expect(error.integers == [0, 7])
  }
}

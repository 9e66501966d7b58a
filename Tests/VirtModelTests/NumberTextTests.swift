import Testing

@testable import VirtModel

/// Numbers in texts, as C reads them.
@Suite struct NumberTextTests {
  @Test(
    arguments: [
      ("7", 10, 7), ("  +7", 10, 7), ("\t7", 10, 7), ("0x1f", 0, 31), ("0X1F", 16, 31), ("1f", 16, 31), ("017", 0, 15), ("0", 0, 0),
      ("18446744073709551615", 10, UInt64.max),
    ] as [(String, UInt8, UInt64)])
  func reads(_ text: String, _ base: UInt8, _ number: UInt64) {
    #expect(UInt64(number: text, base: base) == number)
  }

  @Test(
    arguments: [
      ("", 10), (" ", 10), ("+", 10), ("-", 10), ("7 ", 10), ("0x", 0), ("0xg", 0), ("08", 0), ("0x1f", 10), ("--7", 10),
      ("-7", 10),
      ("18446744073709551616", 10), ("7\u{e9}", 10),
    ] as [(String, UInt8)])
  func refuses(_ text: String, _ base: UInt8) {
    #expect(UInt64(number: text, base: base) == nil)
  }

  @Test func signsAndSizes() {
    #expect(Int32(number: "-2147483648") == .min && Int32(number: "-2147483649") == nil && Int32(number: "2147483648") == nil)
    #expect(Int64(number: "-9223372036854775808") == .min)
    #expect(UInt8(number: "255") == 255 && UInt8(number: "256") == nil && UInt8(number: "-0") == 0)
  }
}

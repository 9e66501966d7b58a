internal import CVirt

/// The key of a typed parameter, such as `vcpu.3.time`, put together without memory of its own.
struct NumberedKey {
  /// More than a key may have: what is too long stays too long, and is refused.
  private var field = (virTypedParameter().field, UInt64(0))
  private var count = 0

  /// Puts together what stands before a number, the number, and what follows it.
  init(_ group: StaticString, _ number: Int, _ what: StaticString) {
    write(UnsafeRawBufferPointer(start: group.utf8Start, count: group.utf8CodeUnitCount))
    write(number: UInt(clamping: number))
    write(UnsafeRawBufferPointer(start: what.utf8Start, count: what.utf8CodeUnitCount))
  }

  private mutating func write(_ bytes: UnsafeRawBufferPointer) {
    withUnsafeMutableBytes(of: &field) { field in
      let length = min(bytes.count, field.count - count)
      UnsafeMutableRawBufferPointer(rebasing: field[count..<count + length])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<length]))
      count += length
    }
  }

  private mutating func write(number: UInt) {
    if number >= 10 { write(number: number / 10) }
    var digit = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10)
    withUnsafeBytes(of: &digit) { write($0) }
  }

  /// Shows the key.
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    withUnsafePointer(to: field) { field in
      body(UnsafeBufferPointer(start: UnsafeRawPointer(field).assumingMemoryBound(to: UInt8.self), count: count))
    }
  }
}

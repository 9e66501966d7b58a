internal import CVirtRuntime

/// The 16 bytes that name an object for good.
public struct UUID: Hashable, Sendable {
  /// The first eight bytes, as they lie in memory.
  public var high: UInt64
  /// The last eight bytes, as they lie in memory.
  public var low: UInt64

  /// The UUID of zeros.
  public static var zero: UUID { UUID(high: 0, low: 0) }

  /// Makes a UUID from its halves, as they lie in memory.
  @inlinable
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Reads 16 bytes from memory of any alignment.
  @inlinable
  public init(bytes: UnsafeRawPointer) {
    high = bytes.loadUnaligned(as: UInt64.self)
    low = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
  }

  /// Reads the text form as the API accepts it: hyphens and white space between the bytes.
  public init?(_ text: String) {
    var text = text
    guard let parsed = text.withUTF8({ UUID(utf8: $0) }) else { return nil }
    self = parsed
  }

  /// Reads the text form from bytes.
  public init?(utf8 text: UnsafeBufferPointer<UInt8>) {
    var bytes: (UInt64, UInt64) = (0, 0)
    let read = withUnsafeMutableBytes(of: &bytes) { target in
      virt_uuid_parse_bytes(text.baseAddress, text.count, target.baseAddress?.assumingMemoryBound(to: UInt8.self))
    }
    guard read == 0 else { return nil }
    (high, low) = bytes
  }

  /// A random UUID (version 4); nil when the system has no randomness to give.
  public static func random() -> UUID {
    var generator = SystemRandomNumberGenerator()
    let version: UInt64 = UInt64(bigEndian: 0x0000_0000_0000_4000)
    let versionMask: UInt64 = UInt64(bigEndian: 0xffff_ffff_ffff_0fff)
    let variant: UInt64 = UInt64(bigEndian: 0x8000_0000_0000_0000)
    let variantMask: UInt64 = UInt64(bigEndian: 0x3fff_ffff_ffff_ffff)
    return UUID(high: generator.next() & versionMask | version, low: generator.next() & variantMask | variant)
  }

  /// Writes the 16 bytes to memory of any alignment.
  @inlinable
  public func write(to bytes: UnsafeMutableRawPointer) {
    bytes.storeBytes(of: high, as: UInt64.self)
    bytes.storeBytes(of: low, toByteOffset: 8, as: UInt64.self)
  }

  /// Whether all bytes are zero, or all the same: what generators of UUIDs without thought produce.
  public var isDegenerate: Bool {
    high == low && high & 0xff &* 0x0101_0101_0101_0101 == high
  }

  /// Writes the 36 characters of the text form.
  public func format(into text: UnsafeMutableBufferPointer<UInt8>) {
    precondition(text.count >= 36)
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 37) { buffer in
      var bytes = (high, low)
      withUnsafeBytes(of: &bytes) { source in
        virt_uuid_format(source.baseAddress?.assumingMemoryBound(to: UInt8.self), buffer.baseAddress)
      }
      for index in 0..<36 { text[index] = UInt8(bitPattern: buffer[index]) }
    }
  }
}

extension UUID: CustomStringConvertible {
  /// The text form: 36 characters, lower case.
  public var description: String {
    String(unsafeUninitializedCapacity: 36) { buffer in
      format(into: buffer)
      return 36
    }
  }
}

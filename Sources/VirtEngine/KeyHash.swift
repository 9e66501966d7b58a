/// Hashes of keys; seeded per process, so that nobody can choose names that collide.
package struct KeyHash: Sendable {
  private let seed: UInt64
  private static let multiplier: UInt64 = 0x9e37_79b9_7f4a_7c15

  /// Draws a seed.
  package init() {
    var generator = SystemRandomNumberGenerator()
    seed = generator.next()
  }

  @inline(__always)
  private func mix(_ one: UInt64, _ other: UInt64) -> UInt64 {
    let product = one.multipliedFullWidth(by: other | 1)
    return product.high ^ product.low
  }

  /// The hash of bytes, eight at a time; the last eight may overlap those before.
  @inline(__always)
  package func of(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    let count = bytes.count
    var hash = seed ^ UInt64(truncatingIfNeeded: count)
    guard let start = UnsafeRawPointer(bytes.baseAddress) else { return mix(hash, Self.multiplier ^ seed) }
    var tail: UInt64 = 0
    if count >= 8 {
      var offset = 0
      while offset &+ 8 < count {
        hash = mix(hash ^ start.loadUnaligned(fromByteOffset: offset, as: UInt64.self), Self.multiplier)
        offset = offset &+ 8
      }
      tail = start.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
    } else if count >= 4 {
      tail = UInt64(start.loadUnaligned(as: UInt32.self)) << 32
      tail |= UInt64(start.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self))
    } else {
      for byte in bytes { tail = tail << 8 | UInt64(byte) }
    }
    return mix(hash ^ tail, Self.multiplier ^ seed)
  }

  /// The hash of two words.
  package func of(_ high: UInt64, _ low: UInt64) -> UInt64 { mix(mix(high ^ seed, Self.multiplier) ^ low, Self.multiplier ^ seed) }
}

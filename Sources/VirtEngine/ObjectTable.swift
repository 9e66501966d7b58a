/// Live objects by a key that is kept in the object: found by the hash of bytes, without making a key value.
///
/// Open addressing with linear probing; at most three quarters full. Not locked by itself.
package struct ObjectTable<Object: AnyObject & Sendable>: Sendable {
  private struct Slot: Sendable {
    var hash: UInt64
    var object: Object?
  }

  private var slots: [Slot]
  /// How many objects there are.
  package private(set) var count = 0

  /// An empty table.
  package init() {
    slots = Array(repeating: Slot(hash: 0, object: nil), count: 16)
  }

  /// The object with that hash for which the comparison holds.
  @inline(__always)
  package func find(_ hash: UInt64, _ isIt: (Object) -> Bool) -> Object? {
    let mask = slots.count - 1
    var index = Int(truncatingIfNeeded: hash) & mask
    return slots.withUnsafeBufferPointer { slots in
      while let object = slots[index].object {
        if slots[index].hash == hash, isIt(object) { return object }
        index = (index + 1) & mask
      }
      return nil
    }
  }

  /// All objects.
  package var objects: [Object] {
    var found: [Object] = []
    found.reserveCapacity(count)
    for slot in slots { if let object = slot.object { found.append(object) } }
    return found
  }

  /// Shows all objects to the body.
  @inline(__always)
  package func forEach<Failure: Error>(_ body: (Object) throws(Failure) -> Void) throws(Failure) {
    for slot in slots { if let object = slot.object { try body(object) } }
  }

  /// Adds an object whose key is not there yet.
  package mutating func insert(_ hash: UInt64, _ object: Object) {
    if (count + 1) * 4 > slots.count * 3 { grow() }
    place(Slot(hash: hash, object: object))
    count += 1
  }

  /// Removes an object.
  package mutating func remove(_ hash: UInt64, _ object: Object) {
    let mask = slots.count - 1
    var hole = Int(truncatingIfNeeded: hash) & mask
    while let here = slots[hole].object, here !== object { hole = (hole + 1) & mask }
    guard slots[hole].object != nil else { return }
    slots[hole].object = nil
    count -= 1
    // What follows moves up, so that no search ends too early.
    var next = (hole + 1) & mask
    while slots[next].object != nil {
      let home = Int(truncatingIfNeeded: slots[next].hash) & mask
      if (next &- home) & mask >= (next &- hole) & mask {
        slots[hole] = slots[next]
        slots[next].object = nil
        hole = next
      }
      next = (next + 1) & mask
    }
  }

  private mutating func place(_ slot: Slot) {
    let mask = slots.count - 1
    var index = Int(truncatingIfNeeded: slot.hash) & mask
    while slots[index].object != nil { index = (index + 1) & mask }
    slots[index] = slot
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: Slot(hash: 0, object: nil), count: old.count * 2)
    for slot in old where slot.object != nil { place(slot) }
  }
}

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

  /// The hash of bytes.
  package func of(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash = seed ^ UInt64(truncatingIfNeeded: bytes.count)
    var rest = UnsafeRawBufferPointer(bytes)
    while rest.count >= 8 {
      hash = mix(hash ^ rest.loadUnaligned(as: UInt64.self), Self.multiplier)
      rest = UnsafeRawBufferPointer(rebasing: rest[8...])
    }
    var tail: UInt64 = 0
    for byte in rest { tail = tail << 8 | UInt64(byte) }
    return mix(hash ^ tail, Self.multiplier ^ seed)
  }

  /// The hash of two words.
  package func of(_ high: UInt64, _ low: UInt64) -> UInt64 { mix(mix(high ^ seed, Self.multiplier) ^ low, Self.multiplier ^ seed) }
}

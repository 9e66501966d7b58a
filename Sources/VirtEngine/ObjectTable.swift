/// Live objects by a key that is kept in the object: found by the hash of bytes, without making a key value.
///
/// Open addressing with linear probing; at most three quarters full. Not locked by itself. It holds its objects without
/// counting a reference for every look at one: many threads that search would else wait for each other at the counts.
package struct ObjectTable<Object: AnyObject & Sendable>: ~Copyable, @unchecked Sendable {
  /// A place for an object; it owns one reference.
  private struct Slot {
    var hash: UInt64 = 0
    var object: Unmanaged<Object>?
  }

  private var slots: UnsafeMutableBufferPointer<Slot>
  private var mask: Int { slots.count - 1 }
  /// How many objects there are.
  package private(set) var count = 0

  /// An empty table.
  package init() { slots = Self.room(16) }

  private static func room(_ capacity: Int) -> UnsafeMutableBufferPointer<Slot> {
    let room = UnsafeMutableBufferPointer<Slot>.allocate(capacity: capacity)
    room.initialize(repeating: Slot())
    return room
  }

  deinit {
    for slot in slots { slot.object?.release() }
    slots.deallocate()
  }

  /// Shows the object with that hash for which the comparison holds.
  @inline(__always)
  package func withFound<Result>(
    _ hash: UInt64, _ isIt: (borrowing Object) -> Bool, _ body: (borrowing Object) -> Result
  ) -> Result? {
    var index = Int(truncatingIfNeeded: hash) & mask
    while let object = slots[index].object {
      if slots[index].hash == hash, object._withUnsafeGuaranteedRef(isIt) { return object._withUnsafeGuaranteedRef(body) }
      index = (index + 1) & mask
    }
    return nil
  }

  /// The object with that hash for which the comparison holds.
  package func find(_ hash: UInt64, _ isIt: (borrowing Object) -> Bool) -> Object? { withFound(hash, isIt) { copy $0 } }

  /// Shows all objects to the body.
  @inline(__always)
  package func forEach<Failure: Error>(_ body: (Object) throws(Failure) -> Void) throws(Failure) {
    var failure: Failure?
    for slot in slots {
      guard let held = slot.object else { continue }
      held._withUnsafeGuaranteedRef { object in
        do throws(Failure) { try body(object) } catch { failure = error }
      }
      if let failure { throw failure }
    }
  }

  /// Adds an object whose key is not there yet.
  package mutating func insert(_ hash: UInt64, _ object: Object) {
    if (count + 1) * 4 > slots.count * 3 { grow() }
    place(Slot(hash: hash, object: .passRetained(object)))
    count += 1
  }

  /// Removes an object.
  package mutating func remove(_ hash: UInt64, _ object: Object) {
    var hole = Int(truncatingIfNeeded: hash) & mask
    while let here = slots[hole].object, here.toOpaque() != Unmanaged.passUnretained(object).toOpaque() {
      hole = (hole + 1) & mask
    }
    guard let removed = slots[hole].object else { return }
    defer { removed.release() }
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

  private func place(_ slot: Slot) {
    var index = Int(truncatingIfNeeded: slot.hash) & mask
    while slots[index].object != nil { index = (index + 1) & mask }
    slots[index] = slot
  }

  private mutating func grow() {
    let old = slots
    slots = Self.room(old.count * 2)
    for slot in old where slot.object != nil { place(slot) }
    old.deallocate()
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

  /// The hash of bytes, eight at a time; the last eight may overlap those before.
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

/// Live objects by a key that is kept in the object: found by the hash of bytes, without making a key value.
///
/// Not locked by itself. It holds its objects without counting a reference for every look at one: many threads that search
/// would else wait for each other at the counts.
package struct ObjectTable<Object: AnyObject & Sendable>: ~Copyable, @unchecked Sendable {
  private var table = SlotTable()

  /// How many objects there are.
  package var count: Int { table.count }

  /// An empty table.
  package init() {}

  deinit {
    for place in table.places { table[place].map { Unmanaged<Object>.fromOpaque($0).release() } }
  }

  /// Shows the object with that hash for which the comparison holds.
  @inline(__always)
  package func withFound<Result>(
    _ hash: UInt64, _ isIt: (borrowing Object) -> Bool, _ body: (borrowing Object) -> Result
  ) -> Result? {
    guard let found = table.find(hash, { Unmanaged<Object>.fromOpaque($0)._withUnsafeGuaranteedRef(isIt) }) else { return nil }
    return Unmanaged<Object>.fromOpaque(found)._withUnsafeGuaranteedRef(body)
  }

  /// The object with that hash for which the comparison holds.
  package func find(_ hash: UInt64, _ isIt: (borrowing Object) -> Bool) -> Object? { withFound(hash, isIt) { copy $0 } }

  /// Shows all objects to the body.
  @inline(__always)
  package func forEach<Failure: Error>(_ body: (Object) throws(Failure) -> Void) throws(Failure) {
    var failure: Failure?
    for place in table.places {
      guard let item = table[place] else { continue }
      Unmanaged<Object>.fromOpaque(item)._withUnsafeGuaranteedRef { object in
        do throws(Failure) { try body(object) } catch { failure = error }
      }
      if let failure { throw failure }
    }
  }

  /// Adds an object whose key is not there yet.
  package mutating func insert(_ hash: UInt64, _ object: Object) {
    table.insert(hash, Unmanaged.passRetained(object).toOpaque())
  }

  /// Removes an object.
  package mutating func remove(_ hash: UInt64, _ object: Object) {
    let item = Unmanaged.passUnretained(object)
    if table.remove(hash, item.toOpaque()) { item.release() }
  }
}

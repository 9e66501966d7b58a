package import VirtCore
internal import VirtModel

/// The live objects of one kind in one world, found by name or UUID.
package class Registry<Record: Sendable>: ObjectIndex, @unchecked Sendable {
  /// What it holds.
  package typealias Object = LiveObject<Record>

  /// No objects.
  @inlinable package override init(hasUUIDs: Bool) { super.init(hasUUIDs: hasUUIDs) }

  /// What an index gives back is what was put in.
  @inlinable @inline(__always)
  package static func live(_ object: RegisteredObject) -> Object { unsafeDowncast(object, to: Object.self) }

  /// The object of that name.
  @inlinable
  package final func find(name: UnsafeBufferPointer<UInt8>) -> Object? {
    guard let found = object(named: name) else { return nil }
    return Registry.live(found)
  }

  /// The object of that name.
  @inlinable
  package final func find(name: String) -> Object? {
    var name = name
    return name.withUTF8 { find(name: $0) }
  }

  /// The object of that UUID.
  @inlinable
  package final func find(uuid: UUID) -> Object? {
    guard let found = object(of: uuid) else { return nil }
    return Registry.live(found)
  }

  /// All objects, in no order that means anything.
  @inlinable
  package final func all() -> [Object] {
    // As a whole: appending to a generic array asks for its type each time.
    unsafeBitCast(allObjects(), to: [Object].self)
  }

  /// What became of a definition.
  package enum Placed: Sendable {
    /// A new object.
    case added(Object)
    /// An object that was there.
    case known(Object)
    /// It does not fit.
    case refused(Conflict)
  }
}

extension Registry where Record: LiveRecord {
  /// No objects.
  @inlinable package convenience init() { self.init(hasUUIDs: Record.Definition.hasUUID) }

  /// Finds the object that a definition means, or adds it.
  ///
  /// - Parameters:
  ///   - make: Makes a new object.
  ///   - change: Changes the one that was there; called under the locks of registry and object. A conflict leaves it alone.
  @inlinable
  package func place(
    _ definition: Record.Definition, make: () -> Object, change: (Object, inout Record) -> Conflict?
  ) -> Placed {
    let name = definition.name
    let place = place(name, definition.uuid) {
      make()
    } change: { known in
      let object = Registry.live(known)
      return object.record.withLock { record in
        record.definition.name == name ? change(object, &record) : .uuid(record.definition.name)
      }
    }
    switch place {
    case .added(let object): return .added(Registry.live(object))
    case .known(let object): return .known(Registry.live(object))
    case .refused(let conflict): return .refused(conflict)
    }
  }

  /// Takes an object away, unless the condition says that it stays. Those who hold it keep it.
  @inlinable
  package func remove(_ object: Object, when isOver: (Record) -> Bool = { _ in true }) {
    remove(object) {
      object.record.withLock { record in
        guard isOver(record) else { return nil }
        markGone(object)
        return record.definition.name
      }
    }
  }

  /// Gives an object another name, unless it is taken.
  @inlinable
  package func rename(_ object: Object, to name: String, _ change: (inout Record) -> Void) -> Bool {
    rename(object, to: name) {
      object.record.withLock { record in
        let old = record.definition.name
        change(&record)
        return old
      }
    }
  }
}

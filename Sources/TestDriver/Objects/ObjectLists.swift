internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine

extension TestDriver {
  /// How many objects of a kind are active, or are not.
  func count<Kind: ObjectKind>(_ kind: Kind.Type, active: Bool) -> Int32 {
    let registry = Kind.registry(of: world)
    return Int32(clamping: active ? registry.activeCount : registry.count - registry.activeCount)
  }

  /// Names of active objects, or of those that are not.
  func names<Kind: ObjectKind>(_ kind: Kind.Type, active: Bool, _ most: Int) throws(VirtError) -> HostTexts {
    let registry = Kind.registry(of: world)
    var names = try HostTexts(capacity: min(most, registry.count))
    try registry.forEachName(active: active) { (name) throws(VirtError) in
      if names.count < most { try names.append(name) }
    }
    return names
  }

  /// Lists objects.
  ///
  /// - Parameter isShown: What decides beyond the common flags.
  func list<Kind: ObjectKind>(
    _ list: inout HandleList<Kind>, _ filter: ObjectFilter, where isShown: (Kind.Record) -> Bool = { _ in true }
  ) throws(VirtError) {
    let objects = Kind.registry(of: world).all()
    try list.reserve(objects.count)
    for object in objects {
      let shown = object.record.withLock { record in
        (filter.showsAll || filter.shows(record)) && isShown(record) ? record.definition : nil
      }
      guard let definition = shown else { continue }
      try list.append { () throws(VirtError) in try Kind.handle(definition, on: connection) }
    }
  }

  /// The object of that name.
  func lookUp<Kind: ObjectKind>(name: BorrowedText) throws(VirtError) -> Kind
  where Kind: UniqueHandle {
    guard let found = Kind.registry(of: world).identify(name: name.bytes) else { throw Kind.none(named: name.string) }
    return try Kind.make(on: connection, name: name, uuid: found.uuid)
  }

  /// The object of that UUID.
  func lookUp<Kind: ObjectKind>(uuid: UUID) throws(VirtError) -> Kind {
    guard let object = Kind.registry(of: world).find(uuid: uuid) else { throw Kind.none(withUUID: uuid) }
    return try Kind.handle(object.definition, on: connection)
  }
}

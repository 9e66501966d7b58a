internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension TestDriver {
  /// The object behind a handle.
  func object<Kind: ObjectKind>(_ item: Kind) throws(VirtError) -> Kind.Object {
    if let object = item.find(in: Kind.registry(of: world)) { return object }
    throw Kind.none(named: BorrowedText(item.identity.pointee.name)?.string ?? "")
  }

  /// Does something with what is known of an object, under its lock.
  func with<Kind: ObjectKind, Result: Sendable>(
    _ item: Kind, _ body: (inout Kind.Record) throws(VirtError) -> Result
  ) throws(VirtError) -> Result {
    try object(item).record.withLock { (record) throws(VirtError) -> Result in try body(&record) }
  }

  /// Reads a document of a kind; see ``document(_:_:for:isValidated:)``.
  func read<Kind: ObjectKind>(
    _ kind: Kind.Type, _ text: BorrowedText, isValidated: Bool = false
  ) throws(VirtError) -> Kind.Definition {
    try Kind.read(try document(text, Kind.document, for: Kind.domain, isValidated: isValidated), world)
  }

  /// Keeps a definition for an object, which may be active.
  func define<Kind: ObjectKind>(_ definition: Kind.Definition) throws(VirtError) -> Kind {
    let placed = Kind.registry(of: world).place(definition) {
      Kind.Object(Kind.Record(definition, isPersistent: true, contents: Kind.newContents()))
    } change: { _, record in
      record.define(definition, atOnce: Kind.isRedefinedWhileActive)
      return nil
    }
    if case .refused(let conflict) = placed { throw Kind.conflict(conflict, definition) }
    Kind.tell(world.events, definition, .defined)
    return try Kind.handle(definition, on: connection)
  }

  /// Starts an object from a definition, which is not kept when the object is new.
  func create<Kind: ObjectKind>(_ definition: Kind.Definition) throws(VirtError) -> Kind {
    let registry = Kind.registry(of: world)
    let placed = registry.place(definition) {
      // Active before anybody can find it.
      var record = Kind.Record(definition, isPersistent: false, contents: Kind.newContents())
      record.start()
      let object = Kind.Object(record)
      registry.mark(object, 0)
      return object
    } change: { known, record in
      guard !record.isActive else { return .active }
      record.create(definition)
      record.start()
      registry.mark(known, 0)
      return nil
    }
    if case .refused(let conflict) = placed { throw Kind.conflict(conflict, definition) }
    Kind.tell(world.events, definition, .started)
    return try Kind.handle(definition, on: connection)
  }
}

internal import VirtCore
internal import VirtEngine
internal import VirtModel

extension World {
  /// Adds a persistent object that the world starts with.
  ///
  /// - Parameter registry: The world's for the kind; given while the world has none yet.
  /// - Throws: That there are two that share a name or a UUID, but not both. Of two that share both the second one
  /// defines anew what the first one started.
  func add<Kind: ObjectKind>(
    _ kind: Kind.Type, _ definition: Kind.Definition, to registry: Registry<Kind.Record>? = nil, active: Bool = true,
    contents: Kind.Contents? = nil
  ) throws(VirtError) {
    let registry = registry ?? Kind.registry(of: self)
    let placed = registry.place(definition) {
      var record = Kind.Record(definition, isPersistent: true, contents: contents ?? Kind.newContents())
      if active { record.start() }
      let object = Kind.Object(record)
      if active { registry.mark(object, 0) }
      return object
    } change: { _, record in
      record.define(definition, atOnce: Kind.isRedefinedWhileActive)
      return nil
    }
    if case .refused(let conflict) = placed { throw Kind.conflict(conflict, definition) }
  }
}

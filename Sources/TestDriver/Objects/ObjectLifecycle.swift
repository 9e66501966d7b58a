internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine

extension TestDriver {
  /// Starts an object that is kept.
  func start<Kind: ObjectKind>(_ item: Kind) throws(VirtError) {
    let object = try object(item)
    let registry = Kind.registry(of: world)
    let definition = try object.record.withLock { (record) throws(VirtError) -> Kind.Definition in
      guard !record.isActive else { throw Kind.refusal(record.definition.name, "is active already") }
      record.start()
      registry.mark(object, 0)
      return record.definition
    }
    Kind.tell(world.events, definition, .started)
  }

  /// Stops an object. A transient one is gone.
  func stop<Kind: ObjectKind>(_ item: Kind) throws(VirtError) {
    let object = try object(item)
    let registry = Kind.registry(of: world)
    let definition = try object.record.withLock { (record) throws(VirtError) -> Kind.Definition in
      guard record.isActive || !Kind.refusesToStopTwice else { throw Kind.refusal(record.definition.name, "is not active") }
      record.stop()
      Kind.stopped(&record.contents)
      registry.mark(object, -1)
      return record.definition
    }
    registry.remove(object) { !$0.isActive && !$0.isPersistent }
    Kind.tell(world.events, definition, .stopped)
  }

  /// Forgets an object that is not active, or ends it where the kind allows that.
  func undefine<Kind: ObjectKind>(_ item: Kind) throws(VirtError) {
    let object = try object(item)
    let definition = try object.record.withLock { (record) throws(VirtError) -> Kind.Definition in
      guard !record.isActive || Kind.isUndefinedWhileActive else { throw Kind.refusal(record.definition.name, "is active") }
      if record.isActive { record.stop() }
      record.isPersistent = false
      return record.definition
    }
    Kind.registry(of: world).remove(object) { !$0.isActive && !$0.isPersistent }
    Kind.tell(world.events, definition, .undefined)
  }

  /// Whether an object is active.
  func isActive<Kind: ObjectKind>(_ item: Kind) throws(VirtError) -> Bool {
    try with(item) { $0.isActive }
  }

  /// Whether an object is kept when it stops.
  func isPersistent<Kind: ObjectKind>(_ item: Kind) throws(VirtError) -> Bool {
    try with(item) { $0.isPersistent }
  }

  /// Whether an object starts with the host.
  func startsWithHost<Kind: ObjectKind>(_ item: Kind) throws(VirtError) -> Int32 {
    try with(item) { $0.startsWithHost ? 1 : 0 }
  }

  /// Has an object start with the host, or not.
  func setStartsWithHost<Kind: ObjectKind>(_ item: Kind, _ starts: Int32) throws(VirtError) {
    try with(item) { $0.startsWithHost = starts != 0 }
  }
}

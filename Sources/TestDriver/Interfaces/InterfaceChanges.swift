internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

/// A change of all interfaces together.
final class InterfaceChange: Sendable {
  /// What the interfaces were when it began; nil while none goes on.
  let kept = Lock<[Interface.Record]?>(nil)
}

extension TestDriver {
  func beginChange(_ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "interfaceChangeBegin")
    let registry = world.interfaces
    try world.interfaceChange.kept.withLock { (kept) throws(VirtError) in
      guard kept == nil else { throw VirtError(.operationInvalid, .test, "a change of the interfaces has begun already") }
      kept = registry.all().map { object in object.record.withLock { $0 } }
    }
  }

  func commitChange(_ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "interfaceChangeCommit")
    _ = try endChange()
  }

  /// Interfaces are as they were when the change began: which there are, how they are defined, and which are active.
  func rollBackChange(_ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "interfaceChangeRollback")
    let registry = world.interfaces
    var kept: [String: Interface.Record] = [:]
    for record in try endChange() { kept[record.definition.name] = record }
    for object in registry.all() {
      if let record = kept.removeValue(forKey: object.definition.name) {
        object.record.withLock { present in
          present = record
          registry.mark(object, record.isActive ? 0 : -1)
        }
        registry.placed(object)
        registry.note(object)
      } else {
        registry.remove(object)
      }
    }
    for record in kept.values { try world.add(Interface.self, record.definition, active: record.isActive) }
  }

  private func endChange() throws(VirtError) -> [Interface.Record] {
    try world.interfaceChange.kept.withLock { (kept) throws(VirtError) in
      guard let records = kept else { throw VirtError(.operationInvalid, .test, "no change of the interfaces has begun") }
      kept = nil
      return records
    }
  }
}

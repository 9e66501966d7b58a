internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

extension TestDriver {
  /// Describes a snapshot anew, or one that this process has not seen; gives its name.
  func redefine(_ request: SnapshotRequest, of object: DomainObject, makeCurrent: Bool) throws(VirtError) -> String {
    guard let name = request.name else { throw VirtError(.xmlError, .domainSnapshot, "a redefined snapshot needs its <name>") }
    let described = try request.redefinition(name)
    try object.record.withLock { (record) throws(VirtError) in
      var definition = described
      if let domain = definition.domain, domain.uuid != object.uuid {
        throw VirtError(.invalidArg, .domainSnapshot, "the snapshot is of another domain:", "\(domain.uuid)")
      }
      let parent = try Self.parent(request.existing.parent, of: name, in: record.snapshots.forest)
      let known = record.snapshots.forest[name]
      if let known {
        if let parent, parent.isWithin(known) { throw Self.circle(name) }
        try definition.check(replaces: known.definition)
      }
      try definition.alignDisks()
      let snapshot: Snapshot
      if let known {
        _ = record.snapshots.forest.move(known, below: parent)
        known.definition = definition
        snapshot = known
      } else if let added = record.snapshots.forest.add(name, definition, below: parent) {
        snapshot = added
      } else {
        return
      }
      if makeCurrent { record.snapshots.forest.makeCurrent(snapshot) }
    }
    return name
  }

  private static func circle(_ name: String) -> VirtError {
    VirtError(.invalidArg, .domain, "a snapshot cannot come after itself:", name)
  }

  private static func parent(
    _ parent: String?, of name: String, in forest: MomentTree<SnapshotDefinition>
  ) throws(VirtError) -> Snapshot? {
    guard let parent else { return nil }
    guard parent != name else { throw circle(name) }
    guard let found = forest[parent] else {
      throw VirtError(.invalidArg, .domain, "", "there is no snapshot '\(parent)' for '\(name)' to come after")
    }
    return found
  }
}

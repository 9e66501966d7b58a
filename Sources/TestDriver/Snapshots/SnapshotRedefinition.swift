internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

extension TestDriver {
  /// Describes a snapshot anew, or one that this process has not seen; gives its name.
  func redefine(_ request: SnapshotRequest, of object: DomainObject, makeCurrent: Bool) throws(VirtError) -> String {
    guard let name = request.name else { throw request.element.wrong(.xmlError, "<name> is missing", .domainSnapshot) }
    let described = try request.redefinition(name)
    try object.record.withLock { (record) throws(VirtError) in
      var definition = described
      if let domain = definition.domain, domain.uuid != object.uuid {
        throw request.element.part("domain", .invalidArg, "the snapshot is of another domain: '\(domain.uuid)'", .domainSnapshot)
      }
      let parent = try Self.parent(request, of: name, in: record.snapshots.forest)
      let known = record.snapshots.forest[name]
      if let known {
        if let parent, parent.isWithin(known) { throw Self.circle(request, name) }
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

  private static func circle(_ request: SnapshotRequest, _ name: String) -> VirtError {
    request.element.part("parent", .invalidArg, "a snapshot cannot come after itself: '\(name)'", .domain)
  }

  private static func parent(
    _ request: SnapshotRequest, of name: String, in forest: MomentTree<SnapshotDefinition>
  ) throws(VirtError) -> Snapshot? {
    guard let parent = request.existing.parent else { return nil }
    guard parent != name else { throw circle(request, name) }
    guard let found = forest[parent] else {
      throw request.element.part("parent", .invalidArg, "there is no snapshot '\(parent)' to come after", .domain)
    }
    return found
  }
}

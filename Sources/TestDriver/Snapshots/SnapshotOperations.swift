internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension TestDriver {
  /// What the driver does with snapshots.
  static var snapshotOperations: [Operation<TestDriver>] {
    [
      .domainSnapshotNum { $0.numberOfSnapshots }, .domainSnapshotListNames { $0.snapshotNames },
      .domainListAllSnapshots { $0.listSnapshots }, .domainSnapshotNumChildren { $0.numberOfChildren },
      .domainSnapshotListChildrenNames { $0.childrenNames }, .domainSnapshotListAllChildren { $0.listChildren },
      .domainSnapshotLookupByName { $0.lookUpSnapshot }, .domainHasCurrentSnapshot { $0.hasCurrentSnapshot },
      .domainSnapshotCurrent { $0.currentSnapshot }, .domainSnapshotGetParent { $0.parent },
      .domainSnapshotIsCurrent { $0.isCurrent }, .domainSnapshotHasMetadata { $0.hasMetadata },
      .domainSnapshotGetXMLDesc { $0.describe }, .domainSnapshotCreateXML { $0.createSnapshot },
      .domainSnapshotDelete { $0.delete }, .domainRevertToSnapshot { $0.revert },
    ]
  }

  typealias Snapshot = Moment<SnapshotDefinition>

  /// Does something with a snapshot, under its domain's lock.
  func with<Result: Sendable>(
    _ handle: DomainSnapshot, _ body: (Snapshot, inout DomainRecord) throws(VirtError) -> Result
  ) throws(VirtError) -> Result {
    guard let domain = handle.domain, let name = handle.name else {
      throw VirtError(.invalidDomainSnapshot, .test, "the snapshot has no domain")
    }
    return try with(domain) { (record) throws(VirtError) -> Result in
      guard let snapshot = record.snapshots.forest[name.string] else { throw Self.noSnapshot(name.string) }
      return try body(snapshot, &record)
    }
  }

  static func noSnapshot(_ name: String) -> VirtError {
    VirtError(.noDomainSnapshot, .test, "there is no snapshot named", name)
  }

  // MARK: - Lists

  func numberOfSnapshots(_ domain: Domain, _ flags: DomainSnapshotListFlags) throws(VirtError) -> Int32 {
    Int32(clamping: try names(domain, flags).count)
  }

  func snapshotNames(_ domain: Domain, _ most: Int, _ flags: DomainSnapshotListFlags) throws(VirtError) -> [String] {
    Array(try names(domain, flags).prefix(most))
  }

  func listSnapshots(
    _ domain: Domain, _ list: inout HandleList<DomainSnapshot>, _ flags: DomainSnapshotListFlags
  ) throws(VirtError) {
    try fill(&list, try names(domain, flags), of: domain)
  }

  func numberOfChildren(_ snapshot: DomainSnapshot, _ flags: DomainSnapshotListFlags) throws(VirtError) -> Int32 {
    Int32(clamping: try names(below: snapshot, flags).count)
  }

  func childrenNames(
    _ snapshot: DomainSnapshot, _ most: Int, _ flags: DomainSnapshotListFlags
  ) throws(VirtError) -> [String] {
    Array(try names(below: snapshot, flags).prefix(most))
  }

  func listChildren(
    _ snapshot: DomainSnapshot, _ list: inout HandleList<DomainSnapshot>, _ flags: DomainSnapshotListFlags
  ) throws(VirtError) {
    guard let domain = snapshot.domain else { return }
    try fill(&list, try names(below: snapshot, flags), of: domain)
  }

  private func fill(_ list: inout HandleList<DomainSnapshot>, _ names: [String], of domain: Domain) throws(VirtError) {
    try list.reserve(names.count)
    for name in names {
      try list.append { () throws(VirtError) in try DomainSnapshot.make(of: domain, name: name) }
    }
  }

  private func names(_ domain: Domain, _ flags: DomainSnapshotListFlags) throws(VirtError) -> [String] {
    try accept(flags, only: .known, in: "domainListAllSnapshots")
    return try with(domain) { record in
      guard !record.snapshots.isEmpty else { return [] }
      return Self.shown(record.snapshots.forest.list(below: nil, deep: !flags.contains(.roots)), flags)
    }
  }

  private func names(below snapshot: DomainSnapshot, _ flags: DomainSnapshotListFlags) throws(VirtError) -> [String] {
    try accept(flags, only: .known, in: "domainSnapshotListAllChildren")
    return try with(snapshot) { (found, record) in
      Self.shown(record.snapshots.forest.list(below: found, deep: flags.contains(.descendants)), flags)
    }
  }

  private static let filters: [DomainSnapshotListFlags] = [
    [.metadata, .noMetadata], [.leaves], [.noLeaves], [.inactive, .active, .diskOnly], [.internal, .external],
  ]

  /// The names of those that flags show: within a group any of them, and every group that is named. Leaves and others are
  /// two groups, as the reference has it: nothing is both.
  private static func shown(_ snapshots: [Snapshot], _ flags: DomainSnapshotListFlags) -> [String] {
    snapshots.compactMap { snapshot in
      var own: DomainSnapshotListFlags = [.metadata, snapshot.children.isEmpty ? .leaves : .noLeaves]
      own.insert(snapshot.definition.isExternal ? .external : .internal)
      switch snapshot.definition.state {
      case "shutoff": own.insert(.inactive)
      case "disk-snapshot": own.insert(.diskOnly)
      default: own.insert(.active)
      }
      let isShown = filters.allSatisfy { flags.isDisjoint(with: $0) || !flags.isDisjoint(with: $0.intersection(own)) }
      return isShown ? snapshot.name : nil
    }
  }

  // MARK: - One snapshot

  func lookUpSnapshot(_ domain: Domain, _ name: BorrowedText, _ flags: UInt32) throws(VirtError) -> DomainSnapshot {
    try acceptNone(flags, in: "domainSnapshotLookupByName")
    let name = name.string
    try with(domain) { (record) throws(VirtError) in
      guard !record.snapshots.isEmpty, record.snapshots.forest[name] != nil else { throw Self.noSnapshot(name) }
    }
    return try DomainSnapshot.make(of: domain, name: name)
  }

  func hasCurrentSnapshot(_ domain: Domain, _ flags: UInt32) throws(VirtError) -> Bool {
    try acceptNone(flags, in: "domainHasCurrentSnapshot")
    return try with(domain) { $0.snapshots.forest.current != nil }
  }

  func currentSnapshot(_ domain: Domain, _ flags: UInt32) throws(VirtError) -> DomainSnapshot {
    try acceptNone(flags, in: "domainSnapshotCurrent")
    let name = try with(domain) { (record) throws(VirtError) -> String in
      guard let current = record.snapshots.forest.current else {
        throw VirtError(.noDomainSnapshot, .test, "the domain has no current snapshot:", record.definition.name)
      }
      return current.name
    }
    return try DomainSnapshot.make(of: domain, name: name)
  }

  func parent(_ snapshot: DomainSnapshot, _ flags: UInt32) throws(VirtError) -> DomainSnapshot {
    try acceptNone(flags, in: "domainSnapshotGetParent")
    let name = try with(snapshot) { (found, _) throws(VirtError) -> String in
      guard let parent = found.parent else {
        throw VirtError(.noDomainSnapshot, .test, "the snapshot does not have a parent:", found.name)
      }
      return parent.name
    }
    guard let domain = snapshot.domain else { throw VirtError(.invalidDomainSnapshot, .test) }
    return try DomainSnapshot.make(of: domain, name: name)
  }

  func isCurrent(_ snapshot: DomainSnapshot, _ flags: UInt32) throws(VirtError) -> Bool {
    try acceptNone(flags, in: "domainSnapshotIsCurrent")
    return try with(snapshot) { (found, record) in record.snapshots.forest.current === found }
  }

  func hasMetadata(_ snapshot: DomainSnapshot, _ flags: UInt32) throws(VirtError) -> Bool {
    try acceptNone(flags, in: "domainSnapshotHasMetadata")
    return try with(snapshot) { (_, _) in true }
  }

  func describe(_ snapshot: DomainSnapshot, _ flags: DomainSnapshotXMLFlags) throws(VirtError) -> HostString {
    try accept(flags, only: .secure, in: "domainSnapshotGetXMLDesc")
    let (definition, parent) = try with(snapshot) { (found, _) in (found.definition, found.parent?.name) }
    var writer = XMLWriter(capacity: 4096)
    definition.write(to: &writer, parent: parent, secrets: flags.contains(.secure))
    return try HostString(writer.bytes)
  }

  func delete(_ snapshot: DomainSnapshot, _ flags: DomainSnapshotDeleteFlags) throws(VirtError) {
    try accept(flags, only: .known, in: "domainSnapshotDelete")
    try with(snapshot) { (found, record) throws(VirtError) in
      let isAlone = flags.isDisjoint(with: [.children, .childrenOnly])
      if !flags.contains(.metadataOnly) {
        let gone = (flags.contains(.childrenOnly) ? [] : [found]) + (isAlone ? [] : found.descendants)
        if gone.contains(where: { $0.definition.isExternal }) {
          var merge = SnapshotMerge(record, without: gone)
          for one in gone.reversed() { try merge.merge(one.definition) }
          merge.apply(to: &record)
        }
      }
      if isAlone {
        record.snapshots.forest.remove(found)
      } else {
        record.snapshots.forest.removeSubtree(found, includingRoot: flags.contains(.children))
      }
    }
  }
}

extension SnapshotDefinition {
  /// Whether something of it is kept in files of its own.
  var isExternal: Bool { memory == .external || disks.contains { $0.place == .external } }
}

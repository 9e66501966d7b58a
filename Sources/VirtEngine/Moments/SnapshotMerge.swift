package import VirtCore
package import VirtModel

extension SnapshotDefinition.Disk {
  /// The file that the disk went on in when the snapshot was taken.
  package var path: String? {
    for part in content {
      if case .element(let element) = part, element.isNamed("source") {
        return element["file"] ?? element["dev"] ?? element["name"]
      }
    }
    return nil
  }
}

/// What the files of snapshots become when the snapshots go: what a disk went on in is merged into the file behind it, which
/// the snapshot kept as it was. The domain's present state stays, and so do all snapshots that are left.
package struct SnapshotMerge {
  private var present: DomainDefinition
  private var next: DomainDefinition?
  private var left: [(moment: Moment<SnapshotDefinition>, definition: SnapshotDefinition, isChanged: Bool)]
  private let busy: Set<String>

  /// Looks at a domain from which snapshots go.
  package init(_ record: DomainRecord, without gone: [Moment<SnapshotDefinition>]) {
    present = record.definition
    next = record.next
    busy = Set(record.blockJobs.keys)
    let gone = Set(gone.map(ObjectIdentifier.init))
    left = record.snapshots.forest.list(below: nil, deep: true).filter { !gone.contains(ObjectIdentifier($0)) }
      .map { ($0, $0.definition, false) }
  }

  /// Merges the files of one snapshot; those above it come first.
  ///
  /// - Throws: `VIR_ERR_OPERATION_UNSUPPORTED` where something else needs the file behind as it is, `VIR_ERR_BLOCK_COPY_ACTIVE`
  ///   where a disk has a job.
  package mutating func merge(_ snapshot: SnapshotDefinition) throws(VirtError) {
    guard let domain = snapshot.domain else { return }
    for disk in snapshot.disks where disk.place == .external {
      guard let file = disk.path, let base = domain.chain(disk.name)?.layers.first?.path else { continue }
      try merge(file, into: base, disk.name)
    }
  }

  private mutating func merge(_ file: String, into base: String, _ disk: String) throws(VirtError) {
    let live = [present, next].compactMap { $0?.chain(disk) }
    let kept = left.flatMap { one in [one.definition.domain, one.definition.inactiveDomain].compactMap { $0?.chain(disk) } }
    guard (live + kept).contains(where: { $0.stands(file, on: base) }) else { return }
    let needsBase = { (chain: DiskChain) in
      chain.layers.indices.dropFirst().contains { chain.layers[$0].path == base && chain.layers[$0 - 1].path != file }
    }
    let keepsBase = left.contains { one in
      one.definition.disks.contains { $0.name == disk && $0.place == .external }
        && one.definition.domain?.chain(disk)?.layers.first?.path == base
    }
    guard !keepsBase, !(live + kept).contains(where: needsBase), !live.contains(where: { $0.layers[0].path == base }) else {
      throw VirtError(.operationUnsupported, .test, "another snapshot needs the file behind as it is:", base)
    }
    if busy.contains(disk), live.contains(where: { $0.stands(file, on: base) }) {
      throw VirtError(.blockCopyActive, .test, "the disk has a job:", disk)
    }
    present = present.dropping(file, on: base, disk)
    next = next?.dropping(file, on: base, disk)
    for index in left.indices {
      guard let domain = left[index].definition.domain, domain.chain(disk)?.stands(file, on: base) == true else { continue }
      left[index].definition.domain = domain.dropping(file, on: base, disk)
      left[index].definition.inactiveDomain = left[index].definition.inactiveDomain?.dropping(file, on: base, disk)
      left[index].isChanged = true
    }
  }

  /// Puts the outcome into the domain and the snapshots that are left.
  package func apply(to record: inout DomainRecord) {
    record.definition = present
    record.next = next
    for one in left where one.isChanged { one.moment.definition = one.definition }
  }
}

extension DiskChain {
  /// Whether a file is right above another one.
  fileprivate func stands(_ file: String, on base: String) -> Bool {
    layers.indices.dropFirst().contains { layers[$0].path == base && layers[$0 - 1].path == file }
  }
}

extension DomainDefinition {
  /// The chain of a disk.
  package func chain(_ disk: String) -> DiskChain? {
    self.disk(disk).map { DiskChain(values.hardware.devices[$0].element) }
  }

  /// The same without a file above another one.
  fileprivate func dropping(_ file: String, on base: String, _ disk: String) -> DomainDefinition {
    guard let place = self.disk(disk), var chain = chain(disk), chain.stands(file, on: base) else { return self }
    chain.layers.removeAll { $0.path == file }
    return changing(disk: place, chain)
  }
}

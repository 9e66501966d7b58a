package import VirtCore

/// Which domains a list shows: within a group of flags any of them, and every group that is named.
package struct DomainFilter: Sendable {
  private let flags: ConnectListAllDomainsFlags
  private static let groups: [ConnectListAllDomainsFlags] = [
    [.active, .inactive], [.persistent, .transient], [.running, .paused, .shutoff, .other], [.managedsave, .noManagedsave],
    [.autostart, .noAutostart], [.hasSnapshot, .noSnapshot], [.hasCheckpoint, .noCheckpoint],
  ]

  /// Takes the flags of the API.
  package init(_ flags: ConnectListAllDomainsFlags) { self.flags = flags }

  /// Whether it shows everything.
  package var showsAll: Bool { flags.isEmpty }

  /// Whether it shows a domain.
  package func shows(_ record: DomainRecord) -> Bool {
    var own: ConnectListAllDomainsFlags = [
      record.isActive ? .active : .inactive, record.isPersistent ? .persistent : .transient,
      record.hasManagedSave ? .managedsave : .noManagedsave, record.startsWithHost ? .autostart : .noAutostart,
      record.snapshots.isEmpty ? .noSnapshot : .hasSnapshot, record.checkpoints.isEmpty ? .noCheckpoint : .hasCheckpoint,
    ]
    switch record.state {
    case .running: own.insert(.running)
    case .paused: own.insert(.paused)
    case .shutoff: own.insert(.shutoff)
    default: own.insert(.other)
    }
    return Self.groups.allSatisfy { flags.isDisjoint(with: $0) || !flags.isDisjoint(with: $0.intersection(own)) }
  }
}

internal import CVirt
internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine

extension TestDriver {
  private static let filters: ConnectGetAllDomainStatsFlags = [
    .active, .inactive, .persistent, .transient, .running, .paused, .shutoff, .other,
  ]
  private static let options: ConnectGetAllDomainStatsFlags = [.nowait, .backing, .enforceStats]

  /// Statistics of some domains, or of all.
  func statistics(
    _ domains: [Domain]?, _ count: UInt32, _ kinds: UInt32, _ flags: UInt32
  ) throws(VirtError) -> (retStats: [UnsafeMutablePointer<virDomainStatsRecord>?], result: Int32) {
    let flags = ConnectGetAllDomainStatsFlags(rawValue: flags)
    try accept(flags, only: Self.filters.union(Self.options), in: "connectGetAllDomainStats")
    let unknown = kinds & ~DomainStatsTypes.known.rawValue
    guard unknown == 0 || !flags.contains(.enforceStats) else {
      throw VirtError(.argumentUnsupported, .test, "", "there are no statistics 0x\(String(unknown, radix: 16))")
    }
    let filter = DomainFilter(ConnectListAllDomainsFlags(rawValue: flags.intersection(Self.filters).rawValue))
    let kinds = kinds == 0 ? DomainStatsTypes.known : DomainStatsTypes(rawValue: kinds)
    var objects: [DomainObject] = []
    if let domains { for domain in domains { objects.append(try object(domain)) } } else { objects = world.domains.all() }
    var records: [UnsafeMutablePointer<virDomainStatsRecord>?] = []
    records.reserveCapacity(objects.count + 1)
    let now = HostClock.microseconds
    do throws(VirtError) {
      for object in objects {
        let told = try object.record.withLock { (record) throws(VirtError) -> UnsafeMutablePointer<virDomainStatsRecord>? in
          guard filter.showsAll || filter.shows(record) else { return nil }
          var statistics = StatisticsWriter(kinds, isActive: record.isActive, backing: flags.contains(.backing), now: now)
          try statistics.write(record)
          let domain = try Domain.make(on: connection, name: record.definition.name, uuid: object.uuid, id: record.id)
          return try hostStatistics(of: domain, statistics.parameters())
        }
        if let told { records.append(told) }
      }
    } catch {
      releaseStatistics(records)
      throw error
    }
    return (records, Int32(clamping: records.count))
  }
}

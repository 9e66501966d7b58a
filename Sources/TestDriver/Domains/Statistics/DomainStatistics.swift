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
        let shown = object.record.withLock { filter.showsAll || filter.shows($0) ? StatisticsSubject($0, kinds) : nil }
        guard let subject = shown else { continue }
        let domain = try Domain.make(on: connection, name: subject.definition.name, uuid: object.uuid, id: subject.id)
        do throws(VirtError) {
          var statistics = StatisticsWriter(subject, kinds, backing: flags.contains(.backing), now: now)
          try statistics.write()
          records.append(try hostStatistics(of: domain, statistics.parameters()))
        } catch {
          domain.release()
          throw error
        }
      }
    } catch {
      releaseStatistics(records)
      throw error
    }
    return (records, Int32(clamping: records.count))
  }
}

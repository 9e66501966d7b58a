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
    do throws(VirtError) {
      for object in objects {
        guard let record = object.record.withLock({ filter.shows($0) ? $0 : nil }) else { continue }
        let domain = try Domain.make(on: connection, name: record.definition.name, uuid: object.uuid, id: record.id)
        do throws(VirtError) {
          var statistics = StatisticsWriter(record, backing: flags.contains(.backing))
          try statistics.write(kinds)
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

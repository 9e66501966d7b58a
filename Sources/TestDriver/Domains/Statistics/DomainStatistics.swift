internal import CVirt
internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine

extension TestDriver {
  /// Which statistics there are: `VIR_DOMAIN_STATS_STATE` and `VIR_DOMAIN_STATS_IOTHREAD`.
  private static let known: UInt32 = 1 | 1 << 7

  /// Statistics of some domains, or of all.
  func statistics(
    _ domains: [Domain]?, _ count: UInt32, _ kinds: UInt32, _ flags: UInt32
  ) throws(VirtError) -> (retStats: [UnsafeMutablePointer<virDomainStatsRecord>?], result: Int32) {
    let filters: ConnectGetAllDomainStatsFlags = [.active, .inactive, .persistent, .transient, .running, .paused, .shutoff, .other]
    let options: ConnectGetAllDomainStatsFlags = [.nowait, .backing, .enforceStats]
    try accept(ConnectGetAllDomainStatsFlags(rawValue: flags), only: filters.union(options), in: "connectGetAllDomainStats")
    if flags & ConnectGetAllDomainStatsFlags.enforceStats.rawValue != 0, kinds & ~Self.known != 0 {
      throw VirtError(.argumentUnsupported, .test, "", "there are no statistics 0x\(String(kinds & ~Self.known, radix: 16))")
    }
    let filter = DomainFilter(ConnectListAllDomainsFlags(rawValue: flags & filters.rawValue))
    let wantsState = kinds == 0 || kinds & 1 != 0
    var objects: [DomainObject] = []
    if let domains { for domain in domains { objects.append(try object(domain)) } } else { objects = world.domains.all() }
    var records: [UnsafeMutablePointer<virDomainStatsRecord>?] = []
    records.reserveCapacity(objects.count + 1)
    do throws(VirtError) {
      for object in objects {
        let shown = object.record.withLock { record in
          filter.shows(record) ? (record.definition, record.id, record.state.rawValue, record.reason) : nil
        }
        guard let (definition, id, state, reason) = shown else { continue }
        let domain = try Domain.make(on: connection, name: definition.name, uuid: object.uuid, id: id)
        do throws(VirtError) {
          var parameters = HostParameters()
          if wantsState {
            try parameters.append("state.state", .int(state))
            try parameters.append("state.reason", .int(reason))
          }
          records.append(try hostStatistics(of: domain, parameters))
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

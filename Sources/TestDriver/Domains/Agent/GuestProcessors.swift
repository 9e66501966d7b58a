internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

extension TestDriver {
  func guestProcessors(_ domain: Domain, _ flags: UInt32) throws(VirtError) -> [TypedParameter] {
    try acceptNone(flags, in: "domainGetGuestVcpus")
    let (count, offline) = try running(domain) { ($0.definition.values.currentProcessors, $0.guest.offline) }
    let all = NumberSet(below: Int(clamping: count))
    return [
      TypedParameter("vcpus", .string(all.text)),
      TypedParameter("online", .string(all.filtered { !offline.contains(UInt32(clamping: $0)) }.text)),
      TypedParameter("offlinable", .string(all.filtered { $0 != 0 }.text)),
    ]
  }

  /// The first processor is always in use.
  func setGuestProcessors(_ domain: Domain, _ map: BorrowedText, _ state: Int32, _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "domainSetGuestVcpus")
    let set = try Self.list(map)
    guard state == 0 || state == 1 else { throw VirtError(.invalidArg, .test, "a processor is used or not:", "\(state)") }
    try running(domain) { (record) throws(VirtError) in
      let count = record.definition.values.currentProcessors
      guard let last = set.last, last < Int(clamping: count) else {
        throw VirtError(.invalidArg, .test, "the guest has fewer processors:", record.definition.name)
      }
      guard state == 1 || !set.contains(0) else {
        throw VirtError(.operationFailed, .test, "the guest cannot do without its first processor:", record.definition.name)
      }
      for number in 0..<count where set.contains(Int(clamping: number)) {
        if state == 1 { record.guest.offline.remove(number) } else { record.guest.offline.insert(number) }
      }
    }
  }

  private static func list(_ text: BorrowedText) throws(VirtError) -> NumberSet {
    guard let set = NumberSet(text.string) else {
      throw VirtError(.invalidArg, .test, "this is no list of processors", text.string)
    }
    return set
  }

  /// Plugs in or unplugs single processors; which of them there are then stands in the document.
  func setProcessor(
    _ domain: Domain, _ map: BorrowedText, _ state: Int32, _ flags: DomainModificationImpact
  ) throws(VirtError) {
    try accept(flags, only: [.live, .config], in: "domainSetVcpu")
    let set = try Self.list(map)
    guard state == 0 || state == 1 else { throw VirtError(.invalidArg, .test, "a processor is there or not:", "\(state)") }
    try with(domain) { (record) throws(VirtError) in
      let impact = try Impact(flags.rawValue, of: record)
      for (isMeant, definition) in [(impact.live, record.definition), (impact.configuration, record.configuration)] where isMeant {
        guard let last = set.last, last < Int(clamping: definition.values.processors) else {
          throw VirtError(.invalidArg, .test, "the domain has fewer processors:", definition.name)
        }
        guard state == 1 || !set.contains(0) else {
          throw VirtError(.invalidArg, .test, "a domain cannot do without its first processor:", definition.name)
        }
      }
      record.change(live: impact.live, configuration: impact.configuration) { SingleProcessors.plug(set, state == 1, &$0) }
    }
  }
}

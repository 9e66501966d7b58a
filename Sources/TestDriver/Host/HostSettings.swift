internal import VirtCore
internal import VirtDriverKit

/// What was set on the pretended host.
struct HostSettings: Sendable {
  /// How equal pages are shared: pages per round, milliseconds between rounds, whether between cells.
  var pagesToScan: UInt32 = 100
  var sleep: UInt32 = 20
  var mergesAcrossCells: UInt32 = 1
  /// Large pages by cell and size in KiB.
  var pages: [[UInt32: UInt64]] = Node.cells.map { _ in [:] }

  /// The settings of a world.
  final class Shared: Sendable {
    private let settings = Lock(HostSettings())

    /// Does something with the settings, under their lock.
    func withLock<Result: Sendable>(_ body: (inout HostSettings) throws(VirtError) -> Result) throws(VirtError) -> Result {
      try settings.withLock { (settings) throws(VirtError) -> Result in try body(&settings) }
    }

    /// The settings as they are.
    var present: HostSettings { settings.withLock { $0 } }
  }

  /// The sizes of large pages, in KiB.
  static let pageSizes: [UInt32] = [2048, 1_048_576]

  /// KiB of a cell that large pages take.
  func taken(_ cell: Int) -> UInt64 { pages[cell].reduce(0) { $0 &+ $1.value &* UInt64($1.key) } }
}

extension TestDriver {
  /// What can be set on the host, and who asks.
  static var hostSettingOperations: [Operation<TestDriver>] {
    [
      .nodeGetMemoryParameters { $0.sharing }, .nodeSetMemoryParameters { $0.setSharing }, .nodeAllocPages { $0.reserve },
      .nodeGetSEVInfo { $0.encryption }, .nodeSuspendForDuration { $0.sleepHost },
      .connectSetIdentity { $0.setIdentity }, .connectSetKeepAlive { $0.setKeepAlive },
      .connectDomainXMLFromNative { $0.readNative }, .connectDomainXMLToNative { $0.writeNative },
    ]
  }

  private func sharing(_ flags: UInt32) throws(VirtError) -> [TypedParameter] {
    try acceptNone(flags, in: "nodeGetMemoryParameters")
    let settings = world.settings.present
    let counted = ["shm_pages_shared", "shm_pages_sharing", "shm_pages_unshared", "shm_pages_volatile", "shm_full_scans"]
    return [
      TypedParameter("shm_pages_to_scan", .uint(settings.pagesToScan)),
      TypedParameter("shm_sleep_millisecs", .uint(settings.sleep)),
      TypedParameter("shm_merge_across_nodes", .uint(settings.mergesAcrossCells)),
    ] + counted.map { TypedParameter($0, .ullong(0)) }
  }

  private func setSharing(_ parameters: [TypedParameter], _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "nodeSetMemoryParameters")
    let values = try ParameterValues(
      parameters, [("shm_pages_to_scan", .uint), ("shm_sleep_millisecs", .uint), ("shm_merge_across_nodes", .uint)])
    let merges = values.uint("shm_merge_across_nodes")
    guard merges ?? 0 <= 1 else { throw VirtError(.invalidArg, .test, "pages are shared between cells or not:", "\(merges ?? 0)") }
    try world.settings.withLock { settings in
      settings.pagesToScan = values.uint("shm_pages_to_scan") ?? settings.pagesToScan
      settings.sleep = values.uint("shm_sleep_millisecs") ?? settings.sleep
      settings.mergesAcrossCells = merges ?? settings.mergesAcrossCells
    }
  }

  /// Reserves large pages; of all cells or, when one has too little memory, of none.
  private func reserve(
    _ sizes: UnsafeBufferPointer<UInt32>, _ counts: UnsafeBufferPointer<UInt64>, _ start: Int32, _ count: UInt32,
    _ flags: NodeAllocPagesFlags
  ) throws(VirtError) -> Int32 {
    try accept(flags, only: .set, in: "nodeAllocPages")
    let first = start == -1 ? 0 : Int(start), number = start == -1 ? Node.cells.count : Int(clamping: count)
    guard first >= 0, first < Node.cells.count, number <= Node.cells.count - first else {
      throw VirtError(.internalError, .test, "", "the host has no cells from \(start) on, \(count) of them")
    }
    for size in sizes where !HostSettings.pageSizes.contains(size) {
      guard !Node.cells.contains(where: { $0.pageSize == UInt64(size) }) else {
        throw VirtError(.operationInvalid, .test, "ordinary pages are not reserved")
      }
      throw VirtError(.operationFailed, .test, "", "the host has no pages of \(size) KiB")
    }
    return try world.settings.withLock { (settings) throws(VirtError) in
      var changed = settings
      for cell in first..<first + number {
        for (size, count) in zip(sizes, counts) {
          let before = flags.contains(.set) ? 0 : changed.pages[cell][size] ?? 0
          let (total, overflow) = before.addingReportingOverflow(count)
          let (memory, isTooLarge) = total.multipliedReportingOverflow(by: UInt64(size))
          changed.pages[cell][size] = 0
          guard !overflow, !isTooLarge, memory <= Node.cells[cell].free &- changed.taken(cell) else {
            throw VirtError(.operationFailed, .test, "", "cell \(cell) has no room for \(count) pages of \(size) KiB")
          }
          changed.pages[cell][size] = total
        }
      }
      settings = changed
      return Int32(clamping: number)
    }
  }

  private func encryption(_ flags: UInt32) throws(VirtError) -> [TypedParameter] {
    try acceptNone(flags, in: "nodeGetSEVInfo")
    // Keys of a platform that has none: no byte is set.
    return [
      TypedParameter("pdh", .string("AAAA")), TypedParameter("cert-chain", .string("AAAA")),
      TypedParameter("cpu0-id", .string("AAAA")),
      TypedParameter("cbitpos", .uint(51)), TypedParameter("reduced-phys-bits", .uint(1)), TypedParameter("max-guests", .uint(500)),
      TypedParameter("max-es-guests", .uint(9)),
    ]
  }

  /// The host says in its capabilities that it has no way to sleep.
  private func sleepHost(_ target: UInt32, _ duration: UInt64, _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "nodeSuspendForDuration")
    guard target <= UInt32(bitPattern: NodeSuspendTarget.hybrid.rawValue) else {
      throw VirtError(.invalidArg, .test, "a host cannot sleep in the way with the number", "\(target)")
    }
    guard duration >= 60 else { throw VirtError(.invalidArg, .test, "a host sleeps a minute at least, not", "\(duration) s") }
    throw VirtError(.operationUnsupported, .test, "the host has no way to sleep")
  }

  /// Keeps on whose behalf the connection acts; who looks at a guest through it is called so in events.
  private func setIdentity(_ parameters: [TypedParameter], _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "connectSetIdentity")
    _ = try ParameterValues(
      parameters,
      [
        ("user-name", .string), ("unix-user-id", .ullong), ("group-name", .string), ("unix-group-id", .ullong),
        ("process-id", .llong), ("process-time", .ullong), ("sasl-user-name", .string), ("x509-distinguished-name", .string),
        ("selinux-context", .string),
      ])
    identity.withLock { $0 = parameters }
  }

  /// There is no far end that could be asked: 1.
  private func setKeepAlive(_ interval: Int32, _ count: UInt32) throws(VirtError) -> Int32 { 1 }
}

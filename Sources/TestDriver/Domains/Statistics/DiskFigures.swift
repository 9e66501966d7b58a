internal import CVirt
internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

/// What a pretended disk did: figures that grow with the host's clock.
struct DiskFigures {
  let reads, readBytes, writes, writtenBytes, errors: UInt64
  /// Nanoseconds.
  let readTime, writeTime, flushTime: UInt64
  let flushes: UInt64
  /// Bytes that the guest sees, that are in use, and that the host gives.
  static let capacity: UInt64 = 1_099_506_450_432
  static let allocation: UInt64 = 1_099_511_627_776
  static let physical: UInt64 = 1_099_511_627_776

  /// Looks at the clock.
  init(_ now: UInt64 = HostClock.microseconds) {
    reads = now / 10
    readBytes = now / 20
    writes = now / 30
    writtenBytes = now / 40
    errors = now / 1_000_000 / 2
    readTime = now / 50
    writeTime = now / 60
    flushTime = now / 70
    flushes = now / 80
  }
}

extension TestDriver {
  func diskSize(_ domain: Domain, _ name: BorrowedText, _ flags: UInt32) throws(VirtError) -> virDomainBlockInfo {
    try acceptNone(flags, in: "domainGetBlockInfo")
    let disk = try NamedDevice.disk(name).element(in: try with(domain) { $0.definition.values })
    guard Disk.path(disk) != nil else { throw VirtError(.invalidArg, .test, "the disk is empty:", name.string) }
    return virDomainBlockInfo(capacity: DiskFigures.capacity, allocation: DiskFigures.allocation, physical: DiskFigures.physical)
  }

  func diskFigures(_ domain: Domain, _ name: BorrowedText) throws(VirtError) -> virDomainBlockStatsStruct {
    guard !name.bytes.isEmpty else { throw VirtError(.operationUnsupported, .test, "there are no figures of all disks together") }
    _ = try NamedDevice.disk(name).place(in: try running(domain) { $0.definition.values })
    let figures = DiskFigures()
    return virDomainBlockStatsStruct(
      rd_req: Int64(clamping: figures.reads), rd_bytes: Int64(clamping: figures.readBytes),
      wr_req: Int64(clamping: figures.writes), wr_bytes: Int64(clamping: figures.writtenBytes),
      errs: Int64(clamping: figures.errors))
  }

  func diskParameters(_ domain: Domain, _ name: BorrowedText, _ flags: UInt32) throws(VirtError) -> [TypedParameter] {
    try acceptNone(flags, in: "domainBlockStatsFlags")
    let values = try running(domain) { $0.definition.values }
    if !name.bytes.isEmpty { _ = try NamedDevice.disk(name).place(in: values) }
    let figures = DiskFigures()
    return [
      TypedParameter("rd_operations", .llong(Int64(clamping: figures.reads))),
      TypedParameter("rd_bytes", .llong(Int64(clamping: figures.readBytes))),
      TypedParameter("rd_total_times", .llong(Int64(clamping: figures.readTime))),
      TypedParameter("wr_operations", .llong(Int64(clamping: figures.writes))),
      TypedParameter("wr_bytes", .llong(Int64(clamping: figures.writtenBytes))),
      TypedParameter("wr_total_times", .llong(Int64(clamping: figures.writeTime))),
      TypedParameter("flush_operations", .llong(Int64(clamping: figures.flushes))),
      TypedParameter("flush_total_times", .llong(Int64(clamping: figures.flushTime))),
      TypedParameter("errs", .llong(Int64(clamping: figures.errors))),
    ]
  }

  /// A disk holds the low byte of every offset.
  func peekDisk(
    _ domain: Domain, _ name: BorrowedText, _ start: UInt64, _ place: UnsafeMutableRawBufferPointer, _ flags: UInt32
  ) throws(VirtError) {
    try acceptNone(flags, in: "domainBlockPeek")
    let disk = try NamedDevice.disk(name).element(in: try with(domain) { $0.definition.values })
    guard Disk.path(disk) != nil else { throw VirtError(.invalidArg, .test, "the disk is empty:", name.string) }
    let (end, overflow) = start.addingReportingOverflow(UInt64(place.count))
    guard !overflow, end <= DiskFigures.capacity else {
      throw VirtError(.invalidArg, .test, "the disk ends before that:", name.string)
    }
    Self.fill(place, from: start)
  }

  /// One disk after the other lacks access and space. Without room the errors are counted only.
  func diskErrors(_ domain: Domain, _ most: Int, _ flags: UInt32) throws(VirtError) -> [virDomainDiskError] {
    try acceptNone(flags, in: "domainGetDiskErrors")
    let disks = try running(domain) { $0.definition.values.hardware.devices.filter { $0.kind == .disk } }
    if most == 0 { return [virDomainDiskError](repeating: virDomainDiskError(), count: disks.count) }
    var errors: [virDomainDiskError] = []
    for (index, disk) in disks.prefix(most).enumerated() {
      let error: DomainDiskErrorCode = index % 2 == 0 ? .unspec : .noSpace
      errors.append(virDomainDiskError(disk: try hostText(Disk.target(disk.element)), error: error.rawValue))
    }
    return errors
  }
}

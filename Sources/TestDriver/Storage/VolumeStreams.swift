internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine

extension TestDriver {
  /// How the content of volumes comes and goes.
  static var volumeStreamOperations: [Operation<TestDriver>] {
    [.storageVolUpload { $0.upload }, .storageVolDownload { $0.download }]
  }

  private func upload(
    _ volume: StorageVolume, _ stream: Stream, _ offset: UInt64, _ length: UInt64, _ flags: StorageVolUploadFlags
  ) throws(VirtError) {
    try check(stream, fits: volume, of: .storage, in: "virStorageVolUpload")
    try accept(flags, only: .known, in: "storageVolUpload")
    let transfer = try transfer(volume, offset, length, isSparse: flags.contains(.stream))
    try stream.attach(VolumeUpload(transfer, world.pools))
    stream.ready(Int32(truncatingIfNeeded: StreamEventType.writable.rawValue))
  }

  private func download(
    _ volume: StorageVolume, _ stream: Stream, _ offset: UInt64, _ length: UInt64, _ flags: StorageVolDownloadFlags
  ) throws(VirtError) {
    try check(stream, fits: volume, of: .storage, in: "virStorageVolDownload")
    try accept(flags, only: .known, in: "storageVolDownload")
    let transfer = try transfer(volume, offset, length, isSparse: flags.contains(.stream))
    try stream.attach(VolumeDownload(transfer))
    stream.ready(Int32(truncatingIfNeeded: StreamEventType.readable.rawValue))
  }

  private func transfer(
    _ volume: StorageVolume, _ offset: UInt64, _ length: UInt64, isSparse: Bool
  ) throws(VirtError) -> VolumeTransfer {
    let pool = try pool(of: volume), object = try object(volume)
    // What lies further could not be counted by streams.
    let capacity = min(object.definition.values.capacity, UInt64(Int64.max))
    guard offset <= capacity else {
      throw VirtError(.invalidArg, .test, "", "the volume ends at \(capacity), before \(offset)")
    }
    let end = length == 0 ? capacity : offset + min(length, capacity - offset)
    return VolumeTransfer(object, in: pool, from: offset, to: end, isSparse: isSparse)
  }
}

/// What a stream has to do with a volume: a range of it, and how far it has come.
struct VolumeTransfer: Sendable {
  let volume: StorageVolumeObject
  let pool: StoragePoolObject
  /// Whether holes are told apart from data.
  let isSparse: Bool
  private(set) var place: UInt64
  let end: UInt64

  init(_ volume: StorageVolumeObject, in pool: StoragePoolObject, from place: UInt64, to end: UInt64, isSparse: Bool) {
    (self.volume, self.pool, self.place, self.end, self.isSparse) = (volume, pool, place, end, isSparse)
  }

  var left: UInt64 { end - place }

  /// Goes on by so many bytes, at most those that are left.
  mutating func advance(by count: UInt64) { place += min(count, left) }

  /// Takes into memory what only a store has of a range.
  func load(_ range: Range<UInt64>) throws(VirtError) {
    do throws(VirtError) { try volume.load(range) } catch { throw error.ofDriver }
  }

  /// The same for the ends of a range that is to be cleared.
  func loadEnds(of range: Range<UInt64>) throws(VirtError) {
    do throws(VirtError) { try volume.loadEnds(of: range) } catch { throw error.ofDriver }
  }

  /// Changes the volume, which may have left its pool.
  ///
  /// - Parameter body: Is told how much more the pool has room for.
  func change(_ body: (inout StorageVolumeObject.State, UInt64) throws(VirtError) -> Void) throws(VirtError) {
    try pool.record.withLock { (record) throws(VirtError) in
      do throws(VirtError) { try record.contents.change(volume, body) } catch { throw error.ofDriver }
    }
  }

  /// Says that the stream knows no holes.
  func requireSparse() throws(VirtError) {
    guard isSparse else { throw VirtError(.operationInvalid, .streams, "the stream was not opened for holes") }
  }
}

/// The far end of a stream that writes a volume.
final class VolumeUpload: VirtStream {
  private let transfer: Lock<VolumeTransfer>
  private let pools: StoragePoolRegistry
  /// Whether what was written was noted.
  private let isNoted = Lock(false)

  init(_ transfer: VolumeTransfer, _ pools: StoragePoolRegistry) {
    self.transfer = Lock(transfer)
    self.pools = pools
  }

  // A stream may be freed in its middle.
  deinit { if !isNoted.withLock({ $0 }) { pools.noteForLater(transfer.withLock { $0.volume }) } }

  static let operations: [Operation<VolumeUpload>] = [
    .streamSend { $0.send }, .streamSendHole { $0.sendHole }, .streamFinish { $0.finish }, .streamAbort { $0.finish },
  ]

  private static let full = VirtError(.systemError, .streams, "the volume, or the part to be written, ends here")
  private static func full(poolOf volume: StorageVolumeObject) -> VirtError {
    VirtError(.systemError, .streams, "there is no room left in storage pool", String(cString: volume.pool))
  }

  private func send(_ bytes: UnsafeRawBufferPointer) throws(VirtError) -> Int32 {
    if bytes.isEmpty { return 0 }
    return try transfer.withLock { (transfer) throws(VirtError) in
      let count = min(bytes.count, Int(clamping: transfer.left), Int(Int32.max))
      guard count > 0 else { throw Self.full }
      let place = transfer.place
      let volume = transfer.volume
      // A page that is written in part is read before there are locks.
      try transfer.load(place..<place + UInt64(count))
      try transfer.change { (state, room) throws(VirtError) in
        // It may have become smaller meanwhile.
        let end = min(place + UInt64(count), state.definition.values.capacity)
        guard place < end else { return }
        let most = UInt64(count) + 2 * SparseContent.pageSize
        guard most <= room || state.allocation(writing: place..<end) - state.allocation <= room else {
          throw Self.full(poolOf: volume)
        }
        try state.content.write(UnsafeRawBufferPointer(rebasing: bytes[..<Int(end - place)]), at: place)
      }
      transfer.advance(by: UInt64(count))
      return Int32(count)
    }
  }

  private func sendHole(_ length: Int64, _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "streamSendHole")
    try transfer.withLock { (transfer) throws(VirtError) in
      try transfer.requireSparse()
      guard length >= 0 else { throw VirtError(.invalidArg, .streams, "a hole is not shorter than nothing") }
      guard UInt64(length) <= transfer.left else { throw Self.full }
      let range = transfer.place..<transfer.place + UInt64(length)
      try transfer.loadEnds(of: range)
      try transfer.change { (state, _) throws(VirtError) in try state.content.clear(range) }
      transfer.advance(by: UInt64(length))
    }
  }

  /// What was written is kept when this call ends.
  private func finish() throws(VirtError) {
    pools.note(transfer.withLock { $0.volume })
    isNoted.withLock { $0 = true }
  }
}

/// The far end of a stream that reads a volume.
final class VolumeDownload: VirtStream {
  private let transfer: Lock<VolumeTransfer>
  /// What was read from a store last: the next call goes on in it.
  private let part = Lock(SparseContent())

  init(_ transfer: VolumeTransfer) { self.transfer = Lock(transfer) }

  static let operations: [Operation<VolumeDownload>] = [
    .streamRecv { $0.receive }, .streamRecvFlags { $0.receive }, .streamRecvHole { $0.receiveHole },
    .streamFinish { $0.finish }, .streamAbort { $0.finish },
  ]

  /// What `virStreamRecvFlags()` gives where a hole begins.
  private static let hole: Int32 = -3

  private func receive(_ bytes: UnsafeMutableRawBufferPointer) throws(VirtError) -> Int32 { try receive(bytes, []) }
  private func receive(_ bytes: UnsafeMutableRawBufferPointer, _ flags: StreamRecvFlagsValues) throws(VirtError) -> Int32 {
    try accept(flags, only: .known, in: "streamRecvFlags")
    return try transfer.withLock { (transfer) throws(VirtError) in
      var count = min(UInt64(bytes.count), transfer.left, UInt64(Int32.max))
      guard count > 0 else { return 0 }
      let place = transfer.place, end = transfer.end
      let stopsAtHoles = transfer.isSparse && flags.contains(.hole)
      var unread: SparseContent?
      let isHole = try transfer.volume.state.withLock { (state) throws(VirtError) -> Bool in
        if stopsAtHoles {
          let extent = state.content.extent(at: place, end: end, most: count)
          guard extent.isData else { return true }
          count = min(count, extent.length)
        }
        unread = state.content.unread(in: place..<place + count)
        if let start = unread?.start { count = start > place ? start - place : min(count, start + SparseContent.partSize - place) }
        if unread == nil || unread?.start ?? 0 > place {
          unread = nil
          try state.content.read(UnsafeMutableRawBufferPointer(rebasing: bytes[..<Int(count)]), at: place)
        }
        return false
      }
      if isHole { return Self.hole }
      if let unread { try read(unread, UnsafeMutableRawBufferPointer(rebasing: bytes[..<Int(count)]), at: place) }
      transfer.advance(by: count)
      return Int32(truncatingIfNeeded: count)
    }
  }

  /// Reads what only a store has.
  private func read(_ unread: SparseContent, _ bytes: UnsafeMutableRawBufferPointer, at place: UInt64) throws(VirtError) {
    do throws(VirtError) {
      try part.withLock { (part) throws(VirtError) in
        if part.stamp != unread.stamp {
          part = unread
          try part.load()
        }
        try part.read(bytes, at: place)
      }
    } catch { throw error.ofDriver }
  }

  private func receiveHole(_ flags: UInt32) throws(VirtError) -> Int64 {
    try acceptNone(flags, in: "streamRecvHole")
    return try transfer.withLock { (transfer) throws(VirtError) in
      try transfer.requireSparse()
      let place = transfer.place, end = transfer.end
      let extent = transfer.volume.state.withLock { $0.content.extent(at: place, end: end, most: 1) }
      guard !extent.isData else { return 0 }
      transfer.advance(by: extent.length)
      return Int64(clamping: extent.length)
    }
  }

  private func finish() throws(VirtError) {}
}

internal import CVirt
internal import CVirtDispatch
internal import CVirtRuntime
internal import Glibc
internal import VirtCore

/// What the host knows about a stream: the driver's rows, once it has attached them, and the program's callback. Kept as the
/// handle's private word.
final class StreamState: @unchecked Sendable {
  /// What calls reach before a driver has attached its rows and after the stream ended, and what they reach meanwhile. Calls of other
  /// threads read both at any time: neither changes once the handle was pointed at it. One piece of memory.
  private let missing, rows: UnsafeMutablePointer<virt_row>
  private let state = Lock<State>(State())

  private struct State: @unchecked Sendable {
    var driverState: UnsafeMutableRawPointer?
    var release: (@convention(c) (UnsafeMutableRawPointer?) -> Void)?
    var isAttached = false
    /// Whether somebody has finished or aborted it; only one does.
    var isEnded = false
    var callback: virStreamEventCallback?
    var opaque: UnsafeMutableRawPointer?
    var free: virFreeCallback?
    /// Whether the callback runs; what is freed when it has come back.
    var isTelling = false
    var leftover: (free: virFreeCallback?, opaque: UnsafeMutableRawPointer?)?
    var wanted: Int32 = 0
    var ready: Int32 = 0
    var timer: Int32 = -1
    var stream: virStreamPtr?
  }

  /// The driver's operations that end the stream; behind the host's own, which give its state back afterwards.
  private var finish, abort: VirtStreamPlain?
  /// Has calls wait, on a stream that may; and the driver's operations that they are for.
  private let wait: StreamWait?
  private var send: VirtStreamSend?
  private var receive: VirtStreamReceivePlain?
  private var receiveFlags: VirtStreamReceive?

  /// Whether calls on the stream may wait.
  var mayWait: Bool { wait != nil }

  private init(mayWait: Bool) {
    wait = mayWait ? StreamWait() : nil
    let count = Int(virt_stream_operation_count)
    missing = UnsafeMutablePointer<virt_row>.allocate(capacity: 2 * count)
    rows = missing + count
    for id in 0..<virt_stream_operation_count {
      let row = virt_row(function: virt_stream_operation(id).pointee.missing, state: nil)
      missing[Int(id)] = row
      rows[Int(id)] = row
    }
  }

  /// The driver's state goes with the last handle: until then another thread may be in a call on the stream.
  deinit {
    forget()
    let last = state.withLock { $0 }
    last.release?(last.driverState)
    missing.deallocate()
  }

  /// A new stream of a connection, with no driver behind it yet; nil after raising.
  static func make(_ connection: UnsafeMutablePointer<virt_connection>, mayWait: Bool) -> virStreamPtr? {
    var identity = virt_identity()
    identity.size = MemoryLayout<virt_identity>.size
    identity.id = -1
    guard let handle = virt_handle_make(UInt16(VIRT_CLASS_STREAM), connection, nil, &identity) else { return nil }
    let mine = StreamState(mayWait: mayWait)
    virt_handle_set_rows(handle, mine.missing)
    _ = virt_handle_set_word(handle, nil, Unmanaged.passRetained(mine).toOpaque()) { word in
      if let word { Unmanaged<StreamState>.fromOpaque(word).release() }
    }
    return OpaquePointer(handle)
  }

  /// The host's side of a live stream.
  static func of(_ stream: virStreamPtr?) -> StreamState? {
    guard let stream, let word = UnsafeRawPointer(stream).assumingMemoryBound(to: virt_handle.self).pointee.word else { return nil }
    return Unmanaged<StreamState>.fromOpaque(word).takeUnretainedValue()
  }

  /// Gives a stream the driver's operations; 0 or an error code.
  static func attach(
    _ stream: virStreamPtr?, _ operations: UnsafePointer<virt_driver_array>?, _ driverState: UnsafeMutableRawPointer?,
    _ release: (@convention(c) (UnsafeMutableRawPointer?) -> Void)?
  ) -> Int32 {
    guard let mine = of(stream), let array = operations?.pointee, let items = array.items,
      Int(array.stride) >= MemoryLayout<virt_driver_operation>.size
    else {
      VirtError(.internalError, .streams, "the driver's list of stream operations has a wrong shape").raise()
      return ErrorCode.internalError.rawValue
    }
    let isFree: Bool = mine.state.withLock { state in
      if state.isAttached { return false }
      state.isAttached = true
      state.driverState = driverState
      state.release = release
      return true
    }
    if !isFree {
      VirtError(.operationInvalid, .streams, "the stream is in use").raise()
      return ErrorCode.operationInvalid.rawValue
    }
    for index in 0..<Int(min(array.count, 1024)) {
      let item = items.loadUnaligned(fromByteOffset: index * Int(array.stride), as: virt_driver_operation.self)
      if item.id > 0, item.id < virt_stream_operation_count, let function = item.function {
        mine.rows[Int(item.id)] = virt_row(function: function, state: driverState)
      }
    }
    mine.takeOverEnds()
    if mine.wait != nil { mine.takeOverTransfers() }
    mine.show(mine.rows, to: stream)
    return 0
  }

  /// Points the handle at rows, which calls of other threads may be about to read: no row changes any more.
  private func show(_ rows: UnsafeMutablePointer<virt_row>, to stream: virStreamPtr?) {
    if let stream { virt_handle_set_rows(UnsafeMutableRawPointer(stream), rows) }
  }

  /// Puts operations that wait in front of those of the driver that never do.
  private func takeOverTransfers() {
    let mine = Unmanaged.passUnretained(self).toOpaque()
    let sending: VirtStreamSend = { word, stream, data, size, result in
      StreamState.transfer(word, .writable, result) { $0.send?($1, stream, data, size, result) }
    }
    send = takeOver(VIRT_OPERATION_streamSend, mine, sending)
    let receiving: VirtStreamReceivePlain = { word, stream, data, size, result in
      StreamState.transfer(word, .readable, result) { $0.receive?($1, stream, data, size, result) }
    }
    receive = takeOver(VIRT_OPERATION_streamRecv, mine, receiving)
    let flagging: VirtStreamReceive = { word, stream, data, size, flags, result in
      StreamState.transfer(word, .readable, result) { $0.receiveFlags?($1, stream, data, size, flags, result) }
    }
    receiveFlags = takeOver(VIRT_OPERATION_streamRecvFlags, mine, flagging)
  }

  /// Puts a function in front of the driver's, which it gives; nil where the driver has none.
  private func takeOver<Function>(_ id: UInt32, _ mine: UnsafeMutableRawPointer, _ host: Function) -> Function? {
    let row = rows[Int(id)]
    let missing = unsafeBitCast(virt_stream_operation(id).pointee.missing, to: Int.self)
    guard let own = row.function, unsafeBitCast(own, to: Int.self) != missing else { return nil }
    rows[Int(id)] = virt_row(function: unsafeBitCast(host, to: (@convention(c) () -> Void).self), state: mine)
    return unsafeBitCast(own, to: Function.self)
  }

  private static func transfer(
    _ word: UnsafeMutableRawPointer?, _ event: StreamEventType, _ result: UnsafeMutablePointer<Int32>?,
    _ driver: (StreamState, UnsafeMutableRawPointer?) -> Int32?
  ) -> Int32 {
    guard let word else { return ErrorCode.internalError.rawValue }
    let mine = Unmanaged<StreamState>.fromOpaque(word).takeUnretainedValue()
    func call() -> Int32 { driver(mine, mine.state.withLock { $0.driverState }) ?? ErrorCode.internalError.rawValue }
    let events: StreamEventType = [event, .error, .hangup]
    return mine.wait?.call(Int32(bitPattern: events.rawValue), result, call) ?? call()
  }

  /// Puts the host's operations in front of those of the driver that end the stream.
  private func takeOverEnds() {
    let mine = Unmanaged.passUnretained(self).toOpaque()
    let end: (UInt32, VirtStreamPlain) -> VirtStreamPlain? = { [rows] id, host in
      // Without the driver's own, ending is still what the program asked for.
      let isMissing =
        unsafeBitCast(rows[Int(id)].function, to: Int.self)
        == unsafeBitCast(virt_stream_operation(id).pointee.missing, to: Int.self)
      defer { rows[Int(id)] = virt_row(function: unsafeBitCast(host, to: (@convention(c) () -> Void).self), state: mine) }
      if isMissing { return nil }
      let own = rows[Int(id)].function.map { unsafeBitCast($0, to: VirtStreamPlain.self) }
      return own
    }
    finish = end(VIRT_OPERATION_streamFinish) { StreamState.end($0, $1, VIRT_OPERATION_streamFinish, \.finish) }
    abort = end(VIRT_OPERATION_streamAbort) { StreamState.end($0, $1, VIRT_OPERATION_streamAbort, \.abort) }
  }

  private static func end(
    _ word: UnsafeMutableRawPointer?, _ stream: virStreamPtr?, _ id: UInt32, _ own: KeyPath<StreamState, VirtStreamPlain?>
  ) -> Int32 {
    guard let word else { return ErrorCode.internalError.rawValue }
    let mine = Unmanaged<StreamState>.fromOpaque(word).takeUnretainedValue()
    let (isFirst, driverState) = mine.state.withLock { state in
      defer { state.isEnded = true }
      return (!state.isEnded, state.driverState)
    }
    // Another thread was faster, and nothing is behind the stream any more.
    guard isFirst else {
      return unsafeBitCast(virt_stream_operation(id).pointee.missing, to: VirtStreamPlain.self)(nil, stream)
    }
    mine.wait?.end()
    let code = mine[keyPath: own]?(driverState, stream) ?? 0
    mine.wait?.drain()
    mine.show(mine.missing, to: stream)
    mine.forget()
    return code
  }

  /// Ends the program's callback; false without one.
  @discardableResult
  private func forget() -> Bool {
    let last: State = state.withLock { state in
      let last = state
      state.callback = nil
      state.free = nil
      state.timer = -1
      // A callback may remove itself, and goes on with what is its own.
      if state.isTelling, last.callback != nil { state.leftover = (last.free, last.opaque) }
      return last
    }
    if last.timer >= 0 { _ = EventImplementation.removeTimeout(last.timer) }
    if !last.isTelling { last.free?(last.opaque) }
    return last.callback != nil
  }

  /// Whether a driver has given the stream its operations.
  var isAttached: Bool { state.withLock { $0.isAttached } }

  // MARK: The program's callback

  /// Sets the callback; false when there is one.
  func add(
    _ stream: virStreamPtr, _ events: Int32, _ callback: @escaping virStreamEventCallback, _ opaque: UnsafeMutableRawPointer?,
    _ free: virFreeCallback?
  ) throws(VirtError) {
    let timer = EventImplementation.addTimeout(
      -1,
      { _, opaque in
        if let opaque { Unmanaged<StreamState>.fromOpaque(opaque).takeUnretainedValue().tell() }
      }, Unmanaged.passRetained(self).toOpaque(), { if let opaque = $0 { Unmanaged<StreamState>.fromOpaque(opaque).release() } })
    if timer < 0 {
      Unmanaged.passUnretained(self).release()
      throw VirtError(.internalError, .streams, "stream events need an event loop, and none is registered")
    }
    let isFree: Bool = state.withLock { state in
      if state.callback != nil { return false }
      state.callback = callback
      state.opaque = opaque
      state.free = free
      state.wanted = events
      state.timer = timer
      state.stream = stream
      return true
    }
    if !isFree {
      _ = EventImplementation.removeTimeout(timer)
      throw VirtError(.internalError, .streams, "the stream has an event callback already")
    }
    wake()
  }

  /// Changes what is waited for; false without a callback.
  func update(_ events: Int32) -> Bool {
    let has: Bool = state.withLock { state in
      state.wanted = events
      return state.callback != nil
    }
    wake()
    return has
  }

  /// Removes the callback; false without one.
  func remove() -> Bool { forget() }

  /// What the stream is ready for now.
  func ready(_ events: Int32) {
    state.withLock { $0.ready = events }
    wait?.tell(events)
    wake()
  }

  private func wake() {
    let (timer, isDue): (Int32, Bool) = state.withLock { ($0.timer, $0.ready & $0.wanted != 0) }
    if timer >= 0 { EventImplementation.updateTimeout(timer, isDue ? 0 : -1) }
  }

  private func tell() {
    let now: State = state.withLock { state in
      if state.callback != nil, state.stream != nil, state.ready & state.wanted != 0 { state.isTelling = true }
      return state
    }
    guard let callback = now.callback, let stream = now.stream, now.ready & now.wanted != 0 else { return }
    callback(stream, now.ready & now.wanted, now.opaque)
    let leftover = state.withLock { state in
      defer { state.leftover = nil }
      state.isTelling = false
      return state.leftover
    }
    leftover?.free?(leftover?.opaque)
    wake()
  }
}

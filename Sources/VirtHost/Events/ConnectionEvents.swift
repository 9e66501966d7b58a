internal import CVirt
internal import CVirtDispatch
internal import CVirtRuntime
internal import Glibc
internal import VirtCore

/// A function pointer of the program, before it is cast to what its event means.
typealias AnyCallback = @convention(c) () -> Void

/// One registered callback.
final class RegisteredCallback: @unchecked Sendable {
  let identifier: Int32
  let family: UInt32
  let event: Int32
  let isLegacy: Bool
  let function: AnyCallback
  /// Only events about this object; any when nil.
  let filter: EventFilter?
  let opaque: UnsafeMutableRawPointer?
  private let release: virFreeCallback?
  /// Set when it was removed; read under the owner's lock.
  var isRemoved = false

  init(
    identifier: Int32, family: UInt32, event: Int32, isLegacy: Bool, function: @escaping AnyCallback, filter: EventFilter?,
    opaque: UnsafeMutableRawPointer?, release: virFreeCallback?
  ) {
    self.identifier = identifier
    self.family = family
    self.event = event
    self.isLegacy = isLegacy
    self.function = function
    self.filter = filter
    self.opaque = opaque
    self.release = release
  }

  /// Tells the program that its data is no longer needed. Once, with no lock held.
  func free() { release?(opaque) }
}

/// What an event must be about to be told.
struct EventFilter {
  let uuid: UUID
  let name: [UInt8]

  init(_ identity: UnsafePointer<virt_identity>) {
    uuid = withUnsafeBytes(of: identity.pointee.uuid) { bytes in bytes.baseAddress.map { UUID(bytes: $0) } ?? .zero }
    name =
      identity.pointee.name.map { Array(UnsafeBufferPointer(start: $0, count: strlen($0)).map { UInt8(bitPattern: $0) }) } ?? []
  }

  /// Whether it is the same object: by UUID where the class has one, else by name.
  func matches(_ other: EventFilter) -> Bool { uuid == .zero ? name == other.name : uuid == other.uuid }
}

/// An event that waits for the event loop.
struct WaitingEvent: @unchecked Sendable {
  let kind: UnsafePointer<virt_event_kind>
  let payload: SharedPayload
}

/// A copied payload that several connections tell.
final class SharedPayload: @unchecked Sendable {
  let kind: UnsafePointer<virt_event_kind>
  let payload: UnsafeMutableRawPointer
  let identity: CopiedIdentity

  init?(_ kind: UnsafePointer<virt_event_kind>, _ source: UnsafeRawPointer, _ identity: UnsafePointer<virt_identity>) {
    guard let copy = kind.pointee.copy(source) else { return nil }
    self.kind = kind
    payload = copy
    self.identity = CopiedIdentity(identity)
  }

  deinit { kind.pointee.release(payload) }
}

/// An identity with texts of its own.
final class CopiedIdentity: @unchecked Sendable {
  private(set) var identity = virt_identity()
  let filter: EventFilter

  init(_ source: UnsafePointer<virt_identity>) {
    filter = EventFilter(source)
    identity = source.pointee
    identity.size = MemoryLayout<virt_identity>.size
    identity.name = source.pointee.name.flatMap { UnsafePointer(strdup($0)) }
    identity.strings.0 = source.pointee.strings.0.flatMap { UnsafePointer(strdup($0)) }
    identity.strings.1 = source.pointee.strings.1.flatMap { UnsafePointer(strdup($0)) }
  }

  deinit {
    free(UnsafeMutablePointer(mutating: identity.name))
    free(UnsafeMutablePointer(mutating: identity.strings.0))
    free(UnsafeMutablePointer(mutating: identity.strings.1))
  }
}

/// The callbacks of one connection and what waits to be told. Registration and emitting take its lock; telling does not hold it.
final class ConnectionEvents: @unchecked Sendable {
  private let connection: UnsafeMutablePointer<virt_connection>
  private let state = Lock<State>(State())

  private struct State: @unchecked Sendable {
    var callbacks: [RegisteredCallback] = []
    var waiting: [WaitingEvent] = []
    var retired: [RegisteredCallback] = []
    var closing: CloseCallback?
    var closeReason: Int32?
    var sources: [EventSource] = []
    var nextIdentifier: Int32 = 0
    var watch: EventWatch?
    var hasEnded = false

    /// Takes the watch and what it has to free, when nobody listens any longer.
    mutating func takeIdleWatch() -> (EventWatch, [RegisteredCallback])? {
      guard let idle = watch, callbacks.isEmpty, closeReason == nil else { return nil }
      let rest = retired
      watch = nil
      retired = []
      waiting = []
      return (idle, rest)
    }
  }

  /// The program's callback for the end of the connection.
  struct CloseCallback: @unchecked Sendable {
    let function: virConnectCloseFunc
    let opaque: UnsafeMutableRawPointer?
    let release: virFreeCallback?
  }

  init(_ connection: UnsafeMutablePointer<virt_connection>) { self.connection = connection }

  private var handle: virConnectPtr { OpaquePointer(connection) }

  // MARK: Registration

  /// Adds a callback; its id.
  ///
  /// - Throws: `VIR_ERR_INVALID_ARG`: the same function is there already for the same event of the same objects, whatever its
  ///   data: removing a function without an id would not know which of them.
  func add(
    family: UInt32, event: Int32, isLegacy: Bool, function: @escaping AnyCallback, filter: EventFilter?,
    opaque: UnsafeMutableRawPointer?, release: virFreeCallback?
  ) throws(VirtError) -> Int32 {
    try watch()
    let identifier: Int32? = state.withLock { state in
      let isTaken = state.callbacks.contains {
        !$0.isRemoved && $0.family == family && $0.event == event
          && unsafeBitCast($0.function, to: Int.self) == unsafeBitCast(function, to: Int.self)
          && $0.isLegacy == isLegacy && ($0.filter.map { filter.map($0.matches) ?? false } ?? (filter == nil))
      }
      if isTaken { return nil }
      let identifier = state.nextIdentifier
      state.nextIdentifier += 1
      state.callbacks.append(
        RegisteredCallback(
          identifier: identifier, family: family, event: event, isLegacy: isLegacy, function: function, filter: filter,
          opaque: opaque, release: release))
      return identifier
    }
    guard let identifier else { throw VirtError(.invalidArg, .none, "the event callback is registered already") }
    return identifier
  }

  /// Removes the callback that fits; false when there is none. The loop frees its data.
  func remove(_ fits: (RegisteredCallback) -> Bool) -> Bool {
    let (found, idle, watch): (Bool, (EventWatch, [RegisteredCallback])?, EventWatch?) = state.withLock { state in
      guard let index = state.callbacks.firstIndex(where: { !$0.isRemoved && fits($0) }) else { return (false, nil, nil) }
      state.callbacks[index].isRemoved = true
      state.retired.append(state.callbacks.remove(at: index))
      return (true, state.takeIdleWatch(), state.watch)
    }
    if let (idle, callbacks) = idle { idle.stop(freeing: callbacks) }
    watch?.wake()
    return found
  }

  /// Sets the callback for the end; false when there is one.
  func setClose(_ callback: CloseCallback) -> Bool {
    state.withLock { state in
      if state.closing != nil { return false }
      state.closing = callback
      return true
    }
  }

  /// Removes the callback for the end; false when it is another one.
  func clearClose(_ function: virConnectCloseFunc) -> Bool {
    let removed: CloseCallback? = state.withLock { state in
      guard let current = state.closing, unsafeBitCast(current.function, to: Int.self) == unsafeBitCast(function, to: Int.self)
      else { return nil }
      state.closing = nil
      return current
    }
    removed?.release?(removed?.opaque)
    return removed != nil
  }

  /// Begins to wait on the event loop.
  private func watch() throws(VirtError) {
    if state.withLock({ $0.watch != nil || $0.hasEnded }) { return }
    let watch = try EventWatch(self)
    let isFirst: Bool = state.withLock { state in
      if state.watch != nil || state.hasEnded { return false }
      state.watch = watch
      return true
    }
    if !isFirst { watch.stop() }
  }

  // MARK: Emitting

  /// Whether anybody listens.
  func wants(_ family: UInt32, _ event: Int32) -> Bool {
    state.withLock { state in state.callbacks.contains { $0.family == family && $0.event == event } }
  }

  /// Queues an event if anybody listens; makes the copy at most once.
  func queue(_ kind: UnsafePointer<virt_event_kind>, _ payload: () -> SharedPayload?) {
    let wants: Bool = state.withLock { state in
      !state.hasEnded && state.callbacks.contains { $0.family == kind.pointee.family && $0.event == kind.pointee.event }
    }
    guard wants, let payload = payload() else { return }
    let watch: EventWatch? = state.withLock { state in
      guard let watch = state.watch else { return nil }
      state.waiting.append(WaitingEvent(kind: kind, payload: payload))
      return state.waiting.count == 1 ? watch : nil
    }
    watch?.wake()
  }

  /// Queues the news that the connection is gone, if anybody wants to know.
  func queueClosed(_ reason: Int32) {
    let isWanted: Bool = state.withLock { state in
      guard state.closing != nil, state.closeReason == nil, !state.hasEnded else { return false }
      state.closeReason = reason
      return true
    }
    guard isWanted else { return }
    do throws(VirtError) {
      try watch()
      state.withLock { $0.watch }?.wake()
    } catch {
      Log.warning("event", "the end of a connection cannot be told without an event loop")
    }
  }

  // MARK: Telling

  /// Tells everything that waits. On the event loop, with no lock held while the program's code runs.
  func tell(_ watch: EventWatch) {
    guard virt_handle_reference(connection) else { return }
    let (events, retired, closing): ([WaitingEvent], [RegisteredCallback], (CloseCallback, Int32)?) = state.withLock { state in
      guard state.watch === watch else { return ([], [], nil) }
      watch.drain()
      let result = (state.waiting, state.retired, state.closeReason.flatMap { reason in state.closing.map { ($0, reason) } })
      state.waiting = []
      state.retired = []
      state.closeReason = nil
      if result.2 != nil { state.closing = nil }
      return result
    }
    for event in events { tell(event) }
    for callback in retired { callback.free() }
    if let (callback, reason) = closing {
      callback.function(handle, reason, callback.opaque)
      callback.release?(callback.opaque)
    }
    if let (idle, callbacks) = state.withLock({ $0.takeIdleWatch() }) { idle.stop(freeing: callbacks) }
    let kept = virt_error_take()
    virt_handle_release(connection)
    virt_error_restore(kept)
  }

  private func tell(_ event: WaitingEvent) {
    let kind = event.kind.pointee
    let listeners: [RegisteredCallback] = state.withLock { state in
      state.callbacks.filter {
        $0.family == kind.family && $0.event == kind.event && ($0.filter.map { $0.matches(event.payload.identity.filter) } ?? true)
      }
    }
    if listeners.isEmpty { return }
    var identity = event.payload.identity.identity
    guard let object = virt_handle_make(kind.class_id, connection, nil, &identity) else { return }
    for listener in listeners where !state.withLock({ _ in listener.isRemoved }) {
      kind.deliver(listener.function, handle, object, event.payload.payload, listener.opaque)
    }
    virt_handle_release(object)
  }

  // MARK: Sources and the end

  func attached(_ source: EventSource) {
    state.withLock { $0.sources.append(source) }
  }

  /// Forgets everything and frees what the program gave. Nothing is told afterwards.
  func end() {
    let last: State = state.withLock { state in
      let last = state
      state = State()
      state.hasEnded = true
      return last
    }
    for source in last.sources { source.detach(self) }
    last.watch?.stop()
    for callback in last.retired { callback.free() }
    for callback in last.callbacks { callback.free() }
    if let closing = last.closing { closing.release?(closing.opaque) }
  }
}

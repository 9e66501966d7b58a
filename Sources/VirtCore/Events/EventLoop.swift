internal import CVirtRuntime
internal import Glibc

/// The default event loop: descriptors and timers, one iteration per call, over `poll`.
///
/// Any thread may add, change and remove watches, also from within callbacks. Callbacks run on the thread that runs the
/// loop, with no lock held. The free callback of a removed watch runs there too, after the iteration's callbacks.
package final class EventLoop: Sendable {
  /// The loop behind the public functions.
  package static let shared = EventLoop()

  /// What the loop waits for and what it is at.
  struct State {
    var handles = WatchList<HandleWatch>()
    var timers = WatchList<TimerWatch>()
    var heap = TimerHeap()
    var cleanups: [Cleanup] = []
    /// What `poll` gets; belongs to the thread that runs the loop. The first is the wake-up.
    var set: [pollfd] = []
    var setIds: [Int32] = []
    var setIsStale = true
    /// Whether the running thread sleeps, or is about to, and has not been woken yet.
    var sleeps = false
    /// The thread that runs the loop, 0 when none does, and how deeply it is nested.
    var runner: UInt = 0
    var depth = 0
    var wakeDescriptor: Int32 = -1
  }

  /// Guards everything; never held across a callback or the wait.
  let state = Lock(State())
  /// Held by the thread that runs the loop.
  private let turn = Lock(())

  private init() {
    state.guardAcrossFork()
    whenForked {
      // The parent sleeps on the same wake-up: the child needs one of its own, and nobody runs the loop here.
      EventLoop.shared.state.withLock { state in
        if state.wakeDescriptor >= 0 { close(state.wakeDescriptor) }
        state.wakeDescriptor = -1
        state.setIsStale = true
        state.sleeps = false
        state.runner = 0
        state.depth = 0
      }
      EventLoop.shared.turn.resetAfterFork()
    }
  }

  /// Nanoseconds of the monotonic clock.
  @inline(__always)
  static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }

  /// Runs one iteration: waits until something is due, then calls whoever waited for it. A second thread waits for its
  /// turn; a callback may run the loop again. False when the system refuses to wait.
  package func runOnce() -> Bool {
    let me = UInt(pthread_self())
    let nested = state.withLock { state in
      guard state.runner == me else { return false }
      state.depth += 1
      return true
    }
    if nested {
      defer { state.withLock { $0.depth -= 1 } }
      return iterate(nested: true)
    }
    return turn.withLock { _ in
      state.withLock { ($0.runner, $0.depth) = (me, 1) }
      defer { state.withLock { ($0.runner, $0.depth) = (0, 0) } }
      return iterate(nested: false)
    }
  }

  private func iterate(nested: Bool) -> Bool {
    guard let prepared = prepare(nested: nested) else { return false }
    var set = prepared.set
    let timeout = prepared.timeout
    let count = set.withUnsafeMutableBufferPointer { poll($0.baseAddress, nfds_t($0.count), timeout) }
    let failed = count < 0 && errno != EINTR && errno != EAGAIN
    let (due, ready) = collect(consuming: set, anyReady: count > 0)
    for id in due { fire(timer: id) }
    for (id, events) in ready { fire(handle: id, events: events) }
    if !nested { runCleanups() }
    return !failed
  }

  /// What to wait for and how long, in milliseconds.
  private func prepare(nested: Bool) -> (set: [pollfd], timeout: Int32)? {
    state.withLock { state in
      if state.setIsStale {
        guard state.rebuildSet() else { return nil }
      }
      state.sleeps = true
      let now = state.heap.count > 0 ? Self.now() : 0
      let timeout = !nested && !state.cleanups.isEmpty ? 0 : state.timeout(now)
      let set = state.set
      state.set = []
      return (set, timeout)
    }
  }

  /// Which timers are due and which handles ready; puts the set back.
  private func collect(consuming set: [pollfd], anyReady: Bool) -> (due: [Int32], ready: [(Int32, Int32)]) {
    state.withLock { state in
      let wasWoken = !state.sleeps
      state.sleeps = false
      var ready: [(Int32, Int32)] = []
      if anyReady, set.count == state.setIds.count + 1 {
        for index in 1..<max(set.count, 1) where set[index].revents != 0 {
          ready.append((state.setIds[index - 1], Self.events(of: set[index].revents)))
        }
      }
      if wasWoken { virt_wake_drain(state.wakeDescriptor) }
      state.set = set
      let due = state.heap.count > 0 ? state.takeDue(Self.now()) : []
      return (due, ready)
    }
  }

  private func fire(timer id: Int32) {
    let watch: TimerWatch? = state.withLock { state in
      guard let index = state.timers.index(of: id), state.timers[index].interval >= 0 else { return nil }
      return state.timers[index]
    }
    if let watch { watch.callback(watch.id, watch.cleanup.opaque) }
  }

  private func fire(handle id: Int32, events: Int32) {
    let watch: HandleWatch? = state.withLock { state in
      guard let index = state.handles.index(of: id), state.handles[index].events != 0 else { return nil }
      return state.handles[index]
    }
    guard let watch else { return }
    // What was asked for when the wait began may be unwanted by now; failures are always told.
    let wanted = events & (watch.events | Self.error | Self.hangup)
    if wanted != 0 { watch.callback(watch.id, watch.descriptor, wanted, watch.cleanup.opaque) }
  }

  private func runCleanups() {
    let cleanups = state.withLock { state in
      let cleanups = state.cleanups
      if !cleanups.isEmpty { state.cleanups = [] }
      return cleanups
    }
    for cleanup in cleanups { cleanup.free?(cleanup.opaque) }
  }

  /// Wakes the running thread, unless it is the caller or awake.
  func wake(_ state: inout State) {
    guard state.sleeps, state.runner != UInt(pthread_self()) || state.depth == 0 else { return }
    state.sleeps = false
    virt_wake_send(state.wakeDescriptor)
  }
}

extension EventLoop {
  /// `VIR_EVENT_HANDLE_READABLE`
  static let readable = Int32(VIR_EVENT_HANDLE_READABLE.rawValue)
  /// `VIR_EVENT_HANDLE_WRITABLE`
  static let writable = Int32(VIR_EVENT_HANDLE_WRITABLE.rawValue)
  /// `VIR_EVENT_HANDLE_ERROR`
  static let error = Int32(VIR_EVENT_HANDLE_ERROR.rawValue)
  /// `VIR_EVENT_HANDLE_HANGUP`
  static let hangup = Int32(VIR_EVENT_HANDLE_HANGUP.rawValue)

  /// What `poll` reports, in the API's bits; an invalid descriptor is an error.
  @inline(__always)
  static func events(of reported: Int16) -> Int32 {
    let reported = Int32(reported)
    return (reported & POLLIN != 0 ? readable : 0) | (reported & POLLOUT != 0 ? writable : 0)
      | (reported & (POLLERR | POLLNVAL) != 0 ? error : 0) | (reported & POLLHUP != 0 ? hangup : 0)
  }

  /// What `poll` is asked for.
  @inline(__always)
  static func request(for events: Int32) -> Int16 {
    Int16(truncatingIfNeeded: (events & readable != 0 ? POLLIN : 0) | (events & writable != 0 ? POLLOUT : 0))
  }
}

extension EventLoop.State {
  /// Makes the set that `poll` gets from the watches; false without a descriptor for waking.
  mutating func rebuildSet() -> Bool {
    if wakeDescriptor < 0 { wakeDescriptor = virt_wake_open() }
    guard wakeDescriptor >= 0 else { return false }
    set.removeAll(keepingCapacity: true)
    setIds.removeAll(keepingCapacity: true)
    set.append(pollfd(fd: wakeDescriptor, events: Int16(POLLIN), revents: 0))
    for watch in handles.watches where watch.events != 0 {
      set.append(pollfd(fd: watch.descriptor, events: EventLoop.request(for: watch.events), revents: 0))
      setIds.append(watch.id)
    }
    setIsStale = false
    return true
  }

  /// Whether a moment is still the one its timer waits for.
  private func isCurrent(_ entry: TimerHeap.Entry) -> Bool {
    guard let index = timers.index(of: entry.timer) else { return false }
    return timers[index].interval >= 0 && timers[index].deadline == entry.deadline
  }

  /// Milliseconds until the next timer, rounded up; -1 without one.
  mutating func timeout(_ now: Int64) -> Int32 {
    while let entry = heap.first {
      guard isCurrent(entry) else {
        heap.removeFirst()
        continue
      }
      guard entry.deadline > now else { return 0 }
      return Int32(clamping: (entry.deadline &- now &+ 999_999) / 1_000_000)
    }
    return -1
  }

  /// The timers whose moment has come, set up for their next one.
  mutating func takeDue(_ now: Int64) -> [Int32] {
    var due: [Int32] = []
    while let entry = heap.first, entry.deadline <= now {
      heap.removeFirst()
      if isCurrent(entry) { due.append(entry.timer) }
    }
    for id in due { schedule(id, now) }
    return due
  }

  /// Computes a timer's next moment.
  mutating func schedule(_ id: Int32, _ now: Int64) {
    guard let index = timers.index(of: id), timers[index].interval >= 0 else { return }
    let deadline = now &+ Int64(timers[index].interval) &* 1_000_000
    timers[index].deadline = deadline
    heap.insert(TimerHeap.Entry(deadline: deadline, timer: id))
    if heap.count > 2 * timers.watches.count + 16 {
      heap.rebuild(
        timers.watches.lazy.filter { $0.interval >= 0 }.map { TimerHeap.Entry(deadline: $0.deadline, timer: $0.id) })
    }
  }
}

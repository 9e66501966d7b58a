package import CVirtRuntime

/// Whoever runs the program's event loop: the default one, or functions the application registered. Set once.
package struct EventImplementation: Sendable {
  /// The application's six functions.
  package struct Functions: @unchecked Sendable {
    var addHandle: virEventAddHandleFunc?
    var updateHandle: virEventUpdateHandleFunc?
    var removeHandle: virEventRemoveHandleFunc?
    var addTimeout: virEventAddTimeoutFunc?
    var updateTimeout: virEventUpdateTimeoutFunc?
    var removeTimeout: virEventRemoveTimeoutFunc?
  }

  /// The loops there can be.
  enum Kind: Sendable {
    case none
    case standard
    case application(Functions)
  }

  private static let kind: Lock<Kind> = {
    let lock = Lock(Kind.none)
    lock.guardAcrossFork()
    return lock
  }()

  /// The loop there is.
  static var current: Kind { kind.withLock { $0 } }

  /// Whether there is an event loop to wait with.
  package static var isRegistered: Bool {
    if case .none = current { false } else { true }
  }

  /// Sets the implementation; false, with a warning in the log, when there is one already.
  static func register(_ kind: Kind) -> Bool {
    let registered = self.kind.withLock { current in
      guard case .none = current else { return false }
      current = kind
      return true
    }
    if !registered { Log.warning("event", "a second event implementation is ignored") }
    return registered
  }

  /// Waits for events of a descriptor with whatever loop there is; the number of the watch, or -1.
  package static func addHandle(
    _ descriptor: Int32, _ events: Int32, _ callback: virEventHandleCallback?, _ opaque: UnsafeMutableRawPointer?,
    _ free: virFreeCallback?
  ) -> Int32 {
    switch current {
    case .none: return -1
    case .standard:
      guard let callback, descriptor >= 0 else { return -1 }
      return EventLoop.shared.addHandle(descriptor, events, callback, opaque, free) ?? -1
    case .application(let functions): return functions.addHandle?(descriptor, events, callback, opaque, free) ?? -1
    }
  }

  /// Changes what a watch waits for.
  package static func updateHandle(_ id: Int32, _ events: Int32) {
    switch current {
    case .none: break
    case .standard: EventLoop.shared.updateHandle(id, events)
    case .application(let functions): functions.updateHandle?(id, events)
    }
  }

  /// Ends a watch; 0, or -1.
  package static func removeHandle(_ id: Int32) -> Int32 {
    switch current {
    case .none: -1
    case .standard: EventLoop.shared.removeHandle(id) ? 0 : -1
    case .application(let functions): functions.removeHandle?(id) ?? -1
    }
  }

  /// Calls back every so many milliseconds with whatever loop there is; the number of the timer, or -1.
  package static func addTimeout(
    _ interval: Int32, _ callback: virEventTimeoutCallback?, _ opaque: UnsafeMutableRawPointer?,
    _ free: virFreeCallback?
  ) -> Int32 {
    switch current {
    case .none: return -1
    case .standard:
      guard let callback else { return -1 }
      return EventLoop.shared.addTimer(interval, callback, opaque, free) ?? -1
    case .application(let functions): return functions.addTimeout?(interval, callback, opaque, free) ?? -1
    }
  }

  /// Starts a timer's time anew.
  package static func updateTimeout(_ id: Int32, _ interval: Int32) {
    switch current {
    case .none: break
    case .standard: EventLoop.shared.updateTimer(id, interval)
    case .application(let functions): functions.updateTimeout?(id, interval)
    }
  }

  /// Ends a timer; 0, or -1.
  package static func removeTimeout(_ id: Int32) -> Int32 {
    switch current {
    case .none: -1
    case .standard: EventLoop.shared.removeTimer(id) ? 0 : -1
    case .application(let functions): functions.removeTimeout?(id) ?? -1
    }
  }
}

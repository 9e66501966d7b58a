internal import CVirtRuntime

/// Adding, changing and removing what the loop waits for; from any thread, also from callbacks.
extension EventLoop {
  /// Waits for events of a descriptor. The number of the watch, nil when there are too many.
  package func addHandle(
    _ descriptor: Int32, _ events: Int32,
    _ callback: @escaping @convention(c) (Int32, Int32, Int32, UnsafeMutableRawPointer?) -> Void,
    _ opaque: UnsafeMutableRawPointer?, _ free: (@convention(c) (UnsafeMutableRawPointer?) -> Void)?
  ) -> Int32? {
    let watch = HandleWatch(
      descriptor: descriptor, events: events, callback: callback, cleanup: Cleanup(opaque: opaque, free: free))
    return state.withLock { state in
      guard let id = state.handles.insert(watch) else { return nil }
      state.setIsStale = true
      wake(&state)
      return id
    }
  }

  /// Changes the events a watch waits for; 0 for none. Unknown numbers are ignored.
  package func updateHandle(_ id: Int32, _ events: Int32) {
    state.withLock { state in
      guard let index = state.handles.index(of: id), state.handles[index].events != events else { return }
      state.handles[index].events = events
      state.setIsStale = true
      wake(&state)
    }
  }

  /// Ends a watch; its free callback runs later, from the loop, whose next iteration does not wait. False for unknown numbers.
  package func removeHandle(_ id: Int32) -> Bool {
    state.withLock { state in
      guard let watch = state.handles.remove(id) else { return false }
      state.cleanups.append(watch.cleanup)
      state.setIsStale = true
      wake(&state)
      return true
    }
  }

  /// Calls back every so many milliseconds; never while that is negative. The number of the timer, nil when there are
  /// too many.
  package func addTimer(
    _ interval: Int32, _ callback: @escaping @convention(c) (Int32, UnsafeMutableRawPointer?) -> Void,
    _ opaque: UnsafeMutableRawPointer?, _ free: (@convention(c) (UnsafeMutableRawPointer?) -> Void)?
  ) -> Int32? {
    let watch = TimerWatch(
      interval: interval, deadline: 0, callback: callback, cleanup: Cleanup(opaque: opaque, free: free))
    return state.withLock { state in
      guard let id = state.timers.insert(watch) else { return nil }
      if interval >= 0 {
        state.schedule(id, Self.now())
        wake(&state)
      }
      return id
    }
  }

  /// Starts a timer's time anew with another interval. Unknown numbers are ignored.
  package func updateTimer(_ id: Int32, _ interval: Int32) {
    state.withLock { state in
      guard let index = state.timers.index(of: id) else { return }
      let was = state.timers[index].interval
      guard was >= 0 || interval >= 0 else { return }
      state.timers[index].interval = interval
      if interval >= 0 {
        state.schedule(id, Self.now())
        wake(&state)
      }
    }
  }

  /// Ends a timer; its free callback runs later, from the loop, whose next iteration does not wait. False for unknown numbers.
  package func removeTimer(_ id: Int32) -> Bool {
    state.withLock { state in
      guard let watch = state.timers.remove(id) else { return false }
      state.cleanups.append(watch.cleanup)
      wake(&state)
      return true
    }
  }
}

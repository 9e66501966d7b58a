internal import Glibc
internal import VirtCore

/// Has calls on a stream wait that may wait. Drivers never do: they answer -2 where there is nothing to read or no room, tell
/// when that changes, and are asked again then.
final class StreamWait: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  // All behind the mutex.
  private var ready: Int32 = 0
  private var turn: UInt64 = 0
  private var isOver = false
  private var calls = 0

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  private func withMutex<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }

  /// What the stream is ready for now.
  func tell(_ events: Int32) {
    withMutex {
      ready = events
      turn &+= 1
      pthread_cond_broadcast(condition)
    }
  }

  /// Sends all who wait away, and lets nobody in any more.
  func end() {
    withMutex {
      isOver = true
      pthread_cond_broadcast(condition)
    }
  }

  /// Waits until nobody is in a call.
  func drain() {
    withMutex { while calls > 0 { pthread_cond_wait(condition, mutex) } }
  }

  /// Calls the driver until it has another answer than -2.
  ///
  /// - Parameters:
  ///   - events: When to ask again.
  ///   - result: Where the driver's answer stands.
  /// - Returns: The driver's code, or that of a raised error when the stream ended meanwhile.
  func call(_ events: Int32, _ result: UnsafeMutablePointer<Int32>?, _ driver: () -> Int32) -> Int32 {
    let mayEnter = withMutex {
      if !isOver { calls += 1 }
      return !isOver
    }
    guard mayEnter else { return Self.over() }
    defer {
      withMutex {
        calls -= 1
        pthread_cond_broadcast(condition)
      }
    }
    while true {
      let before = withMutex { turn }
      let code = driver()
      guard code == 0, let result, result.pointee == -2 else { return code }
      let isReady = withMutex {
        // Ready and yet nothing, without news: that is the driver's answer.
        if turn == before, ready & events != 0 { return false }
        while ready & events == 0, !isOver { pthread_cond_wait(condition, mutex) }
        return true
      }
      if withMutex({ isOver }) { return Self.over() }
      guard isReady else { return code }
    }
  }

  private static func over() -> Int32 {
    VirtError(.operationFailed, .streams, "the stream has ended").raise()
    return ErrorCode.operationFailed.rawValue
  }
}

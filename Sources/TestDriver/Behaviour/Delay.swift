internal import Glibc

/// A call that waits. Holds no lock; whoever wants ends the wait early.
final class Delay: Sendable {
  /// What the call is about.
  let subject: String?
  /// The ends of a pipe, which becomes readable when the wait shall end; -1 where there is none to be had.
  private let reading, writing: Int32

  init(_ subject: String?) {
    self.subject = subject
    var ends: [Int32] = [-1, -1]
    if pipe(&ends) != 0 { ends = [-1, -1] }
    for end in ends where end >= 0 { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (reading, writing) = (ends[0], ends[1])
  }

  deinit {
    if reading >= 0 { close(reading) }
    if writing >= 0 { close(writing) }
  }

  /// Waits.
  ///
  /// - Returns: Whether the time passed, rather than that somebody ended the wait.
  func wait(milliseconds: UInt32) -> Bool {
    let end = Self.now().addingReportingOverflow(Int64(milliseconds)).partialValue
    while true {
      let left = end.subtractingReportingOverflow(Self.now()).partialValue
      if left <= 0 { return true }
      var watched = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
      if poll(&watched, 1, Int32(clamping: left)) > 0 { return false }
    }
  }

  /// Ends the wait.
  func end() {
    var one: UInt8 = 1
    if writing >= 0 { _ = write(writing, &one, 1) }
  }

  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) &* 1000 &+ Int64(time.tv_nsec) / 1_000_000
  }
}

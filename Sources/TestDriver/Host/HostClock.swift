internal import Glibc

/// What time it is on the host; several figures of the test driver grow with it.
enum HostClock {
  /// Microseconds since 1970.
  static var microseconds: UInt64 { nanoseconds / 1000 }

  /// Seconds since 1970.
  static var seconds: UInt64 { nanoseconds / 1_000_000_000 }

  /// Nanoseconds since 1970.
  static var nanoseconds: UInt64 {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return UInt64(clamping: now.tv_sec) &* 1_000_000_000 &+ UInt64(clamping: now.tv_nsec)
  }
}

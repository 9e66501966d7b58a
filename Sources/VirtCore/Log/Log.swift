internal import CVirtRuntime
internal import Glibc

/// How much a message matters; the numbers are those of the environment variables.
public enum LogPriority: UInt32, Sendable, Comparable {
  /// What only a developer wants to know.
  case debug = 1
  /// What happened.
  case info = 2
  /// What is not as it should be.
  case warning = 3
  /// What failed.
  case error = 4

  /// By number.
  public static func < (left: LogPriority, right: LogPriority) -> Bool { left.rawValue < right.rawValue }

  /// Reads a number or a name, as `LIBVIRT_DEBUG` has them.
  init?(_ text: Substring) {
    switch text {
    case "1", "debug": self = .debug
    case "2", "info": self = .info
    case "3", "warning": self = .warning
    case "4", "error": self = .error
    default: return nil
    }
  }

  /// How the priority is written in a line.
  var label: StaticString {
    switch self {
    case .debug: "debug"
    case .info: "info"
    case .warning: "warning"
    case .error: "error"
    }
  }
}

/// Messages for whoever looks into what the library does. When nobody asked for them a call costs one load.
public enum Log {
  /// Says what only a developer wants to know.
  @inline(__always)
  public static func debug(_ source: StaticString, _ text: @autoclosure () -> String) { say(.debug, source, text) }

  /// Says what happened.
  @inline(__always)
  public static func info(_ source: StaticString, _ text: @autoclosure () -> String) { say(.info, source, text) }

  /// Says that something is not as it should be.
  @inline(__always)
  public static func warning(_ source: StaticString, _ text: @autoclosure () -> String) { say(.warning, source, text) }

  /// Says that something failed.
  @inline(__always)
  public static func error(_ source: StaticString, _ text: @autoclosure () -> String) { say(.error, source, text) }

  /// Whether a message of this priority might be written; false is certain.
  public static func wants(_ priority: LogPriority) -> Bool { isWanted(priority) }

  @inline(__always)
  private static func isWanted(_ priority: LogPriority) -> Bool { virt_log_wanted(priority.rawValue) }

  @inline(__always)
  private static func say(_ priority: LogPriority, _ source: StaticString, _ text: () -> String) {
    if isWanted(priority) { write(priority, source.description, text()) }
  }

  private static let settings = LogSettings.fromEnvironment()

  /// Writes a message to every output that wants it. Any thread, never under a lock that a log output might need.
  @inline(never)
  package static func write(_ priority: LogPriority, _ source: String, _ text: String) {
    let settings = self.settings
    guard settings.passes(priority, source) else { return }
    settings.write(priority, source, text)
  }
}

/// What C says through the log; see `virt-runtime.h`.
@c(virt_log_write)
func writeLog(_ priority: UInt32, _ source: UnsafePointer<CChar>, _ text: UnsafePointer<CChar>) {
  let saved = errno
  defer { errno = saved }
  guard let priority = LogPriority(rawValue: priority) else { return }
  Log.write(priority, String(cString: source), String(cString: text))
}

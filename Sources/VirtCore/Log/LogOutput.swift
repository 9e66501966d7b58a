internal import CVirtRuntime
internal import Glibc

/// One message, formatted once for all outputs.
struct LogLine {
  /// How much it matters.
  let priority: LogPriority
  /// The part that speaks.
  let source: String
  /// What it says.
  let text: String
  /// With time, thread and line end, as files have it.
  let bytes: [UInt8]

  /// Formats a message said now by this thread.
  init(_ priority: LogPriority, _ source: String, _ text: String) {
    self.priority = priority
    self.source = source
    self.text = text
    var bytes: [UInt8] = []
    bytes.reserveCapacity(64 + source.utf8.count + text.utf8.count)
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    var parts = tm()
    gmtime_r(&now.tv_sec, &parts)
    func append(_ number: Int32, _ digits: Int, _ separator: StaticString) {
      var rest = Int(number)
      var reversed: [UInt8] = []
      for _ in 0..<digits {
        reversed.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
        rest /= 10
      }
      bytes.append(contentsOf: reversed.reversed())
      bytes.append(contentsOf: separator.description.utf8)
    }
    append(parts.tm_year &+ 1900, 4, "-")
    append(parts.tm_mon &+ 1, 2, "-")
    append(parts.tm_mday, 2, " ")
    append(parts.tm_hour, 2, ":")
    append(parts.tm_min, 2, ":")
    append(parts.tm_sec, 2, ".")
    append(Int32(truncatingIfNeeded: now.tv_nsec / 1_000_000), 3, "+0000: ")
    bytes.append(contentsOf: "\(virt_thread_id()): \(priority.label) : \(source) : ".utf8)
    bytes.append(contentsOf: text.utf8)
    bytes.append(UInt8(ascii: "\n"))
    self.bytes = bytes
  }
}

/// One place that messages go to.
struct LogOutput: Sendable {
  /// The kinds of places.
  enum Destination: Sendable {
    case standardError
    /// An open descriptor, never closed.
    case file(Int32)
    /// The name is kept for ever: the system log remembers the pointer.
    case systemLog
    case journal(Int32)
  }

  /// Messages below this priority are passed over.
  let least: LogPriority
  /// Where they go.
  let destination: Destination

  /// Makes an output from its parts.
  init(least: LogPriority, destination: Destination) {
    self.least = least
    self.destination = destination
  }

  /// Reads `level:stderr`, `level:file:/path`, `level:syslog:name` or `level:journald`, and opens it; nil when it
  /// cannot.
  init?(_ entry: Substring) {
    let parts = entry.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count >= 2, let least = LogPriority(parts[0]) else { return nil }
    self.least = least
    switch (parts[1], parts.count) {
    case ("stderr", 2): destination = .standardError
    case ("file", 3):
      guard parts[2].first == "/" else { return nil }
      let descriptor = open(String(parts[2]), O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR)
      guard descriptor >= 0 else { return nil }
      destination = .file(descriptor)
    case ("syslog", 3):
      guard !parts[2].isEmpty, virt_system_log_open(String(parts[2])) else { return nil }
      destination = .systemLog
    case ("journald", 2):
      let descriptor = virt_journal_open()
      guard descriptor >= 0 else { return nil }
      destination = .journal(descriptor)
    default: return nil
    }
  }

  /// Writes one message; what cannot be written is lost.
  func write(_ line: LogLine) {
    switch destination {
    case .standardError: writeAll(line.bytes, to: 2)
    case .file(let descriptor): writeAll(line.bytes, to: descriptor)
    case .systemLog: virt_system_log_write(line.priority.rawValue, line.text)
    case .journal(let descriptor): virt_journal_write(descriptor, line.priority.rawValue, line.source, line.text)
    }
  }

  /// One write, so that lines of several threads and processes do not mix.
  private func writeAll(_ bytes: [UInt8], to descriptor: Int32) {
    var start = 0
    while start < bytes.count {
      let count = bytes[start...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      start += count
    }
  }
}

internal import CVirtRuntime
internal import Glibc

/// Which messages go where, as the environment asks. Made once; an unreadable entry is reported and left out.
struct LogSettings: Sendable {
  /// Messages of sources that match have their own least priority; the first match counts.
  struct Filter: Sendable {
    /// Least priority of the sources that match.
    var least: LogPriority
    /// Literal bytes, `?` and `*`.
    var pattern: [UInt8]
  }

  /// Least priority of sources without a filter.
  var least: LogPriority = .warning
  /// In the order given.
  var filters: [Filter] = []
  /// Every one gets each message it wants.
  var outputs: [LogOutput] = []

  /// Reads `LIBVIRT_DEBUG`, `LIBVIRT_LOG_FILTERS` and `LIBVIRT_LOG_OUTPUTS`, and sets the switch that every message
  /// tests.
  static func fromEnvironment() -> LogSettings {
    var settings = LogSettings()
    let level = virt_environment("LIBVIRT_DEBUG").map { String(cString: $0) }
    let filters = virt_environment("LIBVIRT_LOG_FILTERS").map { String(cString: $0) }
    let outputs = virt_environment("LIBVIRT_LOG_OUTPUTS").map { String(cString: $0) }
    if let level {
      if let priority = LogPriority(Substring(level)) {
        settings.least = priority
      } else {
        complain("LIBVIRT_DEBUG", level)
      }
    }
    for entry in (filters ?? "").split(separator: " ") {
      if let filter = Filter(entry) {
        settings.filters.append(filter)
      } else {
        complain("LIBVIRT_LOG_FILTERS", String(entry))
      }
    }
    for entry in (outputs ?? "").split(separator: " ") {
      if let output = LogOutput(entry) {
        settings.outputs.append(output)
      } else {
        complain("LIBVIRT_LOG_OUTPUTS", String(entry))
      }
    }
    let asked = level != nil || filters != nil || outputs != nil
    if settings.outputs.isEmpty, asked { settings.outputs = [LogOutput(least: .debug, destination: .standardError)] }
    virt_log_set_word(settings.word)
    if asked { settings.write(.info, "libvirt", "SwiftVirt, libvirt API \(virt_library_version())") }
    return settings
  }

  private static func complain(_ variable: StaticString, _ entry: String) {
    let line = "libvirt: \(variable) is malformed at '\(entry)'\n"
    _ = line.utf8.withContiguousStorageIfAvailable { Glibc.write(2, $0.baseAddress, $0.count) }
  }

  /// The switch: bit n set when a message of priority n may find an output.
  private var word: UInt32 {
    guard let loudest = outputs.map(\.least).min() else { return 0 }
    let asked = filters.map(\.least).reduce(least, min)
    return (max(asked, loudest).rawValue...LogPriority.error.rawValue).reduce(0) { $0 | 1 << $1 }
  }

  /// Whether a message of this source is wanted at all.
  func passes(_ priority: LogPriority, _ source: String) -> Bool {
    let filter = filters.first { globMatches($0.pattern[...], Array(source.utf8)[...]) }
    return priority >= (filter?.least ?? least)
  }

  /// Writes to all outputs that take this priority.
  func write(_ priority: LogPriority, _ source: String, _ text: String) {
    guard outputs.contains(where: { priority >= $0.least }) else { return }
    let line = LogLine(priority, source, text)
    for output in outputs where priority >= output.least { output.write(line) }
  }
}

extension LogSettings.Filter {
  /// Reads `level:match`; a plus sign before the match, which once asked for stack traces, is skipped.
  init?(_ entry: Substring) {
    guard let colon = entry.firstIndex(of: ":"), let least = LogPriority(entry[..<colon]) else { return nil }
    var match = entry[entry.index(after: colon)...]
    if match.first == "+" { match = match.dropFirst() }
    guard !match.isEmpty, !match.contains(" ") else { return nil }
    self.init(least: least, pattern: Array("*\(match)*".utf8))
  }
}

/// Whether a text matches a pattern of literal bytes, `?` and `*`.
func globMatches(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
  var pattern = pattern
  var text = text
  var retry: (pattern: ArraySlice<UInt8>, text: ArraySlice<UInt8>)?
  while true {
    if pattern.first == UInt8(ascii: "*") {
      pattern = pattern.dropFirst()
      retry = (pattern, text)
    } else if let byte = text.first, let wanted = pattern.first, wanted == byte || wanted == UInt8(ascii: "?") {
      pattern = pattern.dropFirst()
      text = text.dropFirst()
    } else if pattern.isEmpty, text.isEmpty {
      return true
    } else if let last = retry, !last.text.isEmpty {
      retry = (last.pattern, last.text.dropFirst())
      pattern = last.pattern
      text = last.text.dropFirst()
    } else {
      return false
    }
  }
}

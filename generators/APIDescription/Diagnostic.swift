/// A place in a description file.
public struct SourceLocation: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Path as it was given, relative to the description's folder.
  public let file: String
  /// Line, from 1; 0 stands for the whole file.
  public let line: Int

  /// Makes a place.
  public init(file: String, line: Int) {
    self.file = file
    self.line = line
  }

  /// `file:line`, as compilers write it.
  public var description: String { "\(file):\(line)" }

  /// By file, then by line.
  public static func < (one: SourceLocation, other: SourceLocation) -> Bool {
    (one.file, one.line) < (other.file, other.line)
  }
}

/// Something wrong with a description, and where.
public struct Diagnostic: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Where it is.
  public let location: SourceLocation
  /// What is wrong, naming the thing and the reason.
  public let message: String

  /// Makes a diagnostic.
  public init(_ location: SourceLocation, _ message: String) {
    self.location = location
    self.message = message
  }

  /// `file:line: error: message`.
  public var description: String { "\(location): error: \(message)" }

  /// By place, then by text.
  public static func < (one: Diagnostic, other: Diagnostic) -> Bool {
    (one.location, one.message) < (other.location, other.message)
  }
}

/// Everything found wrong; thrown once, when there is no more to find.
public struct DescriptionErrors: Error, CustomStringConvertible {
  /// All of it, sorted by place.
  public let diagnostics: [Diagnostic]

  /// Sorts the diagnostics and drops repetitions.
  public init(_ diagnostics: [Diagnostic]) {
    self.diagnostics = Array(Set(diagnostics)).sorted()
  }

  /// One line each.
  public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}

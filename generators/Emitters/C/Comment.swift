import APIDescription
import CodePrinting

/// Composes the comments of the headers: prose from the description, the rest from the annotations.
enum Comment {
  /// A comment of prose and a version.
  static func write(_ text: String, since: String, to printer: inout CodePrinter) {
    printer.line("/*")
    printer.wrapped(safe(text), prefix: " * ")
    printer.lines(" * Since: \(since)", " */")
  }

  /// The comment of a callback type.
  static func write(_ callback: Callback, to printer: inout CodePrinter) {
    printer.line("/*")
    printer.wrapped(safe(callback.doc), prefix: " * ")
    for parameter in callback.parameters where !FunctionProse.parameter(parameter).isEmpty {
      printer.wrapped(sentence(parameter), prefix: " *   ")
    }
    printer.lines(" * Since: \(callback.since)", " */")
  }

  /// The comment of a function.
  static func write(_ function: Function, to printer: inout CodePrinter) {
    printer.line("/*")
    printer.wrapped(safe(FunctionProse.inC(function)), prefix: " * ")
    for parameter in function.parameters where !FunctionProse.parameter(parameter).isEmpty {
      printer.wrapped(sentence(parameter), prefix: " *   ")
    }
    printer.wrapped(FunctionProse.returns(function), prefix: " * ")
    let failures = FunctionProse.failures(function)
    if !failures.isEmpty { printer.wrapped(safe(failures), prefix: " * ") }
    for line in FunctionProse.rules(function) { printer.wrapped(line, prefix: " * ") }
    printer.lines(" * Since: \(function.since)", " */")
  }

  private static func sentence(_ parameter: Parameter) -> String { "@\(parameter.name): \(FunctionProse.parameter(parameter))" }

  /// Text that cannot end a C comment.
  static func safe(_ text: String) -> String { text.replacing("*/", with: "* /") }
}

extension String {
  /// Without Foundation: every occurrence of a text replaced.
  func replacing(_ wanted: String, with replacement: String) -> String {
    guard utf8.count >= wanted.utf8.count, !wanted.isEmpty else { return self }
    let source = Array(utf8), pattern = Array(wanted.utf8)
    var result: [UInt8] = []
    var index = 0
    var found = false
    while index < source.count {
      if index + pattern.count <= source.count, source[index] == pattern[0],
        source[index..<index + pattern.count].elementsEqual(pattern)
      {
        result.append(contentsOf: replacement.utf8)
        index += pattern.count
        found = true
      } else {
        result.append(source[index])
        index += 1
      }
    }
    return found ? String(decoding: result, as: UTF8.self) : self
  }
}

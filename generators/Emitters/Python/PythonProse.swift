import APIDescription
import BindingPlan
import CodePrinting

/// Docstrings, composed like the comments of the headers.
enum PythonProse {
  /// The docstring of a method or function: a signature that `inspect` understands, then prose.
  static func text(_ call: CallPlan, _ python: PythonCall, _ names: PythonNames) -> String {
    var arguments = [python.className == nil ? "$module" : "$self"]
    arguments += python.arguments.map { $0.name + ($0.defaultValue.map { "=\($0)" } ?? "") }
    let head = ["\(python.name)(\(arguments.joined(separator: ", ")))", "--", ""]
    return (head + lines(call, python, names)).joined(separator: "\n")
  }

  /// The same without the signature.
  static func lines(_ call: CallPlan, _ python: PythonCall, _ names: PythonNames) -> [String] {
    let types = PythonTypes(names: names, call: call, python: python)
    var lines = [call.function.doc.isEmpty ? call.function.name : call.function.doc]
    let described = python.arguments.map { "  \($0.name): \(types.argument($0))\(note($0, call))" }
    if !described.isEmpty { lines += [""] + described }
    lines += ["", "Returns \(types.result)."]
    if python.details.raises, call.function.returns.error != nil {
      lines.append("Raises libvirtError. \(FunctionProse.failures(call.function))")
    }
    lines += FunctionProse.rules(call.function)
    lines.append("Since libvirt \(call.function.since); C function \(call.function.name).")
    return lines
  }

  /// Writes a docstring.
  static func docstring(_ lines: [String], to printer: inout CodePrinter) {
    let safe = lines.map { line in
      line.reduce("") { $0 + ($1 == "\\" || $1 == "\"" ? "\\\($1)" : String($1)) }
    }
    guard safe.count > 1, let first = safe.first else {
      printer.line("\"\"\"\(safe.first ?? "")\"\"\"")
      return
    }
    printer.line("\"\"\"\(first)")
    for line in safe.dropFirst() { printer.line(line) }
    printer.line("\"\"\"")
  }

  private static func note(_ argument: PythonArgument, _ call: CallPlan) -> String {
    guard let parameter = call.function.parameter(argument.parameter) else { return "" }
    switch parameter.role {
    case "flags", nil, "stream", "descriptor", "uuid", "data":
      if parameter.role == nil && parameter.direction != .in { return "" }
      let text = FunctionProse.parameter(parameter).split(separator: "; ").filter { part in
        !part.hasPrefix("as many") && part != "read only" && part != "may be NULL" && !part.hasPrefix("ended by")
          && !part.hasPrefix("16 bytes")
      }
      return text.isEmpty ? "" : "; " + text.joined(separator: "; ")
    case "callback": return "; called as described for \(parameter.type.base)"
    default: return ""
    }
  }

  /// A C string literal.
  static func literal(_ text: String) -> String {
    var result = "\""
    for unit in text.unicodeScalars {
      switch unit {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(unit)
      }
    }
    return result + "\""
  }
}

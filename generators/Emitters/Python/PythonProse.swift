import APIDescription
import BindingPlan
import CodePrinting

/// What is said about a function in Python: composed from its annotations as in the headers, with the words of Python.
struct PythonProse {
  let names: PythonNames
  let call: CallPlan
  let python: PythonCall

  var types: PythonTypes { PythonTypes(names: names, call: call, python: python) }

  // MARK: - Docstrings

  /// The docstring of a method or function: a signature that `inspect` understands, then prose.
  static func text(_ call: CallPlan, _ python: PythonCall, _ names: PythonNames) -> String {
    var arguments = [python.className == nil ? "$module" : "$self"]
    arguments += python.arguments.map { $0.name + ($0.defaultValue.map { "=\($0)" } ?? "") }
    let head = ["\(python.name)(\(arguments.joined(separator: ", ")))", "--", ""]
    return (head + lines(call, python, names)).joined(separator: "\n")
  }

  /// The same without the signature.
  static func lines(_ call: CallPlan, _ python: PythonCall, _ names: PythonNames) -> [String] {
    let prose = PythonProse(names: names, call: call, python: python)
    let types = prose.types
    var lines = [call.function.doc.isEmpty ? call.function.name : names.said(call.function.doc)]
    let described = python.arguments.map { argument in
      let notes = prose.notes(argument) { name, page in page == "types" ? "libvirt.types.\(name)" : "libvirt.enums.\(name)" }
      return "  \(argument.name): \(types.argument(argument))" + (notes.isEmpty ? "" : "; " + notes)
    }
    if !described.isEmpty { lines += [""] + described }
    lines.append("")
    lines += prose.rest
    lines.append("Since libvirt \(call.function.since); C function \(call.function.name).")
    return lines
  }

  // MARK: - Parts

  /// What is to be known of an argument; `link` names a type, given its name and the page it stands on.
  func notes(_ argument: PythonArgument, link: (_ name: String, _ page: String) -> String) -> String {
    guard let parameter = call.function.parameter(argument.parameter) else { return "" }
    var notes: [String] = []
    switch argument.form {
    case .total: notes.append("True for the sum of all, False for each")
    case .pairs: notes.append("a number for each key")
    default: break
    }
    switch parameter.role {
    case "flags":
      let type = enumeration(parameter.flags)
      notes.append(type.map { "flags of \(link($0, "enumerations"))" } ?? "no flag is defined")
    case "callback":
      if names.plan.types.callback(parameter.type.base) != nil, types.eventNumber == nil {
        notes.append("called as \(link(parameter.type.base.withoutLibraryPrefix, "types")) says")
      }
    case "opaque": notes.append("handed to the callback as it is")
    case "uuid": notes.append("16 bytes")
    case "stream": notes.append("the stream that carries the data")
    default: break
    }
    if let type = enumeration(parameter.enumeration) { notes.append("one of \(link(type, "enumerations"))") }
    if let least = parameter.least { notes.append("at least \(least)") }
    if let most = parameter.most { notes.append("at most \(most)") }
    if parameter.isBits { notes.append("whether each of the host's processors is meant, by number") }
    if parameter.isLocalPath { notes.append("a path on this host, made absolute") }
    if parameter.family != nil, argument.form == nil {
      let name = types.argument(argument).dropping(suffix: " | None")
      if name.hasSuffix("Parameters") { notes.append("keys as in \(link(name, "types"))") }
    }
    return notes.joined(separator: "; ")
  }

  /// What follows the arguments: results, errors, rules.
  var rest: [String] {
    var lines = [returns]
    if python.details.raises, call.function.returns.error != nil, let failures { lines.append(failures) }
    if python.details.notEmpty != nil { lines.append("Raises LookupError when \(python.details.notEmpty ?? "") is empty.") }
    let own = Set(python.arguments.map(\.parameter))
    let hasAll = call.function.rules.allSatisfy { rule in
      if case .product(let first, let second, _) = rule { own.contains(first) && own.contains(second) } else { true }
    }
    let rules = FunctionProse.rules(call.function).filter { hasAll || !$0.hasSuffix(".") || !$0.contains(" times ") }
    return lines + rules.map(names.said)
  }

  private func enumeration(_ name: String?) -> String? {
    guard let name, name != "none" else { return nil }
    return PythonEnumerations(names: names).all.first { $0.name == name }.map(PythonEnumerations.name)
  }

  private var returns: String {
    let details = python.details
    if let answer = details.answer { return "Returns \(answer)." }
    if types.result == "None" { return "Returns None." }
    if python.results == ["return"] {
      switch call.function.returns.shape {
      case .status: return "Returns 0\(details.raises ? "" : ", or -1 on failure")."
      case .boolean: return "Returns 1 for yes, 0 for no."
      default: break
      }
    }
    let parts = parts
    return "Returns \(types.result)" + (parts.isEmpty ? "." : ": \(parts.joined(separator: ", ")).")
  }

  /// What stands in a result that has several things.
  private var parts: [String] {
    if python.results.count > 1 { return python.details.form == .dict || python.results.contains("return") ? [] : python.results }
    guard let result = python.results.first,
      let planned = call.parameters.first(where: { $0.parameter.name == result })
    else { return [] }
    switch planned.marshalling {
    case .structOut(let name), .structOutSized(let name, _):
      guard let type = names.plan.types.structType(name), type.pythonForm == .list || type.pythonForm == .tuple else { return [] }
      return type.pythonFields.map(\.name)
    default: return []
    }
  }

  /// When it raises an error: what its annotations say, then its own prose.
  private var failures: String? {
    var reasons: [String] = []
    if case .operation = call.function.body { reasons.append("the driver does not offer it") }
    if call.function.receiver != nil { reasons.append("the connection has ended") }
    let own = names.said(call.function.fails)
    if reasons.isEmpty { return own.isEmpty ? nil : "Raises libvirtError: \(own)" }
    return "Raises libvirtError when \(reasons.joined(separator: " or "))." + (own.isEmpty ? "" : " Also: \(own)")
  }

  // MARK: - Writing

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

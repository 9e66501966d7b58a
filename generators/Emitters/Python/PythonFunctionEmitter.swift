import APIDescription
import BindingPlan
import CodePrinting

/// Writes the C function behind one Python method: arguments in, the call, results out.
struct PythonFunctionEmitter {
  let names: PythonNames
  let call: CallPlan
  let python: PythonCall

  var function: Function { call.function }
  var details: PythonName { python.details }

  /// What the parts of the body are collected in.
  struct Parts {
    var locals: [String] = []
    /// Checks and conversions of what Python gave.
    var conversions: [String] = []
    /// What is set once all arguments are converted.
    var assignments: [String] = []
    /// What happens without the interpreter's lock before the call.
    var preparations: [String] = []
    /// Arrays whose sizes other calls tell first.
    var deferredRooms: [(name: String, count: String)] = []
    /// What each C parameter is given, in order.
    var passes: [(name: String, text: String)] = []
    /// The expression of each thing that comes out.
    var results: [String: String] = [:]
    var cleanups: [String] = []
    /// The other C functions it calls.
    var needs: [String] = []
    /// What is undone when the call failed, and what is kept when it did not.
    var undoes: [String] = []
    var keeps: [String] = []
  }

  func write(to printer: inout CodePrinter) {
    var parts = Parts()
    for planned in call.parameters { carry(planned, &parts) }
    for room in details.rooms { prepare(room, &parts) }
    printer.line("")
    printer.block(
      "PyObject *\(PythonNames.method(function.name))(PyObject *self, PyObject *const *given, Py_ssize_t number, PyObject *keywords) {"
    ) {
      printer in
      printer.line("PyObject *value[\(max(python.arguments.count, 1))] = {NULL}, *answer = NULL;")
      printer.line("struct py_call call;")
      for local in parts.locals { printer.line(local) }
      if hasResult { printer.line("\(function.returns.type.declaring("result")) = \(resultStart);") }
      printer.line(
        "if (!py_enter(&call, &\(PythonNames.function(function.name)), self, given, number, keywords, value)) return call.answer;")
      for other in parts.needs { printer.line("if (!py_need(&call, &\(PythonNames.function(other)))) goto end;") }
      for line in parts.conversions + parts.assignments { printer.line(line) }
      writeCall(parts, to: &printer)
      writeAnswer(parts, to: &printer)
      printer.line("goto end;")
      printer.line("end:")
      for line in parts.cleanups { printer.line(line) }
      printer.line("py_leave(&call);")
      printer.line("return answer;")
    }
  }

  var hasResult: Bool { function.returns.shape != .none }
  private var resultStart: String { function.returns.type.pointers > 0 || function.returns.shape == .handle ? "NULL" : "0" }

  // MARK: - The call

  private func writeCall(_ parts: Parts, to printer: inout CodePrinter) {
    if details.ends {
      printer.block("if (!py_ending(&call)) {") { printer in
        printer.lines("answer = py_from_int(1);", "goto end;")
      }
    }
    printer.line("py_release(&call);")
    for line in parts.preparations { printer.line(line) }
    if let total = python.arguments.first(where: { $0.form == .total }) {
      writeElements(total, parts, to: &printer)
    } else if let counted = twoCall {
      let array = counted.array, count = counted.count
      let ask = invocation(parts, ["\(array)": "NULL"])
      printer.line("result = \(ask);")
      printer.block("if (result >= 0 && c_\(count) > 0) {") { printer in
        printer.line("c_\(array) = py_block(&call, (size_t)c_\(count) * sizeof *c_\(array));")
        printer.line("result = c_\(array) ? \(invocation(parts)) : -1;")
      }
    } else if let room = skippable {
      printer.line("if (c_\(room) > 0) result = \(invocation(parts));")
    } else {
      printer.line("\(hasResult ? "result = " : "")\(invocation(parts));")
    }
    printer.line("py_acquire(&call);")
  }

  /// The C call with its arguments, some of them replaced.
  func invocation(_ parts: Parts, _ replaced: [String: String] = [:]) -> String {
    let arguments = parts.passes.map { replaced[$0.name] ?? $0.text }
    return "PY_CALL(\(function.name))(\(arguments.joined(separator: ", ")))"
  }

  /// An array that is asked for its size first.
  private var twoCall: (array: String, count: String)? {
    for planned in call.parameters where planned.parameter.isTwoCall {
      guard let count = planned.parameter.length, !details.rooms.contains(where: { $0.parameter == count }) else { continue }
      return (planned.parameter.name, count)
    }
    return nil
  }

  /// The number of elements without which there is nothing to ask for.
  private var skippable: String? {
    guard
      let room = details.rooms.first(where: { room in
        function.parameter(room.parameter)?.isBits != true && !isBitsLength(room.parameter)
      })
    else { return nil }
    if case .value = room.source { return nil }
    return room.parameter
  }

  func isBitsLength(_ name: String) -> Bool {
    call.parameters.contains {
      $0.parameter.isBits && ($0.parameter.length ?? "").split(separator: "*").last.map(String.init) == name
    }
  }

  /// Elements come in rows of typed parameters; how many of each there are is asked for first.
  private func writeElements(_ total: PythonArgument, _ parts: Parts, to printer: inout CodePrinter) {
    guard let rows = rowArray else { return }
    let first = total.parameter
    printer.line(
      "\(function.returns.type.text) width = \(invocation(parts, [rows.name: "NULL", rows.width: "0", first: "c_\(first) ? -1 : 0", rows.height: "1"]));"
    )
    printer.line(
      "result = c_\(first) || width < 0 ? 1 : \(invocation(parts, [rows.name: "NULL", rows.width: "0", first: "0", rows.height: "0"]));"
    )
    printer.line("if (width < 0) result = -1;")
    printer.block("if (result > 0 && width > 0) {") { printer in
      printer.line("c_\(rows.width) = width;")
      printer.line("c_\(rows.height) = result;")
      printer.line("c_\(rows.name) = py_block(&call, (size_t)width * (size_t)c_\(rows.height) * sizeof *c_\(rows.name));")
      printer.line("if (!c_\(rows.name)) result = -1;")
      let step = function.parameter(rows.height)?.most ?? "1"
      printer.block("for (unsigned int at = 0; result >= 0 && at < c_\(rows.height); at += \(step)) {") { printer in
        printer.line("unsigned int some = c_\(rows.height) - at < \(step) ? c_\(rows.height) - at : \(step);")
        printer.line(
          "result = \(invocation(parts, [rows.name: "c_\(rows.name) + (size_t)at * width", first: "c_\(first) ? -1 : (int)at", rows.height: "some"]));"
        )
      }
    }
  }

  /// The typed parameters that come in rows.
  var rowArray: (name: String, width: String, height: String)? {
    for planned in call.parameters {
      guard case .parametersOut(let length, _) = planned.marshalling else { continue }
      let factors = length.split(separator: "*").map(String.init)
      if factors.count == 2 { return (planned.parameter.name, factors[0], factors[1]) }
    }
    return nil
  }

  // MARK: - The answer

  /// The condition of a failure; nil when there is none, or when Python gets the value that says so.
  private var failure: String? {
    guard let error = function.returns.error else { return nil }
    let returnsItself = python.results == ["return"]
    switch function.returns.shape {
    case .none: return nil
    case .status, .count, .boolean, .value:
      if returnsItself { return details.raises ? "result == (\(function.returns.type.text))\(error)" : nil }
      return "result < 0"
    case .string, .borrowedString, .handle, .pointer, .buffer: return "!result"
    }
  }

  private func writeAnswer(_ parts: Parts, to printer: inout CodePrinter) {
    let isData = call.parameters.contains { $0.parameter.role == "data" && $0.parameter.direction == .out }
    if isData { printer.block("if (result < -1) {") { $0.lines("answer = py_from_int(result);", "goto end;") } }
    if let failure {
      printer.block("if (\(failure)) {") { printer in
        for line in parts.undoes { printer.line(line) }
        printer.line(details.raises ? "answer = py_failed(&call);" : "answer = py_none();")
        printer.line("goto end;")
      }
    }
    for line in parts.keeps { printer.line(line) }
    printer.line("answer = \(answer(parts));")
  }

  private func answer(_ parts: Parts) -> String {
    if details.form == .nothing { return "py_none()" }
    if let number = details.answer { return "py_from_int(\(number))" }
    let items = python.results.map { $0 == "return" ? returned(parts) : parts.results[$0] ?? "py_none()" }
    guard items.count > 1 else { return items.first ?? "py_none()" }
    let all = items.joined(separator: ", ")
    switch details.form {
    case .dict:
      let keys = python.results.map { name in isDictionary(name) ? "NULL" : "\"\(name)\"" }.joined(separator: ", ")
      return "py_dict((const char *const[]){\(keys)}, (PyObject *[]){\(all)}, \(items.count))"
    case .tuple:
      let tuple = "py_tuple((PyObject *[]){\(all)}, \(items.count))"
      guard let given = details.whenGiven, let index = python.arguments.firstIndex(where: { $0.name == given }) else {
        return tuple
      }
      return "PY_GIVEN(value[\(index)]) ? \(tuple) : \(items[0])"
    default: return "py_list((PyObject *[]){\(all)}, \(items.count))"
    }
  }

  /// Whether a result is a dict of its own, whose entries stand among the others.
  private func isDictionary(_ name: String) -> Bool {
    switch call.parameters.first(where: { $0.parameter.name == name })?.marshalling {
    case .parametersAllocated, .parametersOut: true
    default: false
    }
  }

  private func returned(_ parts: Parts) -> String {
    let type = function.returns.type
    switch function.returns.shape {
    case .none: return "py_none()"
    case .status, .count, .boolean, .value:
      let made = "py_from_\(names.scalar(type))(result)"
      guard type.isUnsigned, !details.raises, let error = function.returns.error, error.hasPrefix("-") else { return made }
      return "result == (\(type.text))\(error) ? py_from_int(\(error)) : \(made)"
    case .string: return "py_from_owned_text(result)"
    case .borrowedString: return "py_from_text(result)"
    case .pointer: return "py_from_\(names.plan.types.structType(type.base)?.name ?? "pointer")(&call, result)"
    case .buffer: return "py_from_owned_bytes(result, c_\(function.returns.length ?? "size"))"
    case .handle:
      guard let handle = names.plan.types.handle(type.base) else { return "py_none()" }
      if case .accessor = call.target.body { return "py_ancestor_of(&call, \(PythonNames.classConstant(handle)))" }
      return "py_wrap(&call, \(PythonNames.classConstant(handle)), result, \(parent(of: handle)))"
    }
  }

  /// The object that a new one belongs to: an argument of its parent's class, or an ancestor of the receiver.
  func parent(of handle: HandleType) -> String {
    guard handle.parent != "none" else { return "NULL" }
    for (index, argument) in python.arguments.enumerated() {
      guard let parameter = function.parameter(argument.parameter), let other = names.plan.types.handle(parameter.type.base)
      else { continue }
      if other.classID == handle.parent && parameter.type.pointers == 0 && parameter.nullability == .no { return "value[\(index)]" }
    }
    guard let parentClass = names.plan.types.handle(ofClass: handle.parent) else { return "NULL" }
    return "py_ancestor(&call, \(PythonNames.classConstant(parentClass)))"
  }
}

import APIDescription
import BindingPlan
import CodePrinting

/// Writes the C functions that stand for Python functions, and the Python functions that stand for C functions.
struct PythonCallbackEmitter {
  let names: PythonNames

  /// Whether a callback is told by its last argument whom it belongs to. One that is handed a callback of somebody else is not:
  /// there is one of it in the process.
  static func isCarried(_ callback: Callback) -> Bool {
    callback.parameters.contains { $0.role == "opaque" } && !callback.parameters.contains { $0.role == "callback" }
  }

  private var all: [Callback] { names.plan.description.topics.flatMap(\.callbacks) }

  /// The families of events that Python can ask for.
  var families: [String] {
    var found: [String] = []
    for call in names.calls where call.python != nil {
      if case .event("register", let family, "any") = call.target.body, !found.contains(family) { found.append(family) }
    }
    return found
  }

  /// The callback types that Python functions can be handed as, in the order of the description.
  var types: [Callback] {
    var wanted: Set<String> = []
    for call in names.calls where call.python != nil {
      for parameter in call.function.parameters {
        if names.plan.types.isCallback(parameter.type.base) && parameter.role == "callback" { wanted.insert(parameter.type.base) }
      }
    }
    let families = Set(families)
    return all.filter { wanted.contains($0.name) || $0.eventFamily.map(families.contains) == true }
  }

  /// The C callback types that Python functions are handed.
  private var invoked: [Callback] {
    let inner = Set(types.flatMap(\.parameters).filter { $0.role == "callback" }.map(\.type.base))
    return all.filter { inner.contains($0.name) }
  }

  func declare(to printer: inout CodePrinter) {
    printer.line("/* The types of callbacks. */")
    printer.block("enum {", "};") { printer in
      for type in types { printer.line("\(PythonNames.callbackConstant(type.name)),") }
      printer.line("PY_CALLBACKS")
    }
    for type in types { printer.line("\(head(type, PythonNames.thunk(type.name)));") }
    for family in families { printer.line("void (*py_events_\(family.replacingHyphens)(int number))(void);") }
    for type in invoked { printer.line("PyObject *py_invoke_\(type.name)(PyObject *self, PyObject *arguments);") }
  }

  private func head(_ type: Callback, _ name: String) -> String {
    let parameters = type.parameters.map { $0.type.declaring($0.name) }.joined(separator: ", ")
    return "\(type.returns.declaring(name))(\(parameters.isEmpty ? "void" : parameters))"
  }

  func write(to printer: inout CodePrinter) {
    for type in types { writeThunk(type, to: &printer) }
    for family in families { writeTable(family, to: &printer) }
    for type in invoked { writeInvoker(type, to: &printer) }
  }

  // MARK: - Python functions for C

  private func writeThunk(_ type: Callback, to printer: inout CodePrinter) {
    let isVoid = type.returns.text == "void"
    let counts = Set(type.parameters.compactMap(\.length))
    var items: [String] = []
    var outs: [Parameter] = []
    var data: Parameter?
    var hasOwner = false
    for parameter in type.parameters {
      if parameter.role == "free-callback" { continue }
      if parameter.role == "data" && parameter.direction == .out {
        data = parameter
        continue
      }
      if parameter.direction == .out {
        outs.append(parameter)
        continue
      }
      if counts.contains(parameter.name) && type.parameters.first(where: { $0.length == parameter.name })?.direction != .out {
        continue
      }
      items.append(item(parameter, of: type, hasOwner: &hasOwner))
    }
    let own = type.parameters.first { $0.role == "opaque" }?.name ?? "NULL"
    printer.line("")
    printer.block("\(head(type, PythonNames.thunk(type.name))) {") { printer in
      printer.line("struct py_entry entry;")
      let constant = PythonNames.callbackConstant(type.name)
      let entered = Self.isCarried(type) ? "py_entry_begin(&entry, \(own), \(constant))" : "py_entry_global(&entry, \(constant))"
      printer.line("if (!\(entered)) return\(isVoid ? "" : " -1");")
      let list = items.isEmpty ? "NULL" : "(PyObject *[]){\(items.joined(separator: ", "))}"
      printer.line("PyObject *result = py_entry_call(&entry, \(list), \(items.count));")
      if let data {
        printer.line("int status = py_entry_bytes(&entry, result, \(data.name), \(data.length ?? "0"));")
      } else if !outs.isEmpty {
        printer.line("long long numbers[\(outs.count)] = {0};")
        printer.line("int status = py_entry_numbers(&entry, result, numbers, \(outs.count));")
        for (index, out) in outs.enumerated() { printer.line("*\(out.name) = (\(out.type.base))numbers[\(index)];") }
      } else {
        printer.line(isVoid ? "py_entry_status(&entry, result);" : "int status = py_entry_status(&entry, result);")
      }
      // A Python function takes all that it is given, whatever it returns that is no failure.
      if !isVoid, let length = type.parameters.first(where: { $0.role == "data" && $0.direction == .in })?.length {
        printer.line("if (status >= 0) status = (int)\(length);")
      }
      printer.line("py_entry_end(&entry);")
      if !isVoid { printer.line("return status;") }
    }
  }

  private func item(_ parameter: Parameter, of type: Callback, hasOwner: inout Bool) -> String {
    let name = parameter.name
    let types = names.plan.types
    if parameter.role == "opaque" {
      if Self.isCarried(type) { return "py_entry_opaque(&entry)" }
      let inner = type.parameters.first { $0.role == "callback" }?.name ?? "NULL"
      let free = type.parameters.first { $0.role == "free-callback" }?.name ?? "NULL"
      return "py_from_c_opaque((void (*)(void))\(inner), \(name), \(free))"
    }
    if parameter.role == "callback" { return "py_from_c_callback(py_invoke_\(parameter.type.base))" }
    if let handle = types.handle(parameter.type.base) {
      if !hasOwner {
        hasOwner = true
        return "py_entry_owner(&entry)"
      }
      return "py_entry_handle(&entry, \(PythonNames.classConstant(handle)), \(name))"
    }
    if types.isTypedParameter(parameter.type.base) { return "py_from_parameters(NULL, \(name), \(parameter.length ?? "0"))" }
    if let structure = types.structType(parameter.type.base) { return "py_from_\(structure.name)(NULL, \(name))" }
    if parameter.type.base == "char" {
      if let length = parameter.length { return "PyBytes_FromStringAndSize(\(name), (Py_ssize_t)\(length))" }
      return "py_from_text(\(name))"
    }
    return "py_from_\(names.scalar(parameter.type))(\(name))"
  }

  /// The C function for an event's number; the one without payload for a number that is not known, which the library refuses.
  private func writeTable(_ family: String, to printer: inout CodePrinter) {
    let serving = types.filter { $0.eventFamily == family }
    guard let generic = genericType(family) else { return }
    printer.line("")
    printer.block("void (*py_events_\(family.replacingHyphens)(int number))(void) {") { printer in
      printer.block("switch (number) {") { printer in
        for type in serving where type.name != generic {
          for event in type.events { printer.line("case \(event): return (void (*)(void))\(PythonNames.thunk(type.name));") }
        }
        printer.line("default: return (void (*)(void))\(PythonNames.thunk(generic));")
      }
    }
  }

  private func genericType(_ family: String) -> String? {
    for call in names.calls {
      guard case .event("register", family, "any") = call.target.body else { continue }
      return call.function.parameters.first { $0.role == "callback" }?.type.base
    }
    return nil
  }

  // MARK: - C functions for Python

  private func writeInvoker(_ type: Callback, to printer: inout CodePrinter) {
    let numbers = type.parameters.filter { $0.role != "opaque" }
    printer.line("")
    printer.block("PyObject *py_invoke_\(type.name)(PyObject *self, PyObject *arguments) {") { printer in
      printer.line("int number[\(numbers.count)];")
      printer.line("struct py_c_callback target;")
      printer.line("(void)self;")
      printer.line("if (!py_c_callback_from(arguments, number, \(numbers.count), &target)) return NULL;")
      let given = numbers.indices.map { "number[\($0)]" } + ["target.opaque"]
      printer.line("py_c_callback_release(&target);")
      printer.line("((\(type.name))target.function)(\(given.joined(separator: ", ")));")
      printer.line("return py_c_callback_acquire(&target);")
    }
  }
}

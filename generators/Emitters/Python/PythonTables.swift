import APIDescription
import BindingPlan
import CodePrinting

/// Writes what the run-time is driven by: functions, classes, modules, families of typed parameters, constants.
struct PythonTables {
  let names: PythonNames

  // MARK: - Functions

  /// What is known of a C function.
  func writeDescriptor(_ call: CallPlan, to printer: inout CodePrinter) {
    let name = call.function.name
    let library = names.libraries.firstIndex { $0.name == call.library.name } ?? 0
    let operation = call.operation?.operation.table == "connection" ? call.operation?.operation.id ?? -1 : -1
    let python = call.python
    if let python, !python.arguments.isEmpty {
      printer.line(
        "static const char *const arguments_\(name)[] = {\(python.arguments.map { "\"\($0.name)\"" }.joined(separator: ", "))};")
    }
    let needs = call.target.needs.compactMap { names.plan.operation($0)?.operation.id }.map(String.init)
    if !needs.isEmpty { printer.line("static const short needs_\(name)[] = {\((needs + ["-1"]).joined(separator: ", "))};") }
    printer.block("struct py_function \(PythonNames.function(name)) = {", "};") { printer in
      printer.line(".name = \"\(name)\", .since = \"\(call.function.since)\", .library = \(library), .operation = \(operation),")
      if !needs.isEmpty { printer.line(".needs = needs_\(name),") }
      printer.line(".keeps = \(call.function.blocks || hasCallbacks(call) ? 0 : 1),")
      guard let python else { return }
      let required = python.arguments.filter { $0.defaultValue == nil }.count
      let receiver = python.className.flatMap { name in names.classes.first { $0.name == name } }
      printer.line(
        ".binding = \"\(python.details.binding ?? name)\", .method = \"\(python.name)\", .body = \(PythonNames.method(name)), .classed = \(receiver.map(PythonNames.classConstant) ?? "-1"),"
      )
      printer.line(".is_number = \(isNumber(call) ? 1 : 0), .required = \(required), .count = \(python.arguments.count),")
      let zeros = python.arguments.enumerated().reduce(0) { $1.element.defaultValue == "0" ? $0 | 1 << $1.offset : $0 }
      if zeros != 0 { printer.line(".zeros = \(zeros),") }
      if !python.arguments.isEmpty { printer.line(".arguments = arguments_\(name),") }
    }
  }

  /// Whether C tells a failure of it by a number.
  private func isNumber(_ call: CallPlan) -> Bool {
    guard let result = call.python?.results.first, call.python?.results.count == 1 else { return false }
    if let planned = call.parameters.first(where: { $0.parameter.name == result }), case .scalarOut = planned.marshalling {
      // The reference tells it by a number where a C long holds what comes out.
      return !["llong", "ullong"].contains(names.scalar(planned.parameter.type))
    }
    guard result == "return" else { return false }
    switch call.function.returns.shape {
    case .status, .count, .boolean, .value: return true
    default: return false
    }
  }

  private func hasCallbacks(_ call: CallPlan) -> Bool {
    call.function.parameters.contains { names.plan.types.isCallback($0.type.base) }
  }

  // MARK: - Classes and modules

  func writeClasses(to printer: inout CodePrinter) {
    for library in names.libraries { printer.line("extern const struct py_constant constants_\(library.name.replacingHyphens)[];") }
    for handle in names.classes {
      let calls = names.calls.filter { $0.python?.className == handle.name }
      writeMethods("methods_\(handle.name)", calls, to: &printer)
      writeNumbers("constants_\(handle.name)", handle.pythonConstants, to: &printer)
      let ancestors = ancestors(handle)
      printer.block("static const struct py_ancestor ancestors_\(handle.name)[] = {", "};") { printer in
        for ancestor in ancestors { printer.line("{\"\(ancestor.name)\", \(ancestor.constant)},") }
        printer.line("{NULL, 0}")
      }
    }
    printer.block("const struct py_class py_classes[PY_CLASSES] = {", "};") { printer in
      for handle in names.classes {
        let parent = names.plan.types.handle(ofClass: handle.parent)
        let calls = names.calls.filter { $0.python?.className == handle.name }
        printer.block("[\(PythonNames.classConstant(handle))] = {", "},") { printer in
          printer.line(
            ".name = \"libvirt.\(handle.name)\", .capsule = \"\(handle.pointer)\", .parent = \(parent.map(PythonNames.classConstant) ?? "-1"),"
          )
          printer.line(
            ".parent_attribute = \"\(handle.pythonParent ?? "_conn")\", .ends = \(calls.contains { $0.python?.details.ends == true } ? 1 : 0),"
          )
          printer.line(".release = \(names.release(handle).map { "&" + PythonNames.function($0) } ?? "NULL"),")
          printer.line(".root = \(names.root(handle).map { "&" + PythonNames.function($0) } ?? "NULL"),")
          printer.line(".reference = \(names.reference(handle).map { "&" + PythonNames.function($0) } ?? "NULL"),")
          printer.line(".closer = \(closer(calls)), .methods = methods_\(handle.name), .ancestors = ancestors_\(handle.name),")
          printer.line(".constants = constants_\(handle.name), .doc = \(PythonProse.literal(handle.doc)),")
        }
      }
    }
    for library in names.libraries {
      let calls = names.calls.filter { $0.library.name == library.name && $0.python?.className == nil && $0.python != nil }
      writeMethods("functions_\(library.name.replacingHyphens)", calls, to: &printer)
    }
    printer.block("const struct py_module py_modules[] = {", "};") { printer in
      for library in names.libraries {
        let name = library.name.replacingHyphens
        let first = names.calls.first { $0.library.name == library.name }?.header.name ?? ""
        printer.line(
          "{\"\(name)\", \"\(library.soname)\", functions_\(name), constants_\(name), \(PythonProse.literal(library.doc))}, /* \(first) */"
        )
      }
      printer.line("{NULL, NULL, NULL, NULL, NULL}")
    }
    printer.block("struct py_function *const py_functions[] = {", "};") { printer in
      for call in names.calls where call.python != nil { printer.line("&\(PythonNames.function(call.function.name)),") }
      printer.line("NULL")
    }
    if let invoker = names.plan.description.topics.flatMap(\.callbacks).compactMap(\.pythonInvoker).first {
      printer.line("const char *const py_free_invoker = \"\(invoker)\";")
    }
    writeHost(to: &printer)
    writeLastError(to: &printer)
    let types = PythonCallbackEmitter(names: names).types
    printer.line(
      "const unsigned char py_callback_waits[PY_CALLBACKS] = {\(types.map { $0.scope == "call" ? "1" : "0" }.joined(separator: ", "))};"
    )
  }

  /// What the thread's last error is: the function that answers a struct and asks for nothing.
  private func writeLastError(to printer: inout CodePrinter) {
    let call = names.calls.first { $0.function.returns.shape == .pointer && $0.function.parameters.isEmpty && $0.python != nil }
    printer.block("const virError *py_ask_last_error(void) {") { printer in
      guard let name = call?.function.name else {
        printer.line("return NULL;")
        return
      }
      printer.line("return py_find(&\(PythonNames.function(name))) ? PY_CALL(\(name))() : NULL;")
    }
  }

  private func closer(_ calls: [CallPlan]) -> String {
    calls.first { $0.python?.details.ends == true }.flatMap(\.python).map { "\"\($0.name)\"" } ?? "NULL"
  }

  /// `connect`, and what the description adds.
  func ancestors(_ handle: HandleType) -> [(name: String, constant: String)] {
    guard handle.parent != "none" else { return [] }
    let added = handle.pythonAncestors.compactMap { ancestor in
      names.plan.types.handle(ofClass: ancestor.value).map { (ancestor.name, PythonNames.classConstant($0)) }
    }
    return [("connect", names.classes.first { $0.parent == "none" }.map(PythonNames.classConstant) ?? "0")] + added
  }

  private func writeMethods(_ table: String, _ calls: [CallPlan], to printer: inout CodePrinter) {
    printer.block("static PyMethodDef \(table)[] = {", "};") { printer in
      for call in calls {
        guard let python = call.python else { continue }
        let flags = "METH_FASTCALL | METH_KEYWORDS"
        printer.line("{\"\(python.name)\", PY_METHOD(\(PythonNames.method(call.function.name))), \(flags),")
        printer.line(" \(PythonProse.literal(PythonProse.text(call, python, names)))},")
      }
      printer.line("{NULL, NULL, 0, NULL}")
    }
  }

  private func writeNumbers(_ table: String, _ constants: [(name: String, value: String)], to printer: inout CodePrinter) {
    printer.block("static const struct py_constant \(table)[] = {", "};") { printer in
      for constant in constants { printer.line("{\"\(constant.name)\", \(constant.value), NULL},") }
      printer.line("{NULL, 0, NULL}")
    }
  }

  /// How many processors a host has, for bits of which each stands for one.
  private func writeHost(to printer: inout CodePrinter) {
    let call = names.calls.first { call in
      call.function.returns.shape == .count && call.function.parameters.contains { $0.length == "return-bits" }
    }
    printer.block("int py_ask_host_bits(void *connection) {") { printer in
      guard let call else {
        printer.lines("(void)connection;", "return -1;")
        return
      }
      let arguments = call.parameters.map { planned in
        planned.parameter.name == call.function.receiver ? "connection" : planned.parameter.type.pointers > 0 ? "NULL" : "0"
      }
      printer.line(
        "return py_find(&\(PythonNames.function(call.function.name))) ? PY_CALL(\(call.function.name))(\(arguments.joined(separator: ", "))) : -1;"
      )
    }
  }

  // MARK: - Constants

  /// What the module of a library has as numbers and texts: every enumerator, and every macro that stands for a number or a key.
  static func constants(_ library: Library, _ plan: Plan) -> [(name: String, number: String, text: String?)] {
    var found: [(String, String, String?)] = []
    var seen: Set<String> = []
    for header in plan.description.headers(of: library) {
      for topic in header.topics {
        for enumeration in topic.enumerations {
          for value in enumeration.values where !value.isSentinel || value.alias != nil {
            if seen.insert(value.name).inserted {
              let bits = enumeration.isFlags && value.value < 0 ? value.value & 0xffff_ffff : value.value
              found.append((value.name, "\(bits)", nil))
            }
          }
        }
        for macro in topic.macros {
          switch macro.kind {
          case .constant: if seen.insert(macro.name).inserted { found.append((macro.name, macro.name, nil)) }
          case .key, .prefix, .suffix: if seen.insert(macro.name).inserted { found.append((macro.name, "0", macro.name)) }
          case .function, .alias: break
          }
        }
      }
    }
    return found
  }

  func writeConstants(to printer: inout CodePrinter) {
    for library in names.libraries {
      printer.block("const struct py_constant constants_\(library.name.replacingHyphens)[] = {", "};") { printer in
        for constant in Self.constants(library, names.plan) {
          printer.line(
            "{\"\(constant.name)\", \(constant.text == nil ? "(long long)\(constant.number)" : "0"), \(constant.text ?? "NULL")},")
        }
        printer.line("{NULL, 0, NULL}")
      }
    }
    let kinds = [
      "int": "INT", "uint": "UINT", "llong": "LLONG", "ullong": "ULLONG", "double": "DOUBLE", "boolean": "BOOLEAN",
      "string": "STRING",
    ]
    for family in names.families {
      let name = family.name.replacingHyphens
      printer.block("static const struct py_key keys_\(name)[] = {", "};") { printer in
        for parameter in family.parameters where macro(parameter.key)?.kind == .key {
          printer.line("{\(parameter.key), VIR_TYPED_PARAM_\(kinds[parameter.type] ?? "STRING")},")
        }
        printer.line("{NULL, 0}")
      }
      printer.line("const struct py_family py_family_\(name) = {\"\(family.name)\", keys_\(name)};")
    }
    printer.block("const struct py_error_name py_error_names[] = {", "};") { printer in
      for (name, value) in PythonErrors.classes(names.plan) { printer.line("{\"libvirt.errors.\(name)\", \(value)},") }
      printer.line("{NULL, 0}")
    }
  }

  private func macro(_ name: String) -> Macro? {
    names.plan.description.topics.lazy.flatMap(\.macros).first { $0.name == name }
  }
}

/// The exception classes, one for each error code.
enum PythonErrors {
  /// `VIR_ERR_NO_DOMAIN` becomes `NoDomainError`.
  static func classes(_ plan: Plan) -> [(name: String, code: String)] {
    let codes = plan.description.topics.flatMap(\.enumerations).first { $0.values.contains { $0.message != nil } }
    return (codes?.values ?? []).filter { !$0.isSentinel && $0.value > 0 }.map { value in
      let words = value.name.split(separator: "_").dropFirst(2).map { $0.prefix(1) + $0.dropFirst().lowercased() }
      let name = words.joined()
      return (name.hasSuffix("Error") ? name : name + "Error", value.name)
    }
  }
}

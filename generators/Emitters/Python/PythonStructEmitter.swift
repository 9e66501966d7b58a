import APIDescription
import BindingPlan
import CodePrinting

/// Writes how structs become Python values.
struct PythonStructEmitter {
  let names: PythonNames

  private var structs: [StructType] { names.structs }

  private func array(_ type: StructType) -> String {
    "PyObject *py_from_\(type.name)_array(struct py_call *call, const \(type.name) *from, Py_ssize_t number)"
  }
  private func pointers(_ type: StructType) -> String {
    "PyObject *py_from_\(type.name)_pointers(struct py_call *call, \(type.name) *const *from, Py_ssize_t number)"
  }
  private func one(_ type: StructType) -> String {
    "PyObject *py_from_\(type.name)(struct py_call *call, const \(type.name) *from)"
  }

  func declare(to printer: inout CodePrinter) {
    for type in structs {
      if type.pythonForm != .mapping { printer.line("\(one(type));") }
      printer.lines("\(array(type));", "\(pointers(type));")
    }
  }

  func write(to printer: inout CodePrinter) {
    for type in structs {
      printer.line("")
      let isMapping = type.pythonForm == .mapping
      if isMapping { writeEntry(type, to: &printer) } else { writeOne(type, to: &printer) }
      for (head, element) in [(array(type), "from + at"), (pointers(type), "from[at]")] {
        printer.block("\(head) {") { printer in
          printer.line("PyObject *all = \(isMapping ? "PyDict_New()" : "PyList_New(number < 0 ? 0 : number)");")
          printer.block("for (Py_ssize_t at = 0; all && at < number; at++) {") { printer in
            if isMapping {
              printer.line("if (!py_enter_\(type.name)(call, all, \(element))) Py_CLEAR(all);")
            } else {
              printer.line("all = py_list_set(all, at, py_from_\(type.name)(call, \(element)));")
            }
          }
          printer.line("return all;")
        }
      }
    }
  }

  private func writeOne(_ type: StructType, to printer: inout CodePrinter) {
    let fields = type.pythonFields
    printer.block("\(one(type)) {") { printer in
      printer.lines("(void)call;", "if (!from) return py_none();")
      if type.pythonForm == .content, let field = fields.first {
        printer.line("return \(value(field, of: type));")
        return
      }
      printer.line("PyObject *items[] = {")
      printer.indented { printer in for field in fields { printer.line("\(value(field, of: type)),") } }
      printer.line("};")
      if type.pythonForm == .dict {
        printer.line("return py_dict(\(keys(fields)), items, \(fields.count));")
      } else {
        printer.line("return py_\(type.pythonForm == .tuple ? "tuple" : "list")(items, \(fields.count));")
      }
    }
  }

  private func keys(_ fields: [StructField]) -> String {
    "(const char *const[]){\(fields.map { "\"\($0.name)\"" }.joined(separator: ", "))}"
  }

  /// An entry of a dict: the first field is its key, the rest its value.
  private func writeEntry(_ type: StructType, to printer: inout CodePrinter) {
    let fields = type.pythonFields
    guard let key = fields.first else { return }
    let rest = Array(fields.dropFirst())
    printer.block("static int py_enter_\(type.name)(struct py_call *call, PyObject *all, const \(type.name) *from) {") { printer in
      printer.line("(void)call;")
      if let enumeration = type.pythonKeys { writeKeys(enumeration, key, to: &printer) }
      let keyText = type.pythonKeys == nil ? value(key, of: type) : "py_from_text(key)"
      let valueText =
        rest.count == 1
        ? value(rest[0], of: type)
        : "py_dict(\(keys(rest)), (PyObject *[]){\(rest.map { value($0, of: type) }.joined(separator: ", "))}, \(rest.count))"
      printer.line("return py_dict_enter(all, \(keyText), \(valueText));")
    }
  }

  /// The names of an enumeration's values, without what they have in common; what is not known is left out.
  private func writeKeys(_ enumeration: String, _ field: StructField, to printer: inout CodePrinter) {
    printer.line("const char *key = NULL;")
    printer.block("switch (from->\(field.name)) {") { printer in
      for (key, value) in names.keys(enumeration) { printer.line("case \(value.name): key = \"\(key)\"; break;") }
      printer.line("default: return 1;")
    }
  }

  private func value(_ field: StructField, of type: StructType) -> String {
    let place = "from->\(field.name)"
    guard let fieldType = field.type else { return "py_none()" }
    let types = names.plan.types
    if let count = field.countedBy {
      let number = "(Py_ssize_t)from->\(count)"
      if field.isBits { return "py_from_bits((const char *)\(place), py_host_bits(call, \(number) * 8), 0)" }
      if types.isTypedParameter(fieldType.base) { return "py_from_parameters(call, \(place), from->\(count))" }
      if let element = types.structType(fieldType.base) {
        let made = "py_from_\(element.name)_array(call, \(place), \(number))"
        return type.pythonForm == .content ? made : "from->\(count) ? \(made) : py_none()"
      }
      return "py_from_texts(\(place), \(number))"
    }
    if let handle = types.handle(fieldType.base) {
      return "py_share(call, \(PythonNames.classConstant(handle)), \(place))"
    }
    if fieldType.base == "char" {
      return field.length == nil ? "py_from_text(\(place))" : "py_from_bounded_text(\(place), sizeof \(place))"
    }
    if field.isPythonTruth { return "PyBool_FromLong(\(place))" }
    let divided = field.pythonDivisor.map { "\(place) / \($0)" } ?? place
    return "py_from_\(names.scalar(fieldType))(\(divided))"
  }
}

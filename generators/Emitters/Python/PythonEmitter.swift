import APIDescription
import BindingPlan
import CodePrinting

/// Writes the generated part of the Python extension: one C file for each topic, and tables.
enum PythonEmitter {
  static let folder = "bindings/python/Generated"

  static func files(_ plan: Plan) -> [GeneratedFile] {
    let names = PythonNames(plan: plan)
    var files = [header(names)]
    for topic in plan.description.topics {
      let calls = names.calls.filter { $0.header.name == topic.header && $0.topic == topic.name }
      guard !calls.isEmpty else { continue }
      var printer = start()
      for call in calls { PythonTables(names: names).writeDescriptor(call, to: &printer) }
      for call in calls {
        if let python = call.python { PythonFunctionEmitter(names: names, call: call, python: python).write(to: &printer) }
      }
      files.append(printer.file("\(folder)/\(topic.header)-\(topic.name).c"))
    }
    var structs = start()
    PythonStructEmitter(names: names).write(to: &structs)
    files.append(structs.file("\(folder)/structs.c"))
    var callbacks = start()
    PythonCallbackEmitter(names: names).write(to: &callbacks)
    files.append(callbacks.file("\(folder)/callbacks.c"))
    var tables = start()
    PythonTables(names: names).writeClasses(to: &tables)
    files.append(tables.file("\(folder)/classes.c"))
    var constants = start()
    PythonTables(names: names).writeConstants(to: &constants)
    files.append(constants.file("\(folder)/constants.c"))
    files += PythonStubEmitter(names: names).files
    return files
  }

  private static func start() -> CodePrinter {
    var printer = CodePrinter(.c)
    printer.lines("#include \"py.h\"", "")
    return printer
  }

  private static func header(_ names: PythonNames) -> GeneratedFile {
    var printer = CodePrinter(.c)
    printer.lines("#ifndef PY_GENERATED_H", "#define PY_GENERATED_H", "")
    printer.line("/* The classes. */")
    printer.block("enum {", "};") { printer in
      for handle in names.classes { printer.line("\(PythonNames.classConstant(handle)),") }
      printer.line("PY_CLASSES")
    }
    printer.lines("", "/* The functions of the libraries. */")
    for call in names.calls { printer.line("extern struct py_function \(PythonNames.function(call.function.name));") }
    printer.lines("", "/* What Python calls. */")
    for call in names.calls where call.python != nil {
      printer.line(
        "PyObject *\(PythonNames.method(call.function.name))(PyObject *self, PyObject *const *given, Py_ssize_t number, PyObject *keywords);"
      )
    }
    printer.lines("", "/* How structs become Python values. */")
    PythonStructEmitter(names: names).declare(to: &printer)
    printer.line("")
    PythonCallbackEmitter(names: names).declare(to: &printer)
    printer.lines("", "/* The families of typed parameters. */")
    for family in names.families {
      printer.line("extern const struct py_family py_family_\(family.name.replacingHyphens);")
    }
    printer.lines("", "#endif")
    return printer.file("\(folder)/\(PythonNames.header)")
  }
}

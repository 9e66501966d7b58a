import APIDescription
import BindingPlan
import CodePrinting

/// Writes the stubs, and the Python modules that are nothing but tables.
struct PythonStubEmitter {
  static let folder = "bindings/python/Generated/modules"
  let names: PythonNames

  /// All of them.
  var files: [GeneratedFile] {
    let enumerations = PythonEnumerations(names: names)
    let stubs = names.libraries.flatMap { [module($0), bare($0)] }
    return stubs + [errors, enumerations.stub(), enumerations.tables(), PythonTypeEmitter(names: names).file]
  }

  // MARK: - Modules

  private func module(_ library: Library) -> GeneratedFile {
    let name = library.name.replacingHyphens
    let isFirst = library.name == names.libraries.first?.name
    var stub = PythonStub(names: names, module: name)
    if isFirst {
      writeRunTime(to: &stub)
      for handle in names.classes { write(handle, to: &stub) }
    }
    for call in names.calls where call.library.name == library.name && call.python?.className == nil { write(call, to: &stub) }
    stub.constants(library)
    let lead =
      isFirst
      ? [
        "import \(bareName(library)) as \(bareName(library))", "", "_T = TypeVar(\"_T\")",
        "_EventCB = Callable[[int, int, int, _T], None]", "_TimerCB = Callable[[int, _T], None]",
      ] : ["", "_T = TypeVar(\"_T\")"]
    if isFirst { stub.use("Callable") }
    stub.use("TypeVar")
    return stub.file("\(Self.folder)/\(name)/__init__.pyi", doc: library.doc, lead: lead)
  }

  private func write(_ call: CallPlan, to stub: inout PythonStub) {
    guard let python = call.python else { return }
    let types = PythonTypes(names: names, call: call, python: python)
    stub.function(python.name, types.signatures, doc: PythonProse.lines(call, python, names))
  }

  private func write(_ handle: HandleType, to stub: inout PythonStub) {
    let calls = names.calls.filter { $0.python?.className == handle.name }
    stub.type(handle.name, doc: [handle.doc], decorator: "disjoint_base") { stub in
      for constant in handle.pythonConstants {
        stub.use("Final")
        stub.variable(constant.name, "Final = \(constant.value)")
      }
      writeRunTime(of: handle, ends: calls.contains { $0.python?.details.ends == true }, to: &stub)
      for call in calls { write(call, to: &stub) }
    }
  }

  // MARK: - What the run-time gives

  private func writeRunTime(to stub: inout PythonStub) {
    let error = names.calls.first { $0.function.returns.shape == .pointer && $0.function.parameters.isEmpty && $0.python != nil }
    guard let type = error.flatMap({ names.plan.types.structType($0.function.returns.type.base) }) else { return }
    let values = PythonValues(names: names)
    let parts = zip(
      [
        ("get_error_code", "The code, one of the VIR_ERR_ constants; None when the library said nothing."),
        ("get_error_domain", "The part of the library that failed, one of the VIR_FROM_ constants."),
        ("get_error_message", "The sentence for people."),
        ("get_error_level", "How bad it is, one of the VIR_ERR_ levels."),
        ("get_str1", "The first text that came with the error."), ("get_str2", "The second text that came with the error."),
        ("get_str3", "The third text that came with the error."), ("get_int1", "The first number that came with the error."),
        ("get_int2", "The second number that came with the error."),
      ], type.pythonFields)
    let doc = "What a failed call raises. Reads the thread's last error; `err` holds its nine parts."
    stub.type("libvirtError", base: "Exception", doc: [doc], decorator: "disjoint_base") { stub in
      stub.variable("err", values.value(type) + " | None")
      stub.function("__init__", [PythonSignature(arguments: ["self", "defmsg: str"], result: "None")])
      for (accessor, field) in parts {
        let result = values.field(field, of: type)
        let answer = result.hasSuffix("None") ? result : result + " | None"
        stub.function(accessor.0, [PythonSignature(arguments: ["self"], result: answer)], doc: [accessor.1])
      }
    }
    for invoker in names.plan.description.topics.flatMap(\.callbacks).compactMap(\.pythonInvoker) {
      stub.function(
        invoker, [PythonSignature(arguments: ["opaque: Any", "/"], result: "None")],
        doc: ["Frees what came with a callback that an event loop was handed."])
    }
  }

  private func writeRunTime(of handle: HandleType, ends: Bool, to stub: inout PythonStub) {
    let parent = names.plan.types.handle(ofClass: handle.parent)
    let attribute = handle.pythonParent ?? "_conn"
    let own = parent.map { ["\(attribute.dropFirst()): \($0.name)"] } ?? []
    stub.function("__init__", [PythonSignature(arguments: ["self"] + own + ["_obj: CapsuleType"], result: "None")])
    stub.variable("_o", "CapsuleType | None")
    if let parent { stub.function(attribute, [PythonSignature(arguments: ["self"], result: parent.name)], decorator: "property") }
    if let root = names.classes.first, parent != nil, attribute != "_conn" {
      stub.function("_conn", [PythonSignature(arguments: ["self"], result: root.name)], decorator: "property")
    }
    for ancestor in PythonTables(names: names).ancestors(handle) {
      let doc = ["The object it belongs to, of the class the name says."]
      stub.function(ancestor.name, [PythonSignature(arguments: ["self"], result: ancestor.handle.name)], doc: doc)
    }
    let address = ["The address of the C object; 0 when it was given back."]
    stub.function("c_pointer", [PythonSignature(arguments: ["self"], result: "int")], doc: address)
    guard ends else { return }
    stub.function("__enter__", [PythonSignature(arguments: ["self"], result: "Self")])
    stub.function("__exit__", [PythonSignature(arguments: ["self", "*arguments: object"], result: "None")])
  }

  // MARK: - C names and errors

  private func bareName(_ library: Library) -> String {
    "libvirtmod" + library.name.dropFirst("libvirt".count).replacing("-", with: "_")
  }

  /// The functions by their C names.
  private func bare(_ library: Library) -> GeneratedFile {
    let name = bareName(library)
    var stub = PythonStub(names: names, module: name)
    for call in names.calls where call.library.name == library.name {
      guard let python = call.python else { continue }
      let types = PythonTypes(names: names, call: call, python: python, handle: { _ in "CapsuleType" }, isBare: true)
      stub.function(python.details.binding ?? call.function.name, types.signatures)
    }
    if library.name == names.libraries.first?.name {
      let signature = PythonSignature(arguments: ["receiver: CapsuleType", "/"], result: "int")
      for handle in names.classes {
        stub.function("\(handle.name)_pointer", [signature])
        if let release = names.release(handle), !isBound(release) { stub.function(release, [signature]) }
      }
    }
    return stub.file(
      "\(Self.folder)/\(name)/__init__.pyi",
      doc: "The functions by their C names: they take and give capsules, and tell a failure by -1 or None.")
  }

  private func isBound(_ function: String) -> Bool {
    names.calls.contains { $0.python != nil && ($0.python?.details.binding ?? $0.function.name) == function }
  }

  private var errors: GeneratedFile {
    let values = names.plan.description.topics.flatMap(\.enumerations).flatMap(\.values)
    var stub = PythonStub(names: names, module: "libvirt.errors")
    stub.use("libvirtError")
    for (name, code) in PythonErrors.classes(names.plan) {
      let message = values.first { $0.name == code }?.message ?? ""
      stub.type(name, base: "libvirtError", doc: ["Code \(code): \(message)."]) { _ in }
    }
    return stub.file(
      "\(Self.folder)/libvirt/errors.pyi", doc: "A subclass of libvirtError for each error code, so that `except` needs no numbers."
    )
  }
}

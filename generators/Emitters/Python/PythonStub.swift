import APIDescription
import BindingPlan
import CodePrinting

/// One stub file while it is written: its body, and what its annotations use.
struct PythonStub {
  let names: PythonNames
  /// The module, such as `libvirt_qemu`.
  let module: String
  var body = CodePrinter(.python, banner: false)
  /// Names that it declares itself, and that are therefore not imported.
  var own: Set<String> = []
  private var used: Set<String> = []

  /// Starts the stub of a module.
  init(names: PythonNames, module: String) {
    self.names = names
    self.module = module
  }

  /// Remembers the names in an annotation, so that they are imported.
  mutating func use(_ annotation: String) {
    for word in annotation.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") }) { used.insert(String(word)) }
  }

  /// Declares a variable.
  mutating func variable(_ name: String, _ annotation: String, doc: String = "") {
    use(annotation)
    body.line("\(name): \(annotation)")
    if !doc.isEmpty { PythonProse.docstring([doc], to: &body) }
  }

  /// Declares a function, once or with overloads; `note` says which findings of a checker of types are meant to be.
  mutating func function(
    _ name: String, _ signatures: [PythonSignature], doc: [String] = [], decorator: String? = nil, isAsync: Bool = false,
    note: String? = nil
  ) {
    for (index, signature) in signatures.enumerated() {
      if signatures.count > 1 {
        use("overload")
        body.line("@overload\(index == 0 ? note.map { "  # type: ignore[\($0)]" } ?? "" : "")")
      }
      if let decorator { body.line("@\(decorator)") }
      use(signature.text)
      let head = "\(isAsync ? "async " : "")def \(name)\(signature.text):"
      if doc.isEmpty || index > 0 {
        body.line("\(head) ...")
      } else {
        body.line(head)
        body.indented { PythonProse.docstring(doc, to: &$0) }
      }
    }
  }

  /// Declares a class; what is in it is written by the caller.
  mutating func type(
    _ name: String, base: String? = nil, doc: [String], decorator: String? = nil, _ members: (inout PythonStub) -> Void
  ) {
    let outer = body
    body = CodePrinter(.python, banner: false)
    PythonProse.docstring(doc, to: &body)
    members(&self)
    let inner = String(decoding: body.bytes, as: UTF8.self)
    body = outer
    if let decorator {
      use(decorator)
      body.line("@\(decorator)")
    }
    body.block("class \(name)\(base.map { "(\($0))" } ?? ""):", "") { printer in
      for line in inner.split(separator: "\n", omittingEmptySubsequences: false).dropLast() { printer.line(String(line)) }
    }
  }

  /// Declares the constants of a library.
  mutating func constants(_ library: Library) {
    let plan = names.plan
    for constant in PythonTables.constants(library, plan) {
      use("Final")
      if let text = constant.text.flatMap(names.macro)?.string {
        variable(constant.name, "Final = \(PythonProse.literal(text))", doc: constant.doc)
      } else if let number = number(constant.number) {
        variable(constant.name, "Final = \(number)", doc: constant.doc)
      } else {
        variable(constant.name, "Final[int]", doc: constant.doc)
      }
    }
  }

  /// What a C constant is: a number, another constant, or a sum of such; nil for what is not understood.
  private func number(_ text: String) -> Int? {
    let plain = String(text.filter { $0 != "(" && $0 != ")" && $0 != " " })
    if plain.contains("+") {
      return plain.split(separator: "+").reduce(0 as Int?) { sum, part in
        guard let sum, let next = number(String(part)) else { return nil }
        let (result, overflow) = sum.addingReportingOverflow(next)
        return overflow ? nil : result
      }
    }
    if let number = Int(plain) ?? Int(plain.dropping(suffix: "LL").dropping(suffix: "U")) { return number }
    if let macro = names.macro(plain), macro.kind == .constant, let value = macro.value { return number(value) }
    let values = names.plan.description.topics.lazy.flatMap(\.enumerations).flatMap(\.values)
    return values.first { $0.name == plain }?.value
  }

  // MARK: - The file

  private static let known: [(module: String, names: [String])] = [
    ("_typeshed", ["FileDescriptorLike"]),
    ("collections.abc", ["Callable", "Sequence"]),
    ("typing", ["Any", "Final", "Literal", "NamedTuple", "TypedDict", "TypeVar", "Union", "overload"]),
    ("typing_extensions", ["Buffer", "CapsuleType", "Self", "disjoint_base"]),
  ]

  /// What was used from elsewhere, by module.
  private var imports: [(module: String, names: [String])] {
    let classes = names.classes.map(\.name) + ["libvirtError"]
    let types =
      PythonDictionaries(names: names).all.map(\.name)
      + PythonCallbackEmitter(names: names).types.map { $0.name.withoutLibraryPrefix }
    let elsewhere = Self.known + [(module: "libvirt", names: classes), (module: "libvirt.types", names: types)]
    return elsewhere.filter { $0.module != module }.map { ($0.module, $0.names.filter { used.contains($0) && !own.contains($0) }) }
      .filter { !$0.names.isEmpty }
  }

  /// The finished file; `lead` stands between the imports and the body.
  func file(_ path: String, doc: String, future: Bool = false, lead: [String] = []) -> GeneratedFile {
    var head = CodePrinter(.python)
    PythonProse.docstring([doc], to: &head)
    if future { head.line("from __future__ import annotations") }
    for (module, names) in imports {
      if names.count < 8 {
        head.line("from \(module) import \(names.joined(separator: ", "))")
      } else {
        head.line("from \(module) import (")
        head.wrapped(names.joined(separator: ", ") + ",", prefix: "    ")
        head.line(")")
      }
    }
    for line in lead { head.line(line) }
    head.line()
    return GeneratedFile(path: path, bytes: head.bytes + body.bytes)
  }
}

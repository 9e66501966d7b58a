import APIDescription
import BindingPlan
import CodePrinting

/// Writes the pages of the Python documentation: one for each class, for each module's functions, for enumerations and types.
struct PythonPages {
  static let folder = "docs/python/Generated"
  let names: PythonNames
  /// What stands on the page of types.
  private let typeNames: Set<String>

  static func files(_ plan: Plan) -> [GeneratedFile] {
    let pages = PythonPages(names: PythonNames(plan: plan))
    let modules = pages.names.libraries.map { pages.module($0) }
    return [pages.index] + modules + pages.names.classes.map { pages.page($0) } + PythonTypePages(pages: pages).files
  }

  private init(names: PythonNames) {
    self.names = names
    let callbacks = PythonCallbackTypes(values: PythonValues(names: names))
    typeNames = Set(
      PythonDictionaries(names: names).all.map(\.name) + PythonCallbackEmitter(names: names).types.map(callbacks.alias))
  }

  private func file(_ name: String, _ printer: CodePrinter) -> GeneratedFile { printer.file("\(Self.folder)/\(name).md") }

  // MARK: - Pages

  private var index: GeneratedFile {
    var printer = CodePrinter(.xml)
    printer.lines(
      "# The Python API", "", "Every class and function with its arguments, results and errors. How the modules are used:",
      "[Python](../../python.md), [asyncio](../../python-async.md).", "", "| class | what it is |", "|---|---|")
    for handle in names.classes { printer.line("| [\(handle.name)](\(handle.name).md) | \(names.said(handle.doc)) |") }
    printer.lines("", "| module | what it has |", "|---|---|")
    for library in names.libraries {
      let name = library.name.replacingHyphens
      printer.line("| [\(name)](\(name).md) | \(names.said(library.doc)) |")
    }
    printer.lines(
      "| [libvirt.enums](enumerations.md) | the constants, by the enumeration they belong to |",
      "| [libvirt.types](types.md) | dicts with known keys, and callbacks |")
    return file("index", printer)
  }

  private func module(_ library: Library) -> GeneratedFile {
    var printer = CodePrinter(.xml)
    let name = library.name.replacingHyphens
    printer.lines("# Functions of \(name)", "", names.said(library.doc))
    write(names.calls.filter { $0.library.name == library.name && $0.python?.className == nil }, to: &printer)
    return file(name, printer)
  }

  private func page(_ handle: HandleType) -> GeneratedFile {
    var printer = CodePrinter(.xml)
    printer.lines("# \(handle.name)", "", names.said(handle.doc), "")
    let calls = names.calls.filter { $0.python?.className == handle.name }
    let ancestors = PythonTables(names: names).ancestors(handle)
    if !ancestors.isEmpty {
      let links = ancestors.map { "`\($0.name)()` gives its [\($0.handle.name)](\($0.handle.name).md)" }
      printer.lines("\(links.joined(separator: ", ")).", "")
    }
    if calls.contains(where: { $0.python?.details.ends == true }) {
      printer.lines("Within `with` it is closed at the end.", "")
    }
    for constant in handle.pythonConstants { printer.lines("`\(handle.name).\(constant.name)` is \(constant.value).", "") }
    printer.line("`libvirt.aio.\(handle.name)` has the same methods; those that may wait are awaited there.")
    write(calls, to: &printer)
    return file(handle.name, printer)
  }

  // MARK: - Functions

  private func write(_ calls: [CallPlan], to printer: inout CodePrinter) {
    let calls = calls.filter { $0.python != nil }.sorted { ($0.python?.name ?? "") < ($1.python?.name ?? "") }
    printer.lines("", "| | does |", "|---|---|")
    for call in calls {
      let name = call.python?.name ?? ""
      printer.line("| [\(name)](#\(name.lowercased())) | \(Self.cell(first(names.said(call.function.doc)))) |")
    }
    for call in calls { write(call, to: &printer) }
  }

  private func write(_ call: CallPlan, to printer: inout CodePrinter) {
    guard let python = call.python else { return }
    let prose = PythonProse(names: names, call: call, python: python)
    printer.lines("", "## \(python.name)", "", "```python")
    let all = prose.types.signatures
    for signature in prose.types.eventNumber == nil ? all : Array(all.suffix(1)) { write(python.name, signature, to: &printer) }
    printer.lines("```", "", Self.marked(names.said(call.function.doc)))
    if !python.arguments.isEmpty { printer.line() }
    for argument in python.arguments {
      let notes = prose.notes(argument) { "[\($0)](\($1).md#\($0.lowercased()))" }
      printer.line("- `\(argument.name)`: `\(prose.types.argument(argument))`" + (notes.isEmpty ? "" : "; " + notes))
    }
    if all.count > 1, prose.types.eventNumber != nil {
      printer.lines("", "The number of the event decides which callback fits.")
    }
    let links = links(all)
    for text in prose.rest { printer.lines("", Self.marked(text)) }
    if !links.isEmpty { printer.lines("", "See \(links.joined(separator: ", ")).") }
    let waits = python.className == nil ? "" : " \(call.function.blocks ? "Awaited" : "Not awaited") in `libvirt.aio`."
    printer.lines("", "Since libvirt \(call.function.since); C function `\(call.function.name)`.\(waits)")
  }

  /// Links to the types that signatures name.
  private func links(_ signatures: [PythonSignature]) -> [String] {
    let classes = Set(names.classes.map(\.name))
    var found: [String] = []
    for signature in signatures {
      for part in signature.text.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") }) {
        let word = String(part)
        let target = classes.contains(word) ? "\(word).md" : typeNames.contains(word) ? "types.md#\(word.lowercased())" : nil
        if let target, !found.contains("[\(word)](\(target))") { found.append("[\(word)](\(target))") }
      }
    }
    return found
  }

  private func write(_ name: String, _ signature: PythonSignature, to printer: inout CodePrinter) {
    let text = "\(name)\(signature.text)"
    guard text.utf8.count > 110 else { return printer.line(text) }
    printer.block("\(name)(", ") -> \(signature.result)") { printer in
      for argument in signature.arguments { printer.line("\(argument),") }
    }
  }

  /// The first sentence.
  private func first(_ text: String) -> String {
    var last: Character = " "
    for index in text.indices {
      if last == ".", text[index] == " " { return String(text[..<index]) }
      last = text[index]
    }
    return text
  }

  // MARK: - Markdown

  /// Text in a cell of a table.
  static func cell(_ text: String) -> String { marked(text).replacing("|", with: "\\|") }

  /// Names of constants as code.
  static func marked(_ text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false).map { word in
      guard word.hasPrefix("VIR_"), word.count > 4 else { return String(word) }
      let name = word.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      return "`\(name)`\(word.dropFirst(name.count))"
    }.joined(separator: " ")
  }
}

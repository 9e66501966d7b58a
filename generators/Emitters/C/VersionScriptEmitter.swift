import APIDescription
import BindingPlan
import CodePrinting

/// Writes the linker's version scripts: what each library exports, and under which version node.
enum VersionScriptEmitter {
  static func files(_ plan: Plan) -> [GeneratedFile] {
    plan.description.libraries.map { library in
      var printer = CodePrinter(.linkerScript)
      var symbols: [String: [String]] = [:]
      for call in plan.calls where call.library.name == library.name {
        symbols[call.function.since, default: []].append(call.function.name)
      }
      for header in plan.description.headers(of: library) {
        for variable in header.all(\.variables) { symbols[variable.node ?? variable.since, default: []].append(variable.name) }
      }
      var previous = ""
      for node in library.nodes {
        printer.block("\(library.nodePrefix)\(node) {", "}\(previous);") { printer in
          printer.line("global:")
          for symbol in (symbols[node] ?? []).sorted() { printer.line("\(symbol);") }
          if previous.isEmpty { printer.lines("local:", "*;") }
        }
        previous = " \(library.nodePrefix)\(node)"
      }
      if !library.isSibling {
        printer.line("/* The one private symbol: how the sibling libraries reach the run-time. */")
        printer.block("LIBVIRT_PRIVATE_SWIFTVIRT {", "}\(previous);") { $0.lines("global:", "__virt_runtime;") }
      }
      return printer.file("bindings/c/Generated/\(library.name).map")
    }
  }
}

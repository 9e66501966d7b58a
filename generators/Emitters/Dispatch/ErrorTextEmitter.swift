import APIDescription
import BindingPlan
import CodePrinting

/// Writes the sentences that errors begin with, by code, and the names of the domains errors come from.
enum ErrorTextEmitter {
  static func file(_ plan: Plan) -> GeneratedFile {
    var printer = CodePrinter(.c)
    printer.lines("/* Texts of errors: by code, and the names of their domains. */", "#include \"virt-runtime.h\"", "")
    let all = plan.description.topics.flatMap(\.enumerations)
    let codes = all.first { $0.values.contains { $0.message != nil } }
    printer.block("const struct virt_error_text virt_error_texts[] = {", "};") { printer in
      for value in codes?.values ?? [] {
        guard let message = value.message else { continue }
        printer.line("[\(value.value)] = { \"\(message)\", \"\(message): %s\", \(message.utf8.count), \"\(value.name)\" },")
      }
    }
    printer.lines("const uint32_t virt_error_text_count = sizeof virt_error_texts / sizeof *virt_error_texts;", "")
    let used = plan.description.headers.first?.errorDomain ?? ""
    let domains = all.first { $0.values.contains { $0.name == used } }
    printer.block("const char *const virt_error_domain_names[] = {", "};") { printer in
      for value in domains?.values ?? [] where !value.isSentinel {
        let words = value.name.split(separator: "_").dropFirst(2).map { $0.lowercased() }
        printer.line("[\(value.value)] = \"\(words.joined(separator: " "))\",")
      }
    }
    printer.line("const uint32_t virt_error_domain_count = sizeof virt_error_domain_names / sizeof *virt_error_domain_names;")
    return printer.file("\(DispatchEmitter.folder)/error-texts.c")
  }
}

/// Writes what the run-time knows about handle classes.
enum ClassTableEmitter {
  static func file(_ plan: Plan, _ boundary: Boundary) -> GeneratedFile {
    var printer = CodePrinter(.c)
    printer.lines("/* Handle classes by id. */", "#include \"virt-dispatch.h\"", "")
    let handles = plan.description.topics.flatMap(\.handles)
    printer.block("const struct virt_class virt_class_table[] = {", "};") { printer in
      for number in boundary.numbers("handle-class") {
        guard let handle = handles.first(where: { $0.classID == number.name }) else { continue }
        printer.line(
          "[\(number.identifier)] = { \"\(handle.classID)\", \(handle.invalid), \(handle.errorDomain ?? "-1"), \(number.element["extra"] ?? "0") },"
        )
      }
    }
    printer.line("const uint32_t virt_class_count = sizeof virt_class_table / sizeof *virt_class_table;")
    return printer.file("\(DispatchEmitter.folder)/classes.c")
  }
}

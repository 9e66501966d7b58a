import APIDescription
import BindingPlan
import CodePrinting

/// Writes the declarations of one header, types before what uses them.
enum Declarations {
  static func write(_ header: Header, _ plan: Plan, to printer: inout CodePrinter) {
    for macro in header.all(\.macros) where macro.kind != .function { write(macro, to: &printer) }
    for handle in header.all(\.handles) { write(handle, to: &printer) }
    for enumeration in orderedByUse(header.all(\.enumerations)) { write(enumeration, to: &printer) }
    for type in header.all(\.structs) { writeNames(type, to: &printer) }
    for typedef in header.all(\.typedefs) { write(typedef, to: &printer) }
    for macro in header.all(\.macros) where macro.kind == .function { write(macro, to: &printer) }
    for type in orderedByUse(header.all(\.structs)) { write(type, plan, to: &printer) }
    for callback in orderedByUse(header.all(\.callbacks)) where !isUsedByStruct(callback, header) { write(callback, to: &printer) }
    for variable in header.all(\.variables) { write(variable, to: &printer) }
    for function in header.all(\.functions) { write(function, plan, to: &printer) }
  }

  private static func write(_ macro: Macro, to printer: inout CodePrinter) {
    Comment.write(macro.doc, since: macro.since, to: &printer)
    if macro.kind == .function {
      printer.lines("# define \(macro.name)(\(macro.parameters.joined(separator: ", "))) \(macro.replacement ?? "")", "")
    } else if let string = macro.string {
      printer.lines("# define \(macro.name) \"\(string)\"", "")
    } else {
      printer.lines("# define \(macro.name) \(macro.value ?? "")", "")
    }
  }

  private static func write(_ handle: HandleType, to printer: inout CodePrinter) {
    Comment.write(handle.doc, since: handle.since, to: &printer)
    printer.line("typedef struct \(handle.tag) \(handle.name);")
    printer.lines("/* A pointer to a \(handle.name). */", "typedef \(handle.name) *\(handle.pointer);", "")
  }

  private static func write(_ enumeration: Enumeration, to printer: inout CodePrinter) {
    Comment.write(enumeration.doc, since: enumeration.since, to: &printer)
    let visible = enumeration.values.filter { !$0.isSentinel }
    printer.line(enumeration.isAnonymous ? "enum {" : "typedef enum {")
    for (index, value) in visible.enumerated() {
      let isLast = index == visible.count - 1
      let text = value.alias ?? literal(value.value, isFlags: enumeration.isFlags)
      printer.line("    \(value.name) = \(text)\(isLast ? "" : ",") /* Since: \(value.since) */")
    }
    for value in enumeration.values where value.isSentinel {
      printer.lines(
        "# ifdef VIR_ENUM_SENTINELS",
        "    \(visible.isEmpty ? "" : ", ")\(value.name) = \(value.value) /* grows with the library */", "# endif")
    }
    printer.lines(enumeration.isAnonymous ? "};" : "} \(enumeration.name);", "")
  }

  private static func literal(_ value: Int, isFlags: Bool) -> String {
    guard isFlags, value > 0, value & (value - 1) == 0 else { return String(value) }
    return value == 1 << 31 ? "(int)(1U << 31)" : "(1 << \(value.trailingZeroBitCount))"
  }

  private static func writeNames(_ type: StructType, to printer: inout CodePrinter) {
    Comment.write(type.doc, since: type.since, to: &printer)
    printer.line("typedef struct \(type.tag) \(type.name);")
    if let pointer = type.pointer { printer.lines("/* A pointer to a \(type.name). */", "typedef \(type.name) *\(pointer);") }
    printer.line()
  }

  private static func write(_ typedef: Typedef, to printer: inout CodePrinter) {
    Comment.write(typedef.doc, since: typedef.since, to: &printer)
    printer.lines("typedef \(typedef.type.declaring(typedef.name));", "")
  }

  private static func write(_ type: StructType, _ plan: Plan, to printer: inout CodePrinter) {
    // A struct that holds a callback needs its type first.
    let used = Set(type.fields.compactMap { $0.type?.base })
    for callback in plan.description.topics.flatMap(\.callbacks) where used.contains(callback.name) {
      write(callback, to: &printer)
    }
    printer.block("struct \(type.tag) {", "};") { printer in
      for field in type.fields { write(field, to: &printer) }
    }
    printer.line()
  }

  private static func write(_ field: StructField, to printer: inout CodePrinter) {
    guard let type = field.type else {
      printer.block("union {", "} \(field.name); /* \(field.doc) */") { printer in
        for member in field.members { write(member, to: &printer) }
      }
      return
    }
    let declaration = type.declaring(field.name) + (field.length.map { "[\($0)]" } ?? "") + ";"
    var notes = field.doc
    if let counter = field.countedBy { notes += " Its length is in \(counter)." }
    printer.line(notes.isEmpty ? declaration : "\(declaration) /* \(notes) */")
  }

  private static func write(_ callback: Callback, to printer: inout CodePrinter) {
    Comment.write(callback, to: &printer)
    printer.line("typedef \(callback.returns.pointerlessDeclaring("(*\(callback.name))"))(")
    printer.lines("    \(parameterList(callback.parameters));", "")
  }

  private static func write(_ variable: Variable, to printer: inout CodePrinter) {
    Comment.write(variable.doc, since: variable.since, to: &printer)
    printer.lines("VIR_EXPORT_VAR \(variable.type.declaring(variable.name));", "")
  }

  private static func write(_ function: Function, _ plan: Plan, to printer: inout CodePrinter) {
    Comment.write(function, to: &printer)
    printer.line("\(function.returns.type.declaring(function.name))(")
    printer.lines("    \(parameterList(function.parameters))\(function.deprecated == nil ? "" : " VIR_DEPRECATED");", "")
  }

  /// The parameters of a declaration, with the closing parenthesis.
  static func parameterList(_ parameters: [Parameter]) -> String {
    if parameters.isEmpty { return "void)" }
    return parameters.map { $0.type.declaring($0.name) }.joined(separator: ", ") + ")"
  }

  private static func isUsedByStruct(_ callback: Callback, _ header: Header) -> Bool {
    header.all(\.structs).contains { $0.fields.contains { $0.type?.base == callback.name } }
  }
}

extension CType {
  /// The type before a declarator in parentheses.
  func pointerlessDeclaring(_ declarator: String) -> String {
    text.hasSuffix("*") ? text + declarator : text + " " + declarator
  }
}

import APIDescription
import BindingPlan
import CodePrinting

extension OperationPlan {
  /// The C declarations of its parameters behind the driver's state, results last.
  var cParameters: [String] {
    parameters.map { $0.parameter.type.declaring($0.parameter.name) } + (cResult.map { [$0] } ?? [])
  }

  /// The C declaration of the added result.
  var cResult: String? {
    result.map { $0.type.text == "int" ? "int32_t *result" : $0.type.pointerDeclaring("result") }
  }

  /// The C names of its parameters, results last.
  var cArguments: [String] { parameters.map(\.parameter.name) + (result == nil ? [] : ["result"]) }
}

/// Writes the operations: `virt-driver-operations.h`, and one header more for tables that are not for drivers.
enum OperationHeaderEmitter {
  /// The headers.
  static func files(_ plan: Plan, _ boundary: Boundary) -> [GeneratedFile] {
    [
      file(
        plan, boundary, "virt-driver-operations", include: "libvirt/virt-driver.h",
        "Every operation a driver can have: its id and the type of its function. Included by virt-driver.h.",
        tables: ["connection", "stream"]),
      file(
        plan, boundary, "virt-driver-admin", include: "libvirt/libvirt-admin.h",
        "Operations of the administration interface; not for drivers.", tables: ["admin"]),
    ]
  }

  private static func file(
    _ plan: Plan, _ boundary: Boundary, _ name: String, include: String, _ title: String, tables: [String]
  ) -> GeneratedFile {
    var printer = CodePrinter(.c)
    printer.comment(title)
    let guardName = upperCased(name) + "_H"
    printer.lines("#ifndef \(guardName)", "#define \(guardName)", "", "#include <\(include)>")
    if include != "libvirt/virt-driver.h" { printer.line("#include <libvirt/virt-driver.h>") }
    printer.line()
    DriverHeaderEmitter.openC(&printer)
    for group in plan.description.groups where tables.contains(group.table) {
      DriverHeaderEmitter.rule("group \(group.name)", &printer)
      for operation in group.operations {
        if let planned = plan.operation(operation.name) { declare(planned, boundary, &printer) }
      }
    }
    for table in tables {
      let largest = plan.operations.filter { $0.table == table }.map(\.operation.id).max() ?? 0
      printer.lines(
        "/* Rows of a table of kind \(table): the largest id and one. */",
        "#define \(countIdentifier(table)) \(largest + 1)u", "")
    }
    DriverHeaderEmitter.closeC(&printer)
    printer.lines("", "#endif")
    return printer.file("\(DriverHeaderEmitter.folder)\(name).h")
  }

  /// The C name of the number of rows of a table.
  static func countIdentifier(_ table: String) -> String {
    table == "connection" ? "VIRT_OPERATION_COUNT" : "VIRT_\(upperCased(table))_OPERATION_COUNT"
  }

  private static func declare(_ plan: OperationPlan, _ boundary: Boundary, _ printer: inout CodePrinter) {
    let operation = plan.operation
    var text = operation.function.map { "\($0)()." } ?? operation.doc
    if operation.missing != "unsupported" { text += " When absent: \(operation.missing)." }
    if boundary.owners[operation.name] == "host" { text += " The host's own: a driver's is ignored." }
    if let result = plan.result, let ownership = describe(result) { text += " " + ownership }
    printer.comment(text + " Since 1.0.")
    printer.line("#define \(plan.identifier) \(operation.id)u")
    printer.list("typedef int32_t \(plan.typeName)(", ["void *driver"] + plan.cParameters, ");")
    printer.line()
  }

  private static func describe(_ result: Returns) -> String? {
    switch result.shape {
    case .string, .buffer: return "The result is from `allocate`\(result.isNullable ? "; NULL is an answer" : "")."
    case .handle: return "The result is a reference\(result.isNullable ? "; NULL is an answer" : "")."
    case .borrowedString: return "The result stays the driver's, as long as the \(result.borrowedFrom ?? "receiver")."
    case .none, .status, .count, .boolean, .value, .pointer: return nil
    }
  }
}

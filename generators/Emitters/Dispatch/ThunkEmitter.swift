import APIDescription
import BindingPlan
import CodePrinting

/// Writes the thunks of one group: what answers when nobody has an operation, and what opens a group at its first call.
struct ThunkEmitter {
  let plan: Plan
  let group: OperationGroup

  func file() -> GeneratedFile {
    var printer = CodePrinter(.c)
    printer.line("/* Operations of the group '\(group.name)' that are missing, or whose group a companion fills later. */")
    printer.lines("#include <libvirt/virt-driver-admin.h>", "#include \"virt-dispatch.h\"", "")
    for operation in plan.operations where operation.operation.group == group.name {
      writeMissing(operation, to: &printer)
      writeDeferred(operation, to: &printer)
    }
    return printer.file("\(DispatchEmitter.folder)/thunks-\(group.name).c")
  }

  private func parameters(_ operation: OperationPlan) -> [(declaration: String, name: String)] {
    var list = operation.parameters.map { ($0.parameter.type.declaring($0.parameter.name), $0.parameter.name) }
    if let result = operation.result { list.append((result.type.pointerDeclaring("result"), "result")) }
    return list
  }

  private func head(_ kind: String, _ operation: OperationPlan) -> String {
    let list = ["void *driver"] + parameters(operation).map(\.declaration)
    return "int32_t virt_\(kind)_\(operation.operation.name)(\(list.joined(separator: ", ")))"
  }

  private func writeMissing(_ operation: OperationPlan, to printer: inout CodePrinter) {
    printer.lines(
      "extern virt_operation_\(operation.operation.name) virt_missing_\(operation.operation.name);", head("missing", operation))
    printer.block("{") { printer in
      var unused = Set(parameters(operation).map(\.name) + ["driver"])
      var lines: [String] = []
      switch operation.operation.missing {
      case "success": lines = ["return 0;"]
      case "library-version":
        let output = parameters(operation).last?.name ?? "result"
        unused.remove(output)
        lines = ["*\(output) = virt_library_version();", "return 0;"]
      case "driver-name":
        unused.remove("driver")
        unused.remove("result")
        lines = ["*result = ((struct virt_connection *)driver)->driver_name;", "return 0;"]
      default: lines = ["return VIR_ERR_NO_SUPPORT;"]
      }
      let ignored = (["driver"] + parameters(operation).map(\.name)).filter(unused.contains)
      if !ignored.isEmpty { printer.line(ignored.map { "(void)\($0);" }.joined(separator: " ")) }
      for line in lines { printer.line(line) }
    }
    printer.line()
  }

  private func writeDeferred(_ operation: OperationPlan, to printer: inout CodePrinter) {
    printer.lines(
      "extern virt_operation_\(operation.operation.name) virt_deferred_\(operation.operation.name);", head("deferred", operation))
    printer.block("{") { printer in
      printer.line("const struct virt_row *rows = virt_host_group_rows(driver);")
      printer.line("if (!rows) return VIR_ERR_INTERNAL_ERROR;")
      printer.line("const struct virt_row *row = &rows[\(operation.identifier)];")
      let arguments = ["row->state"] + parameters(operation).map(\.name)
      printer.line("return ((virt_operation_\(operation.operation.name) *)row->function)(\(arguments.joined(separator: ", ")));")
    }
    printer.line()
  }
}

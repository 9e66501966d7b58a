import APIDescription
import BindingPlan
import CodePrinting

/// Writes functions that free a struct, or a NULL-terminated array of them, with all they own.
struct StructFreeEmitter {
  let plan: Plan

  func write(_ name: String, parameter: Parameter, to printer: inout CodePrinter) {
    guard let type = plan.types.structType(name) else { return }
    let argument = parameter.name
    printer.line("if (!\(argument)) return;")
    if parameter.isNullTerminated {
      printer.block("for (size_t index = 0; \(argument)[index]; index++) {") { printer in
        writeFields(type, "\(argument)[index]", to: &printer)
        printer.line("free(\(argument)[index]);")
      }
    } else {
      writeFields(type, argument, to: &printer)
    }
    printer.line("free(\(argument));")
  }

  private func writeFields(_ type: StructType, _ value: String, to printer: inout CodePrinter) {
    for field in type.fields {
      guard let fieldType = field.type else { continue }
      let member = "\(value)->\(field.name)"
      guard field.isOwned else { continue }
      if let handle = plan.types.handle(fieldType.base), fieldType.pointers == 0 {
        printer.line("if (virt_is(\(member), \(GuardEmitter.classConstant(handle)))) virt_handle_release(\(member));")
        continue
      }
      if plan.types.isTypedParameter(fieldType.base), let counter = field.countedBy {
        printer.line("virt_parameters_free(\(member), \(value)->\(counter));")
        continue
      }
      if let counter = field.countedBy { writeElements(fieldType, member, "\(value)->\(counter)", to: &printer) }
      printer.line("free(\(member));")
    }
  }

  private func writeElements(_ type: CType, _ member: String, _ count: String, to printer: inout CodePrinter) {
    let element = plan.types.structType(type.base)
    let ownsText = type.pointers > 1 || element?.fields.contains { $0.isOwned } ?? false
    guard ownsText else { return }
    printer.block("if (\(member)) for (size_t element = 0; element < (size_t)\(count); element++) {") { printer in
      if let element {
        for field in element.fields where field.isOwned { printer.line("free(\(member)[element].\(field.name));") }
      } else {
        printer.line("free(\(member)[element]);")
      }
    }
  }
}

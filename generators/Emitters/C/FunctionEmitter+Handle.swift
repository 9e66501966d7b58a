import APIDescription
import BindingPlan
import CodePrinting

extension FunctionEmitter {
  /// Functions that read the handle and call nobody.
  func writeAccessor(_ field: String, to printer: inout CodePrinter) {
    GuardEmitter(self).write(call.guards, to: &printer)
    let output = function.parameters.first { $0.name != receiver }?.name ?? ""
    let identity = "virt_identity_of(\(receiver))"
    if let parameter = function.parameters.first(where: { $0.name != receiver }) {
      GuardEmitter(self).check([.notNull(name: parameter.name)], to: &printer)
    }
    switch field {
    case "name", "string:0": printer.line("return \(identity)->name;")
    case "uuid": printer.lines("memcpy(\(output), \(identity)->uuid, VIR_UUID_BUFLEN);", "return 0;")
    case "uuid-string": printer.lines("virt_uuid_format(\(identity)->uuid, \(output));", "return 0;")
    case "id": printer.line("return (unsigned int)virt_id_of(\(receiver));")
    case "number": printer.line("return \(identity)->number;")
    case "connection": printer.line("return (\(function.returns.type.text))virt_connection_of(\(receiver));")
    case "parent": printer.line("return (\(function.returns.type.text))virt_parent_of(\(receiver));")
    case "long": printer.line("return ((\(function.returns.type.text) *)virt_handle_extra(\(receiver)))[0];")
    case "timestamp": printer.line("return ((\(function.returns.type.text) *)virt_handle_extra(\(receiver)))[1];")
    default:
      let index = (Int(field.split(separator: ":").last ?? "") ?? 1) - 1
      printer.line("return \(identity)->strings[\(index)];")
    }
  }

  func writeReference(to printer: inout CodePrinter) {
    GuardEmitter(self).write(call.guards, to: &printer)
    refuse(unless: "virt_handle_reference(\(receiver))", to: &printer)
    printer.line("return 0;")
  }

  func writeFree(to printer: inout CodePrinter) {
    printer.line("VIRT_ENTER();")
    if function.parameter(receiver)?.nullability == .yes { printer.line("if (!\(receiver)) return 0;") }
    GuardEmitter(self).check(call.guards, to: &printer)
    refuse(unless: "virt_handle_release(\(receiver)) >= 0", to: &printer)
    printer.line("return 0;")
  }

  private func refuse(unless condition: String, to printer: inout CodePrinter) {
    guard let handle = call.receiver else { return }
    printer.block("if (VIRT_UNLIKELY(!(\(condition)))) {") { printer in
      printer.line("virt_refuse_handle(\(receiver), \(GuardEmitter.classConstant(handle)), &\(descriptor));")
      printer.line(failure)
    }
  }
}

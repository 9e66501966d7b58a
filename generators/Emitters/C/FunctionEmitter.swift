import APIDescription
import BindingPlan
import CodePrinting

/// Writes one entry point.
struct FunctionEmitter {
  let plan: Plan
  let call: CallPlan

  var function: Function { call.function }
  var target: Function { call.target }
  var descriptor: String { "virt_function_\(function.name)" }
  var receiver: String { function.receiver ?? "" }

  /// What it returns when it fails.
  var errorValue: String {
    guard let error = function.returns.error else { return function.returns.type.pointers > 0 ? "NULL" : "0" }
    return function.returns.type.isUnsigned && error.hasPrefix("-") ? "(\(function.returns.type.text))\(error)" : error
  }

  var failure: String { function.returns.shape == .none ? "return;" : "return \(errorValue);" }

  func write(to printer: inout CodePrinter) {
    if usesDescriptor {
      printer.line(
        "static const struct virt_function \(descriptor) = { \"\(function.name)\", \(call.header.errorDomain), \(operationID) };")
    }
    printer.line("VIRT_EXPORT \(function.returns.type.declaring(function.name))(\(Declarations.parameterList(function.parameters))")
    printer.block("{") { printer in
      printer.line("VIRT_TRACE(\"\(function.name)\");")
      switch target.body {
      case .operation(_, let passes): writeOperation(passes, to: &printer)
      case .accessor(let field): writeAccessor(field, to: &printer)
      case .reference: writeReference(to: &printer)
      case .free: writeFree(to: &printer)
      case .lookupUUIDString: writeLookup(to: &printer)
      case .event(let action, let family, let style): writeEvent(action, family, style, to: &printer)
      case .freeStruct(let name): StructFreeEmitter(plan: plan).write(name, parameter: function.parameters[0], to: &printer)
      case .handWritten, .typedParameter, .alias:
        writeTailCall("virt_body_\(function.name)", function.parameters.map(\.name), to: &printer)
      }
    }
  }

  private var usesDescriptor: Bool {
    switch target.body {
    case .handWritten, .freeStruct, .typedParameter, .alias: return false
    default: return true
    }
  }

  private var operationID: String {
    call.operation?.identifier ?? "0"
  }

  func writeTailCall(_ name: String, _ arguments: [String], to printer: inout CodePrinter) {
    let call = "\(name)(\(arguments.joined(separator: ", ")));"
    printer.line(function.returns.shape == .none ? call : "return " + call)
  }

  private func writeEvent(_ action: String, _ family: String, _ style: String, to printer: inout CodePrinter) {
    GuardEmitter(self).write(call.guards, to: &printer)
    let names = function.parameters.map { parameter -> String in
      parameter.role == "callback" ? "(void (*)(void))\(parameter.name)" : parameter.name
    }
    printer.line(
      "return virt_host_event_\(action)_\(style)(&\(descriptor), VIRT_EVENT_FAMILY_\(family.uppercased().replacingHyphens), \(names.joined(separator: ", ")));"
    )
  }
}

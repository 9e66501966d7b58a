import APIDescription
import BindingPlan
import CodePrinting

extension FunctionEmitter {
  func writeOperation(_ passes: [(name: String, value: String)], to printer: inout CodePrinter) {
    guard let operation = call.operation else { return }
    writeLocals(to: &printer)
    GuardEmitter(self).write(call.guards, to: &printer)
    clearResults(to: &printer)
    var arguments: [String] = []
    for planned in operation.parameters {
      let name = planned.parameter.name
      if let pass = passes.first(where: { $0.name == name }) {
        arguments.append(pass.value)
      } else if name == "result" && operation.result == nil && function.parameter("result") == nil {
        arguments.append("&result")
      } else if let index = target.parameters.firstIndex(where: { $0.name == name }) {
        arguments.append(argument(function.parameters[index], target.parameters[index]))
      } else {
        arguments.append("0")
      }
    }
    if operation.result != nil { arguments.append("&result") }
    writeCall(operation, arguments, to: &printer)
  }

  /// What is handed on for a parameter: itself, or the local that replaces it.
  private func argument(_ own: Parameter, _ described: Parameter) -> String {
    if described.isLocalPath { return "absolute" }
    if case .structOutSized = plannedMarshalling(described) { return "&known" }
    if let sized = target.parameters.first(where: { $0.sizedBy == described.name }), sized.name != described.name {
      return "sizeof known"
    }
    if described.role == "flags", hasFeature("typed-string") { return "\(own.name) & ~(unsigned int)VIR_TYPED_PARAM_STRING_OKAY" }
    return own.name
  }

  private func hasFeature(_ name: String) -> Bool {
    target.rules.contains { if case .feature(name) = $0 { true } else { false } }
  }

  private func plannedMarshalling(_ parameter: Parameter) -> Marshalling? {
    call.parameters.first { $0.parameter.name == parameter.name }?.marshalling
  }

  private var sizedStruct: (parameter: String, structName: String, size: String)? {
    for planned in call.parameters {
      if case .structOutSized(let name, let size) = planned.marshalling { return (planned.parameter.name, name, size) }
    }
    return nil
  }

  private func writeLocals(to printer: inout CodePrinter) {
    if let result = resultType { printer.line("\(result.declaring("result")) = \(resultStart);") }
    if let sized = sizedStruct { printer.lines("\(sized.structName) known;") }
    if target.parameters.contains(where: \.isLocalPath) { printer.line("char *absolute = NULL;") }
  }

  /// The type of the local that receives the result; nil when the operation has none.
  private var resultType: CType? {
    guard let operation = call.operation else { return nil }
    if operation.result != nil { return function.returns.type }
    let isNamed = operation.parameters.contains { $0.parameter.name == "result" } && function.parameter("result") == nil
    return isNamed ? function.returns.type : nil
  }

  private var resultStart: String { function.returns.type.pointers > 0 || function.returns.shape == .handle ? "NULL" : "0" }

  /// Gives what the callee fills a defined value, so that a failing call leaves nothing undefined behind.
  private func clearResults(to printer: inout CodePrinter) {
    for planned in call.parameters {
      let name = planned.parameter.name
      let isNullable = planned.parameter.nullability != .no
      switch planned.marshalling {
      case .structOut: printer.line("memset(\(name), 0, sizeof *\(name));")
      case .structOutSized: printer.line("memset(&known, 0, sizeof known);")
      case .textOut, .bytesAllocated, .structsAllocated, .textsAllocated, .handlesAllocated, .parametersAllocated,
        .descriptorsAllocated, .handleOut:
        printer.line(isNullable ? "if (\(name)) *\(name) = NULL;" : "*\(name) = NULL;")
      case .handle, .scalar, .flags, .text, .uuid, .uuidOut, .uuidTextOut, .bytes, .bytesOut, .scalarOut, .scalarInOut, .structIn,
        .structsOut,
        .scalars, .scalarsOut, .texts, .textsOut, .handles, .parameters, .parametersOut, .descriptors, .length, .callback, .opaque,
        .freeCallback, .pointer:
        break
      }
    }
  }

  func writeCall(_ operation: OperationPlan, _ arguments: [String], to printer: inout CodePrinter) {
    if let path = target.parameters.first(where: \.isLocalPath) {
      printer.line(
        "if (!virt_path_absolute(\(path.name), &absolute)) { virt_error_dispatch(virt_connection_of(\(receiver))); \(failure) }")
    }
    printer.line("const struct virt_row *row = &virt_rows_of(\(receiver))[\(operation.identifier)];")
    printer.line(
      "int32_t code = ((\(operation.typeName) *)row->function)(\((["row->state"] + arguments).joined(separator: ", ")));")
    if target.parameters.contains(where: \.isLocalPath) { printer.line("free(absolute);") }
    if function.returns.shape == .handle {
      printer.line("if (VIRT_LIKELY(!code) && VIRT_UNLIKELY(!result)) code = VIR_ERR_INTERNAL_ERROR;")
    }
    printer.block("if (VIRT_UNLIKELY(code)) {") { printer in
      printer.line("virt_call_failed(virt_connection_of(\(receiver)), &\(descriptor), code);")
      printer.line(failure)
    }
    if let sized = sizedStruct { printer.line("memcpy(\(sized.parameter), &known, \(sized.size));") }
    printer.line("VIRT_LEAVE();")
    switch function.returns.shape {
    case .none: break
    case .status: printer.line("return 0;")
    case .count, .boolean, .value, .string, .borrowedString, .handle, .pointer, .buffer: printer.line("return result;")
    }
  }

  func writeLookup(to printer: inout CodePrinter) {
    guard let operation = call.operation, let text = function.parameters.first(where: { $0.name != receiver }) else { return }
    printer.line("\(function.returns.type.declaring("result")) = NULL;")
    printer.line("unsigned char uuid[VIR_UUID_BUFLEN];")
    GuardEmitter(self).write(call.guards, to: &printer)
    printer.block("if (virt_uuid_parse(\(text.name), uuid) != 0) {") { printer in
      printer.line("virt_refuse_value(virt_connection_of(\(receiver)), &\(descriptor), \"\(text.name)\", VIRT_RULE_UUID, 0);")
      printer.line(failure)
    }
    writeCall(operation, [receiver, "uuid", "&result"], to: &printer)
  }
}

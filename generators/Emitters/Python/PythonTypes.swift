import APIDescription
import BindingPlan

/// The Python types of a function's arguments and result, as annotations spell them.
struct PythonTypes {
  let names: PythonNames
  let call: CallPlan
  let python: PythonCall

  private var types: TypeTable { names.plan.types }

  /// The annotation of an argument.
  func argument(_ argument: PythonArgument) -> String {
    guard let planned = call.parameters.first(where: { $0.parameter.name == argument.parameter }) else { return "Any" }
    let text = plain(planned, argument)
    let isOptional = argument.defaultValue == "None" || isNullable(planned.parameter)
    return isOptional && !text.hasSuffix("None") && text != "Any" ? text + " | None" : text
  }

  private func isNullable(_ parameter: Parameter) -> Bool {
    parameter.nullability == .yes && parameter.direction == .in && parameter.role != "opaque"
  }

  private func plain(_ planned: PlannedParameter, _ argument: PythonArgument) -> String {
    let parameter = planned.parameter
    switch argument.form {
    case .record: return "dict[str, int]"
    case .pairs: return "dict[int, int]"
    case .total: return "bool"
    case nil: break
    }
    switch planned.marshalling {
    case .handle(let handle, _): return handle.name
    case .scalar, .flags, .length, .scalarOut, .scalarInOut: return "int"
    case .text: return "str"
    case .uuid, .bytes: return parameter.isBits ? "Sequence[bool]" : "bytes"
    case .scalars: return "Sequence[int]"
    case .descriptors: return "Sequence[int]"
    case .texts: return "Sequence[str]"
    case .handles(let handle): return "Sequence[\(handle.name)]"
    case .parameters: return "Mapping[str, Any]"
    case .callback: return "Callable[..., Any]"
    case .structIn: return "list[Any]"
    default: return "Any"
    }
  }

  /// The annotation of the result.
  var result: String {
    if python.details.form == .nothing { return "None" }
    if python.details.answer != nil { return "int" }
    let items = python.results.map { $0 == "return" ? returned : self.item($0) }
    guard items.count > 1 else {
      let one = items.first ?? "None"
      return python.details.raises || one == "int" && python.results == ["return"] || one.hasSuffix("None") ? one : one + " | None"
    }
    switch python.details.form {
    case .dict: return "dict[str, Any]"
    case .tuple:
      let tuple = "tuple[\(items.joined(separator: ", "))]"
      return python.details.whenGiven == nil ? tuple : "\(items[0]) | \(tuple)"
    default: return Set(items).count == 1 ? "list[\(items[0])]" : "list[Any]"
    }
  }

  private var returned: String {
    let type = call.function.returns.type
    switch call.function.returns.shape {
    case .none: return "None"
    case .status, .count, .boolean, .value: return "int"
    case .string, .borrowedString: return "str"
    case .pointer: return types.structType(type.base).map { value($0) } ?? "Any"
    case .buffer: return "bytes"
    case .handle: return types.handle(type.base)?.name ?? "Any"
    }
  }

  private func item(_ name: String) -> String {
    guard let planned = call.parameters.first(where: { $0.parameter.name == name }) else { return "Any" }
    switch planned.marshalling {
    case .textOut, .uuidTextOut: return "str"
    case .uuidOut: return "bytes"
    case .bytesOut(let length):
      if planned.parameter.isBits { return length.contains("*") ? "list[tuple[bool, ...]]" : "tuple[bool, ...]" }
      return planned.parameter.role == "data" ? "bytes | int" : "bytes"
    case .bytesAllocated: return "list[bool]"
    case .scalarOut, .scalarInOut: return "int"
    case .structOut(let name), .structOutSized(let name, _): return types.structType(name).map { value($0) } ?? "Any"
    case .structsOut(let name, _), .structsAllocated(let name, _):
      guard let type = types.structType(name) else { return "Any" }
      return type.pythonForm == .mapping ? value(type) : "list[\(value(type))]"
    case .scalarsOut(let capacity): return capacity.contains("*") ? "dict[int, dict[int, int]]" : "list[int]"
    case .textsOut, .textsAllocated: return "list[str]"
    case .handlesAllocated(let handle): return "list[\(handle.name)]"
    case .handleOut(let handle): return handle.name
    case .parametersOut(let length, _): return length.contains("*") ? "list[dict[str, Any]]" : "dict[str, Any]"
    case .parametersAllocated: return "dict[str, Any]"
    case .descriptorsAllocated: return "list[int]"
    default: return "Any"
    }
  }

  /// The annotation of what a struct becomes.
  func value(_ type: StructType) -> String {
    let counts = Set(type.fields.compactMap(\.countedBy))
    let fields = type.fields.filter { $0.isInPython && !counts.contains($0.name) }.map(field)
    switch type.pythonForm {
    case .list: return Set(fields).count == 1 ? "list[\(fields[0])]" : "list[Any]"
    case .tuple: return "tuple[\(fields.joined(separator: ", "))]"
    case .dict: return "dict[str, \(Set(fields).count == 1 ? fields[0] : "Any")]"
    case .mapping: return fields.count == 2 ? "dict[str, \(fields[1])]" : "dict[str, dict[str, Any]]"
    case .content: return fields.first ?? "Any"
    case nil: return "Any"
    }
  }

  private func field(_ field: StructField) -> String {
    guard let type = field.type else { return "Any" }
    if field.countedBy != nil {
      if field.isBits { return "list[bool]" }
      if types.isTypedParameter(type.base) { return "dict[str, Any]" }
      if let element = types.structType(type.base) { return "list[\(value(element))]" }
      return "list[str]"
    }
    if let handle = types.handle(type.base) { return handle.name }
    if type.base == "char" { return field.isNullable ? "str | None" : "str" }
    if field.isPythonTruth { return "bool" }
    return "int"
  }
}

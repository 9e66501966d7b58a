import APIDescription
import BindingPlan

/// The Python types of a function's arguments and result, as annotations spell them.
struct PythonTypes {
  let names: PythonNames
  let call: CallPlan
  let python: PythonCall
  /// What an object of a class is called.
  var handle: (HandleType) -> String = { $0.name }
  /// Whether it is the function by its C name, which tells a failure by None and takes any callback.
  var isBare = false

  private var types: TypeTable { names.plan.types }
  private var values: PythonValues { PythonValues(names: names, handle: handle) }

  // MARK: - Arguments

  /// The annotation of an argument.
  func argument(_ argument: PythonArgument) -> String {
    guard let planned = call.parameters.first(where: { $0.parameter.name == argument.parameter }) else { return "Any" }
    let text = plain(planned, argument)
    return isOptional(planned, argument) && text != "Any" ? text + " | None" : text
  }

  /// Whether None may be given: where C takes NULL, if the run-time lets it through.
  private func isOptional(_ planned: PlannedParameter, _ argument: PythonArgument) -> Bool {
    if argument.defaultValue == "None" { return true }
    guard planned.parameter.nullability == .yes && planned.parameter.direction == .in && argument.form == nil else { return false }
    switch planned.marshalling {
    case .handle, .text, .texts, .descriptors, .parameters, .callback, .structIn: return true
    default: return false
    }
  }

  private func plain(_ planned: PlannedParameter, _ argument: PythonArgument) -> String {
    let parameter = planned.parameter
    switch argument.form {
    case .record: return "\(PythonDictionaries.record(call, .least)) | \(PythonDictionaries.record(call, .all))"
    case .pairs: return "dict[int, int]"
    case .total: return "bool"
    case nil: break
    }
    switch planned.marshalling {
    case .handle(let handle, _): return self.handle(handle)
    case .scalar, .flags, .length, .scalarOut, .scalarInOut: return "int"
    case .text: return "str"
    case .uuid, .bytes: return parameter.isBits ? "Sequence[bool]" : "Buffer"
    case .scalars: return "Sequence[int]"
    case .descriptors: return "Sequence[FileDescriptorLike]"
    case .texts: return "Sequence[str]"
    case .handles(let handle): return "Sequence[\(self.handle(handle))]"
    case .parameters(_, let family): return values.incoming(family)
    case .callback: return callback(parameter)
    case .opaque: return isBare || !hasCallback ? "Any" : "_T"
    case .structIn: return "list[Any]"
    default: return "Any"
    }
  }

  private var hasCallback: Bool {
    python.arguments.contains { call.function.parameter($0.parameter)?.role == "callback" }
  }

  private func callback(_ parameter: Parameter) -> String {
    guard let type = types.callback(parameter.type.base), !isBare, eventNumber == nil else { return "Callable[..., object]" }
    let isGiven = python.arguments.contains { call.function.parameter($0.parameter)?.role == "opaque" }
    return PythonCallbackTypes(values: values).applied(type, to: isGiven ? "_T" : "Any")
  }

  /// The argument that says which event a callback is for, where that decides what the callback gets.
  var eventNumber: PythonArgument? {
    guard case .event("register", _, "any") = call.target.body else { return nil }
    return python.arguments.first { argument in
      call.function.parameter(argument.parameter).map { $0.type.base == "int" && $0.type.pointers == 0 } ?? false
    }
  }

  // MARK: - The result

  /// The annotation of the result, whatever the arguments.
  var result: String {
    guard python.details.whenGiven != nil, python.results.count > 1 else { return wholeResult }
    return "\(firstResult) | \(wholeResult)"
  }

  /// What comes back when the argument that decides it is left out.
  var firstResult: String { items.first ?? "None" }

  /// What comes back otherwise.
  var wholeResult: String {
    let text = ofForm
    let isOptional = isBare ? !PythonTables(names: names).isNumber(call) : isNoneOnFailure || isNoneOtherwise
    return isOptional && text != "Any" && !text.hasSuffix("None") ? text + " | None" : text
  }

  private var items: [String] { python.results.map { $0 == "return" ? returned : item($0) } }

  private var ofForm: String {
    if python.details.answer != nil { return "int" }
    if python.details.form == .nothing { return "None" }
    let items = items
    guard items.count > 1 else { return items.first ?? "None" }
    switch python.details.form {
    case .dict: return PythonDictionaries.result(call)
    case .tuple: return "tuple[\(items.joined(separator: ", "))]"
    default: return Set(items).count == 1 ? "list[\(items[0])]" : "list[Any]"
    }
  }

  /// Whether the C function's own number comes back, also when it says that the call failed.
  private var tellsByNumber: Bool {
    guard python.results == ["return"] else { return false }
    switch call.function.returns.shape {
    case .status, .count, .boolean, .value: return true
    default: return false
    }
  }

  /// A failure that raises nothing. What a method only reads of its object cannot fail: an object that is closed is refused before.
  private var isNoneOnFailure: Bool {
    guard !python.details.raises, !tellsByNumber, call.function.returns.error != nil else { return false }
    if case .accessor = call.target.body { return call.function.returns.isNullable }
    return true
  }

  private var isNoneOtherwise: Bool {
    call.function.returns.error == nil && python.results == ["return"] && call.function.returns.isNullable
  }

  private var returned: String {
    let type = call.function.returns.type
    switch call.function.returns.shape {
    case .none: return "None"
    case .status, .count, .boolean, .value: return "int"
    case .string, .borrowedString: return "str"
    case .pointer: return types.structType(type.base).map { values.value($0) } ?? "Any"
    case .buffer: return "bytes"
    case .handle: return types.handle(type.base).map(handle) ?? "Any"
    }
  }

  /// The annotation of what comes out in a parameter.
  func item(_ name: String) -> String {
    guard let planned = call.parameters.first(where: { $0.parameter.name == name }) else { return "Any" }
    switch planned.marshalling {
    case .textOut, .uuidTextOut: return "str"
    case .uuidOut: return "bytes"
    case .bytesOut(let length):
      if planned.parameter.isBits { return length.contains("*") ? "list[tuple[bool, ...]]" : "tuple[bool, ...]" }
      return planned.parameter.role == "data" ? "bytes | int" : "bytes"
    case .bytesAllocated: return "list[bool]"
    case .scalarOut, .scalarInOut: return "int"
    case .structOut(let name), .structOutSized(let name, _): return types.structType(name).map { values.value($0) } ?? "Any"
    case .structsOut(let name, _), .structsAllocated(let name, _):
      guard let type = types.structType(name) else { return "Any" }
      return type.pythonForm == .mapping ? values.value(type) : "list[\(values.value(type))]"
    case .scalarsOut(let capacity): return capacity.contains("*") ? "dict[int, dict[int, int]]" : "list[int]"
    case .textsOut, .textsAllocated: return "list[str]"
    case .handlesAllocated(let handle): return "list[\(self.handle(handle))]"
    case .handleOut(let handle): return self.handle(handle)
    case .parametersOut(let length, let family):
      return length.contains("*") ? "list[\(values.outgoing(family))]" : values.outgoing(family)
    case .parametersAllocated(_, let family): return values.outgoing(family)
    case .descriptorsAllocated: return "list[int]"
    default: return "Any"
    }
  }
}

import APIDescription
import BindingPlan

/// The Python types of functions that programs hand in.
struct PythonCallbackTypes {
  let values: PythonValues

  private var types: TypeTable { values.names.plan.types }

  /// What the type of a callback is called.
  func alias(_ type: Callback) -> String { type.name.withoutLibraryPrefix }

  /// The same with the type of what comes with the callback, where something does.
  func applied(_ type: Callback, to opaque: String) -> String {
    PythonCallbackEmitter.isCarried(type) ? "\(alias(type))[\(opaque)]" : alias(type)
  }

  /// What it is called with and what it answers.
  func definition(_ type: Callback) -> String { "Callable[[\(arguments(type).joined(separator: ", "))], \(answer(type))]" }

  private func arguments(_ type: Callback) -> [String] {
    let counts = Set(type.parameters.filter { $0.direction != .out }.compactMap(\.length))
    return type.parameters.filter { parameter in
      parameter.role != "free-callback" && parameter.direction != .out && !counts.contains(parameter.name)
    }.map { argument($0, of: type) }
  }

  /// What it is handed in one parameter.
  func argument(_ parameter: Parameter, of type: Callback) -> String {
    if parameter.role == "opaque" { return PythonCallbackEmitter.isCarried(type) ? "_T" : "Any" }
    if parameter.role == "callback" { return "Callable[..., None]" }
    if let handle = types.handle(parameter.type.base) { return values.handle(handle) }
    if types.isTypedParameter(parameter.type.base) { return values.outgoing(parameter.family) }
    let suffix = parameter.nullability == .yes ? " | None" : ""
    if let structure = types.structType(parameter.type.base) { return values.value(structure) + suffix }
    if parameter.type.base == "char" { return parameter.length == nil ? "str" + suffix : "bytes" }
    return "int"
  }

  /// What is not looked at may be anything.
  private func answer(_ type: Callback) -> String {
    let outs = type.parameters.filter { $0.direction == .out }
    if outs.contains(where: { $0.role == "data" }) { return "bytes | bytearray | memoryview | int | None" }
    if !outs.isEmpty { return "Sequence[int]" }
    let isLookedAt = type.returns.text != "void" && (type.scope == "call" || !PythonCallbackEmitter.isCarried(type))
    return isLookedAt ? "int | None" : "object"
  }
}

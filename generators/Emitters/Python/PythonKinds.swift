import APIDescription
public import BindingPlan

/// What every Python function takes, as lines of JSON, for programs that call them all.
public enum PythonKinds {
  /// A line for each function, in the order of the description.
  ///
  /// An argument has a `kind`, the name of the run-time's conversion without `py_to_`; what belongs to the kind stands beside it:
  /// the `class` of objects, the `keys` of a family of typed parameters with their types.
  public static func lines(_ plan: Plan) -> [String] {
    let names = PythonNames(plan: plan)
    return names.calls.compactMap { call in
      guard let python = call.python else { return nil }
      let arguments = python.arguments.map { object(argument($0, call, names)) }
      return object([
        ("module", text(python.module)), ("class", python.className.map(text) ?? "null"), ("name", text(python.name)),
        ("function", text(call.function.name)), ("binding", text(python.details.binding ?? call.function.name)),
        ("since", text(call.function.since)), ("operation", (call.operation?.operation.name).map(text) ?? "null"),
        ("ends", python.details.ends ? "true" : "false"), ("arguments", "[\(arguments.joined(separator: ", "))]"),
      ])
    }
  }

  private static func argument(_ argument: PythonArgument, _ call: CallPlan, _ names: PythonNames) -> [(String, String)] {
    var fields = [("name", text(argument.name)), ("default", argument.defaultValue.map(text) ?? "null")]
    guard let planned = call.parameters.first(where: { $0.parameter.name == argument.parameter }) else {
      return fields + [("kind", text("any"))]
    }
    let parameter = planned.parameter
    func kind(_ name: String) { fields.append(("kind", text(name))) }
    if let form = argument.form {
      kind(form.rawValue)
      fields.append(("parts", "[\(([argument.parameter, argument.with].compactMap { $0 }).map(text).joined(separator: ", "))]"))
      return fields
    }
    switch planned.marshalling {
    case .handle(let handle, _):
      kind("handle")
      fields.append(("class", text(handle.name)))
    case .handles(let handle):
      kind("handles")
      fields.append(("class", text(handle.name)))
    case .flags: kind("flags")
    case .scalar, .length, .scalarOut, .scalarInOut: kind(names.scalar(parameter.type))
    case .text: kind("text")
    case .uuid: kind("uuid")
    case .bytes: kind(parameter.isBits ? "bits" : "bytes")
    case .scalars: kind("\(names.scalar(parameter.type))s")
    case .descriptors: kind("descriptors")
    case .texts: kind("texts")
    case .parameters(_, let family):
      kind("parameters")
      fields.append(("keys", keys(of: family, names)))
    case .callback: kind("callback")
    case .opaque: kind("opaque")
    case .structIn(let type, _): kind(type)
    default: kind("any")
    }
    return fields
  }

  /// The keys of a family with their types, by the values of the macros.
  private static func keys(of family: String?, _ names: PythonNames) -> String {
    let macros = names.plan.description.topics.lazy.flatMap(\.macros)
    let found = names.families.first { $0.name == family }?.parameters ?? []
    return object(
      found.compactMap { parameter in
        guard let macro = macros.first(where: { $0.name == parameter.key }), macro.kind == .key else { return nil }
        return (macro.string ?? macro.name, text(parameter.type))
      })
  }

  private static func text(_ text: String) -> String {
    "\"" + text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] } + "\""
  }

  private static func object(_ fields: [(String, String)]) -> String {
    "{" + fields.map { "\(text($0.0)): \($0.1)" }.joined(separator: ", ") + "}"
  }
}

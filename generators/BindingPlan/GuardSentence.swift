extension Guard {
  /// What the check refuses, for people.
  public var sentence: String {
    switch self {
    case .handle(let name, let type, let isNullable):
      return "\(name) is not a live \(type.classID) handle\(isNullable ? " or NULL" : "")"
    case .mode(let writes): return writes ? "the connection is read-only or has ended" : "the connection has ended"
    case .sameConnection(let name): return "\(name) belongs to another connection"
    case .notNull(let name): return "\(name) is NULL"
    case .notNullUnlessEmpty(let name, let count): return "\(name) is NULL and \(count) is not 0"
    case .notNullUnlessZero(let name, let pointer): return "\(name) is NULL and *\(pointer) is not 0"
    case .least(let name, let value, _, let isPointer): return "\(isPointer ? "*" : "")\(name) is less than \(value)"
    case .most(let name, let value): return "\(name) is not below \(value)"
    case .size(let name, let structName): return "\(name) is larger than \(structName)"
    case .deniedFlag(let flag): return "\(flag) on a read-only connection"
    case .exclusive(let first, let second): return "\(first) together with \(second)"
    case .requires(let flag, let needed): return "\(flag) without \(needed)"
    case .product(let first, let second, let most): return "\(first) times \(second) is more than \(most)"
    }
  }
}

extension Marshalling {
  /// The shape's name.
  public var name: String { Mirror(reflecting: self).children.first?.label ?? "\(self)" }
}

extension CallPlan {
  /// The declaration in C.
  public var signature: String {
    let types = function.parameters.map { $0.type.declaring($0.name) }
    return "\(function.returns.type.text) \(function.name)(\(types.isEmpty ? "void" : types.joined(separator: ", ")))"
  }

  /// What stands behind the entry point, for people.
  public var bodyText: String {
    switch target.body {
    case .operation(let name, _), .lookupUUIDString(let name): return "operation \(name)"
    case .accessor(let field): return "reads \(field) of the handle"
    case .reference: return "adds a reference"
    case .free: return "gives a reference back"
    case .alias(let function): return "does what \(function) does"
    case .event(let action, let family, _): return "\(action) callbacks of the family \(family)"
    case .typedParameter(let action, let kind): return "typed parameter: \(action) \(kind)"
    case .freeStruct(let name): return "frees \(name) with what it owns"
    case .handWritten(let reason): return "written by hand: \(reason)"
    }
  }

  /// Everything decided, a line each.
  public var lines: [String] {
    var lines = ["\(signature)", "  symbol      \(library.soname) \(node)", "  described   \(function.location)"]
    if target.name != function.name { lines.append("  as          \(target.name)") }
    lines.append("  body        \(bodyText)")
    if let operation {
      let one = operation.operation
      lines.append(
        "  operation   \(operation.table) \(one.id), group \(one.group), revision \(one.revision), described \(one.location)")
    }
    for planned in parameters { lines.append("  parameter   \(planned.parameter.name): \(planned.marshalling.name)") }
    let returns = function.returns
    lines.append("  returns     \(returns.shape)\(returns.error.map { ", \($0) after an error" } ?? "")")
    for one in guards { lines.append("  refuses     \(one.sentence)") }
    if let python { lines.append("  python      \(python.signature)") }
    return lines
  }
}

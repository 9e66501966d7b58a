import APIDescription
import BindingPlan

/// The Python types of what comes out of C, as annotations spell them: structs and families of typed parameters.
struct PythonValues {
  let names: PythonNames
  /// What an object of a class is called.
  var handle: (HandleType) -> String = { $0.name }

  private var types: TypeTable { names.plan.types }

  /// The annotation of what a struct becomes.
  func value(_ type: StructType) -> String {
    let fields = type.pythonFields.map { field($0, of: type) }
    switch type.pythonForm {
    case .list: return Set(fields).count == 1 ? "list[\(fields[0])]" : "list[Any]"
    case .tuple: return "tuple[\(fields.joined(separator: ", "))]"
    case .dict: return Self.dictionary(type)
    case .mapping:
      if type.pythonKeys != nil { return Self.dictionary(type) }
      return "dict[str, \(fields.count == 2 ? fields[1] : Self.dictionary(type))]"
    case .content: return fields.first ?? "Any"
    case nil: return "Any"
    }
  }

  /// What the type of a struct's dict is called: the struct's name without what all of them have.
  static func dictionary(_ type: StructType) -> String { type.name.withoutLibraryPrefix.dropping(suffix: "Struct") }

  /// The annotation of one field.
  func field(_ field: StructField, of owner: StructType) -> String {
    guard let type = field.type else { return "Any" }
    if field.isPythonTruth { return "bool" }
    if field.countedBy != nil {
      if field.isBits { return "list[bool]" }
      if types.isTypedParameter(type.base) { return "dict[str, Any]" }
      if let element = types.structType(type.base) {
        return "list[\(value(element))]" + (owner.pythonForm == .content ? "" : " | None")
      }
      return "list[str]"
    }
    if let handle = types.handle(type.base) { return self.handle(handle) }
    if type.base == "char" { return field.isNullable && field.length == nil ? "str | None" : "str" }
    return "int"
  }

  // MARK: - Typed parameters

  /// The annotation of typed parameters that come out.
  func outgoing(_ family: String?) -> String {
    names.families.first { $0.name == family && !$0.isOpen }.map(Self.outgoing) ?? "dict[str, Any]"
  }

  /// The annotation of typed parameters that go in.
  func incoming(_ family: String?) -> String {
    names.families.first { $0.name == family && !$0.isOpen }.map(incoming) ?? "dict[str, Any]"
  }

  static func outgoing(_ family: ParameterFamily) -> String { camelCased(family.name) + "Parameters" }

  /// Its own name where what goes in differs from what comes out.
  func incoming(_ family: ParameterFamily) -> String {
    let uses = names.calls.filter { $0.python != nil }.flatMap(\.parameters).map(\.marshalling)
    let isAsked = uses.contains { use in
      switch use {
      case .parametersOut(_, family.name), .parametersAllocated(_, family.name): true
      default: false
      }
    }
    let isGiven = uses.contains { if case .parameters(_, family.name) = $0 { true } else { false } }
    let differs = family.parameters.contains { $0.isWritable == false || $0.isRepeated }
    return (isAsked && isGiven && differs ? "Settable" : "") + Self.outgoing(family)
  }

  /// The annotation of one typed parameter.
  static func parameter(_ type: String) -> String {
    switch type {
    case "string": "str"
    case "boolean": "bool"
    case "double": "float"
    default: "int"
    }
  }
}

extension StructType {
  /// What Python sees of a struct: no numbers of elements.
  var pythonFields: [StructField] {
    let counts = Set(fields.compactMap(\.countedBy))
    return fields.filter { $0.isInPython && !counts.contains($0.name) }
  }
}

extension String {
  /// The name of a C type or function without `vir`.
  var withoutLibraryPrefix: String { hasPrefix("vir") ? String(dropFirst(3)) : self }

  /// Without an ending, where it has it.
  func dropping(suffix: String) -> String { hasSuffix(suffix) ? String(dropLast(suffix.count)) : self }
}

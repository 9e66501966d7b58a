import APIDescription
import BindingPlan

/// The type of a dict whose keys are known.
struct PythonDictionary {
  let name: String
  let doc: String
  /// Whether every key is always there.
  let isTotal: Bool
  let entries: [(key: String, type: String, doc: String)]

  /// Whether all keys can stand as names in a class.
  var isClass: Bool { entries.allSatisfy { PythonEnumerations.isName($0.key) } }
}

/// The types of all dicts with known keys: structs, families of typed parameters, several results, arguments.
struct PythonDictionaries {
  let names: PythonNames

  /// How much of a dict that goes in is there.
  enum Extent { case least, all }

  /// What the type of a dict that becomes two parameters is called.
  static func record(_ call: CallPlan, _ extent: Extent) -> String {
    call.function.name.withoutLibraryPrefix + (extent == .least ? "Argument" : "FullArgument")
  }

  /// What the type of a dict of several results is called.
  static func result(_ call: CallPlan) -> String { call.function.name.withoutLibraryPrefix + "Result" }

  /// All of them, in the order of the description.
  var all: [PythonDictionary] {
    names.structs.compactMap(dictionary) + names.families.filter { !$0.isOpen }.flatMap(dictionaries)
      + names.calls.flatMap(dictionaries)
  }

  private var values: PythonValues { PythonValues(names: names) }

  // MARK: - Structs

  private func dictionary(_ type: StructType) -> PythonDictionary? {
    let name = PythonValues.dictionary(type)
    let fields = type.pythonFields
    switch type.pythonForm {
    case .dict: return PythonDictionary(name: name, doc: type.doc, isTotal: !isOptional(type), entries: entries(fields, type))
    case .mapping:
      if let keys = type.pythonKeys, let value = fields.last {
        let annotation = values.field(value, of: type)
        return PythonDictionary(
          name: name, doc: type.doc, isTotal: false,
          entries: names.keys(keys).map { ($0.key, annotation, $0.value.doc) })
      }
      guard fields.count > 2 else { return nil }
      return PythonDictionary(name: name, doc: type.doc, isTotal: true, entries: entries(Array(fields.dropFirst()), type))
    default: return nil
    }
  }

  private func entries(_ fields: [StructField], _ type: StructType) -> [(key: String, type: String, doc: String)] {
    fields.map { ($0.name, values.field($0, of: type), $0.doc) }
  }

  /// Whether a function may find nothing to fill the struct with.
  private func isOptional(_ type: StructType) -> Bool {
    names.calls.contains { call in
      call.python != nil && call.function.returns.shape == .count
        && call.parameters.contains { if case .structOut(type.name) = $0.marshalling { true } else { false } }
    }
  }

  // MARK: - Typed parameters

  private func dictionaries(_ family: ParameterFamily) -> [PythonDictionary] {
    let outgoing = PythonValues.outgoing(family)
    let incoming = values.incoming(family)
    let doc = "Typed parameters of the family \(family.name)."
    let isOnlyGiven = outgoing == incoming
    let read = PythonDictionary(
      name: outgoing, doc: doc, isTotal: false, entries: entries(family.parameters, isGiven: isOnlyGiven))
    if isOnlyGiven { return [read] }
    let written = family.parameters.filter { $0.isWritable != false }
    return [
      read,
      PythonDictionary(
        name: incoming, doc: doc.dropping(suffix: ".") + " that can be set.", isTotal: false,
        entries: entries(written, isGiven: true)),
    ]
  }

  private func entries(_ parameters: [FamilyParameter], isGiven: Bool) -> [(key: String, type: String, doc: String)] {
    parameters.compactMap { parameter in
      guard let macro = names.macro(parameter.key), macro.kind == .key, let key = macro.string else { return nil }
      let type = PythonValues.parameter(parameter.type)
      return (key, isGiven && parameter.isRepeated ? "\(type) | list[\(type)]" : type, macro.doc)
    }
  }

  // MARK: - Functions

  private func dictionaries(_ call: CallPlan) -> [PythonDictionary] {
    guard let python = call.python else { return [] }
    var found: [PythonDictionary] = []
    let place = [python.className, python.name].compactMap { $0 }.joined(separator: ".")
    if python.details.form == .dict && python.results.count > 1 {
      found.append(
        PythonDictionary(
          name: Self.result(call), doc: "What \(place)() answers.", isTotal: !python.results.contains { family($0, call) != nil },
          entries: python.results.flatMap { results($0, call, python) }))
    }
    for argument in python.arguments where argument.form == .record {
      let keys = [argument.parameter, argument.with].compactMap { $0 }.map { (key: $0, type: "int", doc: "") }
      let doc = "What \(place)() takes as `\(argument.name)`."
      found.append(PythonDictionary(name: Self.record(call, .least), doc: doc, isTotal: true, entries: Array(keys.prefix(1))))
      found.append(PythonDictionary(name: Self.record(call, .all), doc: doc, isTotal: true, entries: keys))
    }
    return found
  }

  private func results(_ name: String, _ call: CallPlan, _ python: PythonCall) -> [(key: String, type: String, doc: String)] {
    if let family = family(name, call) { return entries(family.parameters, isGiven: false) }
    return [(name, PythonTypes(names: names, call: call, python: python).item(name), "")]
  }

  /// The family whose keys stand among the others.
  private func family(_ name: String, _ call: CallPlan) -> ParameterFamily? {
    switch call.parameters.first(where: { $0.parameter.name == name })?.marshalling {
    case .parametersAllocated(_, let family), .parametersOut(_, let family): names.families.first { $0.name == family }
    default: nil
    }
  }
}

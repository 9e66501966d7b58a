import APIDescription
import BindingPlan

/// What the generated part of the Python extension calls things; looked up once, because every emitter asks for it at each function.
final class PythonNames {
  let plan: Plan
  /// What C calls something, and what Python calls it.
  let words: [String: String]
  /// The libraries whose functions Python reaches, in order; their index is what the run-time knows them by.
  let libraries: [Library]
  /// The functions of those libraries, bound or not: freeing and counting need some that Python does not show.
  let calls: [CallPlan]
  /// The families of typed parameters of those libraries.
  let families: [ParameterFamily]
  /// The structs that become Python values.
  let structs: [StructType]
  /// The handles that have a class in Python, parents first.
  let classes: [HandleType]

  /// Reads the names out of a plan.
  init(plan: Plan) {
    self.plan = plan
    words = Self.words(plan)
    let modules = Set(plan.calls.compactMap { $0.python == nil ? nil : $0.library.name })
    libraries = plan.description.libraries.filter { modules.contains($0.name) }
    calls = plan.calls.filter { modules.contains($0.library.name) }
    let headers = libraries.flatMap { plan.description.headers(of: $0) }
    families = headers.flatMap { $0.all(\.families) }
    let names = Set(headers.map(\.name))
    structs = plan.description.topics.filter { names.contains($0.header) }.flatMap(\.structs).filter { $0.pythonForm != nil }
    classes = Self.classes(plan)
  }

  /// The macro of that name.
  func macro(_ name: String) -> Macro? { plan.description.topics.lazy.flatMap(\.macros).first { $0.name == name } }

  /// The keys of a mapping: the names of an enumeration's values without what they have in common, and what they stand for.
  func keys(_ enumeration: String) -> [(key: String, value: EnumerationValue)] {
    guard let type = plan.description.topics.flatMap(\.enumerations).first(where: { $0.name == enumeration }) else { return [] }
    let ends = Set(type.values.filter(\.isSentinel).map(\.value))
    let common = type.values.map(\.name).dropFirst().reduce(type.values.first?.name ?? "") {
      String(zip($0, $1).prefix { $0 == $1 }.map(\.0))
    }
    return type.values.filter { !ends.contains($0.value) }.map {
      ($0.pythonName ?? $0.name.dropFirst(common.count).lowercased(), $0)
    }
  }

  private static func classes(_ plan: Plan) -> [HandleType] {
    let names = Set(plan.calls.compactMap { $0.python?.className })
    var found: [HandleType] = []
    var rest = plan.description.topics.flatMap(\.handles).filter { names.contains($0.name) }
    while !rest.isEmpty {
      let count = rest.count
      rest.removeAll { handle in
        guard handle.parent == "none" || found.contains(where: { $0.classID == handle.parent }) else { return false }
        found.append(handle)
        return true
      }
      if rest.count == count { break }
    }
    return found
  }

  /// The header that declares everything generated.
  static let header = "py-generated.h"

  static func classConstant(_ handle: HandleType) -> String { "PY_CLASS_\(handle.name)" }
  static func function(_ name: String) -> String { "py_f_\(name)" }
  static func method(_ name: String) -> String { "py_m_\(name)" }
  static func thunk(_ name: String) -> String { "py_t_\(name)" }
  static func callbackConstant(_ name: String) -> String { "PY_CALLBACK_\(name)" }
  static func family(_ name: String?) -> String { name.map { "&py_family_\($0.replacingHyphens)" } ?? "NULL" }

  /// The word for a C number in the names of the run-time's conversions.
  func scalar(_ type: CType) -> String {
    switch plan.types.scalar(type.base)?.base ?? type.base {
    case "unsigned int": "uint"
    case "long": "long"
    case "unsigned long": "ulong"
    case "long long", "long long int": "llong"
    case "unsigned long long", "unsigned long long int": "ullong"
    case "size_t": "size"
    default: "int"
    }
  }

  /// The function that frees, or counts a reference of, a handle.
  func function(of handle: HandleType, _ isWanted: (Body) -> Bool, where fits: (CallPlan) -> Bool = { _ in true }) -> String? {
    calls.first { call in
      call.receiver?.name == handle.name && isWanted(call.function.body) && call.function.parameters.count == 1 && fits(call)
    }?.function.name
  }

  /// What gives a reference back: the function described as freeing, or the one that ends it.
  func release(_ handle: HandleType) -> String? {
    function(of: handle) { if case .free = $0 { true } else { false } }
      ?? calls.first { $0.receiver?.name == handle.name && $0.python?.details.ends == true }?.function.name
  }

  /// What tells the connection that a handle belongs to.
  func root(_ handle: HandleType) -> String? {
    let roots = Set(plan.description.topics.flatMap(\.handles).filter { $0.parent == "none" }.map(\.pointer))
    return function(of: handle) {
      if case .accessor = $0 { true } else { false }
    } where: {
      roots.contains($0.function.returns.type.base)
    }
  }

  func reference(_ handle: HandleType) -> String? {
    function(of: handle) { if case .reference = $0 { true } else { false } }
  }
}

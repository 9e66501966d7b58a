internal import VirtCore
internal import VirtDriverKit

/// The parameters of a call, by their names.
struct ParameterValues {
  /// The types that parameters have.
  enum Kind {
    case int, uint, llong, ullong, double, boolean, string
  }

  private var values: [String: TypedParameter.Value] = [:]

  /// Takes parameters; refuses those that are unknown, of another type or given twice.
  init(_ parameters: [TypedParameter], _ known: [(name: String, kind: Kind)]) throws(VirtError) {
    for parameter in parameters {
      guard let kind = known.first(where: { $0.name == parameter.name })?.kind else {
        throw VirtError(.argumentUnsupported, .none, "there is no such parameter", parameter.name)
      }
      guard Self.kind(parameter.value) == kind else {
        throw VirtError(.invalidArg, .none, "a parameter of another type:", parameter.name)
      }
      guard values.updateValue(parameter.value, forKey: parameter.name) == nil else {
        throw VirtError(.invalidArg, .none, "a parameter is given twice:", parameter.name)
      }
    }
  }

  private static func kind(_ value: TypedParameter.Value) -> Kind {
    switch value {
    case .int: .int
    case .uint: .uint
    case .llong: .llong
    case .ullong: .ullong
    case .double: .double
    case .boolean: .boolean
    case .string: .string
    }
  }

  /// A signed number; nil when it is not given.
  func int(_ name: String) -> Int32? { if case .int(let value) = values[name] { value } else { nil } }
  /// An unsigned number; nil when it is not given.
  func uint(_ name: String) -> UInt32? { if case .uint(let value) = values[name] { value } else { nil } }
  /// A large unsigned number; nil when it is not given.
  func ullong(_ name: String) -> UInt64? { if case .ullong(let value) = values[name] { value } else { nil } }
  /// A truth value; nil when it is not given.
  func boolean(_ name: String) -> Bool? { if case .boolean(let value) = values[name] { value } else { nil } }
  /// A text; nil when it is not given.
  func string(_ name: String) -> String? { if case .string(let value) = values[name] { value } else { nil } }
}

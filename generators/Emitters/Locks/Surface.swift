import APIDescription
import BindingPlan

/// What others build on, as facts with a name and a value: two descriptions are compared by their surfaces.
public struct Surface {
  /// Who breaks when a fact changes.
  public enum Audience: String, CaseIterable {
    case abi = "ABI"
    case source = "C source"
    case python = "Python"
    case driver = "driver ABI"
    case wire = "wire"
  }

  /// One fact. `removal` says who breaks when it goes, `change` when its value changes, `arrival` when it comes, if anybody.
  public struct Fact {
    public let value: String
    public let removal: Audience?
    public let change: Audience
    public let arrival: Audience?
  }

  public private(set) var facts: [String: Fact] = [:]

  /// Collects the facts.
  public init(_ plan: Plan) {
    for call in plan.calls { add(call) }
    for topic in plan.description.topics { add(topic, plan) }
    for operation in plan.operations {
      let types = operation.parameters.map(\.parameter.type.text) + (operation.result.map { ["result \($0.type.text)"] } ?? [])
      let one = operation.operation
      note(
        "operation \(one.name)",
        "\(operation.table) \(one.id), group \(one.group), revision \(one.revision), (\(types.joined(separator: ", ")))", .driver)
    }
    for program in plan.description.programs {
      for procedure in program.procedures {
        let stream = procedure.stream.map { ", stream \($0)" } ?? ""
        note("procedure \(procedure.name)", "\(program.number) \(procedure.number), priority \(procedure.priority)\(stream)", .wire)
      }
    }
  }

  private mutating func note(_ name: String, _ value: String, _ audience: Audience, removal: Audience? = nil) {
    facts[name] = Fact(value: value, removal: removal ?? audience, change: audience, arrival: nil)
  }

  private mutating func add(_ call: CallPlan) {
    let function = call.function
    let types = function.parameters.map(\.type.text).joined(separator: ", ")
    note("function \(function.name)", "\(function.returns.type.text) (\(types)) in \(call.library.soname) \(call.node)", .abi)
    note("error value of \(function.name)", function.returns.error ?? "none", .abi)
    for one in call.guards {
      // Nobody misses a check; who passed what is refused now does.
      facts["\(function.name) refuses: \(one.sentence)"] = Fact(value: "", removal: nil, change: .abi, arrival: .abi)
    }
    note("Python signature of \(function.name)", call.python?.signature ?? "none", .python)
  }

  private mutating func add(_ topic: Topic, _ plan: Plan) {
    for enumeration in topic.enumerations {
      for value in enumeration.values where !value.isSentinel {
        note("enumerator \(value.name)", String(value.value), .abi, removal: .source)
      }
    }
    for macro in topic.macros {
      note("macro \(macro.name)", macro.string ?? macro.value ?? macro.replacement ?? "", .abi, removal: .source)
    }
    for type in topic.structs {
      let layout = StructLayout(type, plan)
      note("size of \(type.name)", String(layout.size), .abi, removal: .source)
      for field in layout.offsets { note("field \(type.name).\(field.name)", "at \(field.offset)", .abi, removal: .source) }
    }
    for handle in topic.handles { note("handle \(handle.name)", handle.pointer, .source) }
    for type in topic.typedefs { note("type \(type.name)", type.type.text, .abi, removal: .source) }
    for callback in topic.callbacks {
      let types = callback.parameters.map(\.type.text).joined(separator: ", ")
      note("callback \(callback.name)", "\(callback.returns.text) (\(types))", .abi, removal: .source)
    }
    for variable in topic.variables { note("variable \(variable.name)", variable.type.text, .abi) }
  }
}

/// One difference between two surfaces.
public struct SurfaceChange {
  public enum Kind: String { case removed, changed, added }
  public let name: String
  public let kind: Kind
  /// Who breaks; nil for an addition that breaks nobody.
  public let audience: Surface.Audience?
  public let old: String?
  public let new: String?

  /// All differences, in the order of their names.
  public static func between(_ old: Surface, _ new: Surface) -> [SurfaceChange] {
    var changes: [SurfaceChange] = []
    for (name, fact) in old.facts {
      guard let other = new.facts[name] else {
        changes.append(SurfaceChange(name: name, kind: .removed, audience: fact.removal, old: fact.value, new: nil))
        continue
      }
      if other.value != fact.value {
        changes.append(SurfaceChange(name: name, kind: .changed, audience: fact.change, old: fact.value, new: other.value))
      }
    }
    for (name, fact) in new.facts where old.facts[name] == nil {
      // The checks of a new function break nobody.
      let isOfNewFunction = old.facts["function \(name.prefix { $0 != " " })"] == nil
      changes.append(
        SurfaceChange(name: name, kind: .added, audience: isOfNewFunction ? nil : fact.arrival, old: nil, new: fact.value))
    }
    return changes.sorted { ($0.name, $0.kind.rawValue) < ($1.name, $1.kind.rawValue) }
  }
}

import APIDescription

/// Decides, from a valid description, what every emitter will write.
public struct PlanBuilder {
  let description: Description
  let types: TypeTable
  private var functions: [String: Function] = [:]

  /// Makes the plan of a description.
  public static func plan(_ description: Description) -> Plan {
    PlanBuilder(description).build()
  }

  /// Makes a builder that answers questions about single parameters.
  public init(_ description: Description) {
    self.description = description
    types = TypeTable(description)
    for function in description.functions { functions[function.name] = function }
  }

  private func build() -> Plan {
    let operations = description.operations.map(operation)
    var byName: [String: Int] = [:]
    for (index, plan) in operations.enumerated() { byName[plan.operation.name] = index }
    var calls: [CallPlan] = []
    for header in description.headers {
      guard let library = description.libraries.first(where: { $0.name == header.library }) else { continue }
      for topic in header.topics {
        for function in topic.functions {
          calls.append(call(function, header, library, topic.name) { name in byName[name].map { operations[$0] } })
        }
      }
    }
    return Plan(description: description, types: types, calls: calls, operations: operations, operationsByName: byName)
  }

  private func operation(_ operation: Operation) -> OperationPlan {
    guard let name = operation.function, let function = functions[name] else {
      return OperationPlan(operation: operation, parameters: operation.parameters.map(planned), result: nil)
    }
    let kept = function.parameters.filter { !["callback", "opaque", "free-callback"].contains($0.role) }
    let hasResult = function.returns.shape != .none && function.returns.shape != .status
    return OperationPlan(operation: operation, parameters: kept.map(planned), result: hasResult ? function.returns : nil)
  }

  /// A parameter with the decision about it.
  public func planned(_ parameter: Parameter) -> PlannedParameter {
    PlannedParameter(parameter: parameter, marshalling: marshalling(of: parameter))
  }

  private func call(
    _ function: Function, _ header: Header, _ library: Library, _ topic: String, operation: (String) -> OperationPlan?
  ) -> CallPlan {
    var target = function
    if case .alias(let name) = function.body, let other = functions[name] { target = other }
    var called: OperationPlan?
    switch target.body {
    case .operation(let name, _), .lookupUUIDString(let name): called = operation(name)
    default: break
    }
    let receiver = function.receiver.flatMap(function.parameter).flatMap { types.handle($0.type.base) }
    return CallPlan(
      function: function, header: header, library: library, topic: topic, target: target,
      parameters: function.parameters.map(planned), receiver: receiver, guards: guards(of: function, target: target),
      operation: called)
  }
}

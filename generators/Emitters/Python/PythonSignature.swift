import APIDescription
import BindingPlan

/// One way of calling a function, as a stub declares it.
struct PythonSignature {
  /// Each with its type and its default, `self` first.
  let arguments: [String]
  let result: String

  /// `(self, flags: int = 0) -> int`.
  var text: String { "(\(arguments.joined(separator: ", "))) -> \(result)" }
}

extension PythonTypes {
  /// The ways of calling it: one, or those between which an argument decides.
  var signatures: [PythonSignature] {
    if let given = python.details.whenGiven, !isBare {
      return [
        signature([given: "None"], result: firstResult),
        signature([given: required(given)], result: wholeResult, withoutDefault: given),
      ]
    }
    guard let number = eventNumber, !isBare, case .event(_, let family, _) = call.target.body,
      let callback = python.arguments.first(where: { call.function.parameter($0.parameter)?.role == "callback" })
    else { return [signature([:], result: result)] }
    return events(family, number: number.name, callback: callback.name)
  }

  private func required(_ name: String) -> String {
    python.arguments.first { $0.name == name }.map { argument($0).dropping(suffix: " | None") } ?? "Any"
  }

  /// One for each kind of callback, and one for a number that is only known when the program runs.
  private func events(_ family: String, number: String, callback: String) -> [PythonSignature] {
    let callbacks = PythonCallbackTypes(values: PythonValues(names: names, handle: handle))
    let serving = PythonCallbackEmitter(names: names).types.filter { $0.eventFamily == family }
    let values = names.plan.description.topics.flatMap(\.enumerations).flatMap(\.values)
    var all: [PythonSignature] = []
    var any: [String] = []
    var seen: Set<String> = []
    for type in serving {
      let numbers = type.events.compactMap { name in values.first { $0.name == name }.map { "\($0.value)" } }
      if !numbers.isEmpty {
        let literal = "Literal[\(numbers.joined(separator: ", "))]"
        all.append(signature([number: literal, callback: callbacks.applied(type, to: "_T")], result: result))
      }
      if seen.insert(callbacks.definition(type)).inserted { any.append(callbacks.applied(type, to: "_T")) }
    }
    if all.isEmpty { return [signature([callback: any.joined(separator: " | ")], result: result)] }
    return all + [signature([callback: any.joined(separator: " | ")], result: result)]
  }

  private func signature(_ replaced: [String: String], result: String, withoutDefault: String? = nil) -> PythonSignature {
    var arguments = python.className == nil ? [] : [isBare ? "receiver: CapsuleType | None, /" : "self"]
    arguments += python.arguments.map { argument in
      let type = replaced[argument.name] ?? self.argument(argument)
      guard let value = argument.defaultValue, argument.name != withoutDefault else { return "\(argument.name): \(type)" }
      return "\(argument.name): \(type) = \(value)"
    }
    return PythonSignature(arguments: arguments, result: result)
  }
}

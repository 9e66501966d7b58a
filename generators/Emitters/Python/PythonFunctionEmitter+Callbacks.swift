import APIDescription
import BindingPlan
import CodePrinting

extension PythonFunctionEmitter {
  /// Whether this is one of the two functions that have no numbers for their callbacks, and what it does.
  private var legacyAction: String? {
    if case .event(let action, _, "legacy") = call.target.body { return action }
    return nil
  }

  /// Whether what is registered is found by the number of an event.
  private var eventFamily: (name: String, number: String)? {
    guard case .event("register", let family, "any") = call.target.body,
      let number = function.parameters.first(where: { $0.type.base == "int" && $0.type.pointers == 0 })
    else { return nil }
    return (family.replacingHyphens, "c_\(number.name)")
  }

  /// A callback that goes in: one object holds all functions of a call and what they are given.
  func carryCallback(_ parameter: Parameter, _ position: Int?, _ parts: inout Parts) {
    guard let type = names.plan.types.callback(parameter.type.base), let position else { return }
    if let legacyAction {
      parts.locals.append("struct py_callback *callback = NULL;")
      let opaque = python.arguments.firstIndex { function.parameter($0.parameter)?.role == "opaque" }
      let rest = legacyAction == "register" ? ", value[\(opaque ?? 0)], &callback" : ""
      parts.locals.append("int change = 0;")
      parts.conversions += [
        "if ((change = py_legacy_\(legacyAction)(&call, \(position), value[\(position)]\(rest))) <= 0) { if (!change) answer = py_none(); goto end; }"
      ]
      if legacyAction == "register" {
        parts.locals.append("int registered = 0;")
        parts.keeps.append("registered = 1;")
        parts.cleanups.append("if (!registered) py_callback_drop(callback);")
      } else {
        parts.locals.removeAll { $0.hasPrefix("struct py_callback") }
      }
      return
    }
    guard PythonCallbackEmitter.isCarried(type) else {
      parts.conversions.append(
        "if (!py_to_global(&call, \(position), value[\(position)], \(PythonNames.callbackConstant(type.name)))) goto end;")
      return
    }
    if !parts.locals.contains("struct py_callback *callback = NULL;") {
      parts.locals += ["struct py_callback *callback = NULL;", "int registered = 0;"]
      // Without a function that frees what came with it, it is the process's, and replaces the one before.
      let isProcess = type.scope != "call" && !function.parameters.contains { $0.role == "free-callback" }
      parts.cleanups.append("if (!registered) py_callback_\(isProcess ? "retire" : "drop")(callback);")
      if isProcess { parts.conversions.append("if (!(callback = py_callback_again(&call))) goto end;") }
      if let opaque = python.arguments.firstIndex(where: { function.parameter($0.parameter)?.role == "opaque" }) {
        parts.conversions.append("if (!py_to_opaque(&call, value[\(opaque)], &callback)) goto end;")
      }
      if let owner = owner(of: type) { parts.conversions.append(owner) }
      if type.scope == "call" {
        parts.undoes.append("if (py_callback_raised(callback)) goto end;")
      } else {
        parts.keeps.append("registered = 1;")
        if isProcess {
          parts.keeps.append("{ static _Atomic(struct py_callback *) kept; py_callback_retire(atomic_exchange(&kept, callback)); }")
        }
      }
    }
    let isNullable = parameter.nullability == .yes
    let condition = isNullable ? "PY_GIVEN(value[\(position)]) && " : ""
    parts.conversions.append(
      "if (\(condition)!py_to_callback(&call, \(position), value[\(position)], \(PythonNames.callbackConstant(type.name)), &callback)) goto end;"
    )
  }

  /// A function of a module has no `self` that a callback could belong to: it is the argument of the class that the callback is
  /// handed first.
  private func owner(of type: Callback) -> String? {
    guard python.className == nil,
      let handle = type.parameters.lazy.compactMap({ names.plan.types.handle($0.type.base) }).first
    else { return nil }
    for (position, argument) in python.arguments.enumerated() {
      guard function.parameter(argument.parameter)?.type.base == handle.pointer else { continue }
      let constant = PythonNames.classConstant(handle)
      return "if (!py_to_owner(&call, value[\(position)], \(constant), c_\(argument.parameter), &callback)) goto end;"
    }
    return nil
  }

  /// The C function that stands for a Python one.
  func callbackPassed(_ parameter: Parameter) -> String {
    let type = parameter.type.base
    if let eventFamily { return "(\(type))py_events_\(eventFamily.name)(\(eventFamily.number))" }
    let thunk = PythonNames.thunk(type)
    guard parameter.nullability == .yes, let position = python.arguments.firstIndex(where: { $0.parameter == parameter.name })
    else { return thunk }
    return "PY_GIVEN(value[\(position)]) ? \(thunk) : NULL"
  }
}

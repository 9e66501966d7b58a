extension Validator {
  /// A function, its parameters, what it returns and what stands behind it.
  mutating func check(_ function: Function) {
    checkVersion(function.since, function.location)
    checkNode(function)
    for parameter in function.parameters {
      check(parameter, of: function.name, among: function.parameters, returns: function.returns)
    }
    check(function.returns, of: function)
    if let receiver = function.receiver {
      guard let parameter = function.parameter(receiver) else {
        report(function.location, "'\(function.name)' has no parameter '\(receiver)' to receive the call")
        return
      }
      if !handles.contains(parameter.type.base) {
        report(parameter.location, "the receiver '\(receiver)' of '\(function.name)' is no handle")
      }
    }
    checkBody(function)
    if let name = function.abortedBy { checkAbort(name, of: function) }
    for rule in function.rules { check(rule, of: function) }
    if let python = function.python { check(python, of: function) }
  }

  /// What ends a running call early works on the same object and asks for nothing but flags.
  private mutating func checkAbort(_ name: String, of function: Function) {
    guard let other = functions[name] else {
      report(function.location, "'\(function.name)' is aborted by the unknown function '\(name)'")
      return
    }
    let receivers = [function, other].map { one in one.receiver.flatMap { one.parameter($0) }?.type }
    if receivers[0] == nil || receivers[0] != receivers[1] {
      report(function.location, "'\(function.name)' and '\(name)', which aborts it, work on different objects")
    }
    if other.parameters.contains(where: { $0.name != other.receiver && $0.role != "flags" }) {
      report(function.location, "'\(name)' asks for more than the object whose '\(function.name)' it aborts")
    }
  }

  /// What Python calls a function, and with which arguments.
  mutating func check(_ python: PythonName, of function: Function) {
    if let className = python.className, !pythonClasses.contains(className) {
      report(function.location, "Python has no class '\(className)' for '\(function.name)'")
    }
    if let name = python.name {
      let place = "\(python.className ?? "").\(name)"
      if let other = pythonNames.updateValue(function.name, forKey: place) {
        report(function.location, "'\(function.name)' and '\(other)' have one name in Python: \(name)")
      }
    }
    var isOptional = false
    var names: Set<String> = []
    for argument in python.arguments ?? [] {
      let what = "the argument '\(argument.name)' that Python has"
      if function.parameter(argument.parameter) == nil {
        report(argument.location, "\(what): '\(function.name)' has no parameter '\(argument.parameter)'")
      }
      if !names.insert(argument.name).inserted { report(argument.location, "\(what) is listed twice") }
      if isOptional && argument.defaultValue == nil { report(argument.location, "\(what) follows an optional one") }
      if let value = argument.defaultValue, !["None", "0", "[]"].contains(value) {
        report(argument.location, "\(what) cannot be '\(value)' when it is left out")
      }
      isOptional = isOptional || argument.defaultValue != nil
    }
  }

  /// A callback and its parameters.
  mutating func check(_ callback: Callback) {
    checkVersion(callback.since, callback.location)
    for parameter in callback.parameters { check(parameter, of: callback.name, among: callback.parameters, returns: nil) }
    for event in callback.events where enumerators[event] == nil {
      report(callback.location, "'\(callback.name)' serves the unknown event '\(event)'")
    }
  }

  private mutating func checkNode(_ function: Function) {
    guard
      let header = description.headers.first(where: { $0.topics.contains { $0.functions.contains { $0.name == function.name } } }),
      let library = description.libraries.first(where: { $0.name == header.library })
    else { return }
    if !library.nodes.contains(function.since) {
      report(function.location, "the library '\(library.name)' has no version node \(function.since) for '\(function.name)'")
    }
  }

  /// A parameter by itself and in relation to its siblings.
  mutating func check(_ parameter: Parameter, of owner: String, among all: [Parameter], returns: Returns?) {
    let what = "parameter '\(parameter.name)' of '\(owner)'"
    if all.filter({ $0.name == parameter.name }).count > 1 { report(parameter.location, "\(what) is described twice") }
    let isPointer = parameter.type.pointers > 0 || parameter.type.base.hasSuffix("Ptr") || callbacks.contains(parameter.type.base)
    if isPointer && parameter.nullability == nil { report(parameter.location, "\(what) is a pointer without nullability") }
    if !isPointer && parameter.nullability != nil { report(parameter.location, "\(what) is no pointer and cannot be nullable") }
    if !isPointer && parameter.direction != .in { report(parameter.location, "\(what) is no pointer and can only go in") }
    if let flags = parameter.flags, flags != "none", !enumerations.contains(flags) {
      report(parameter.location, "\(what) has the unknown flags type '\(flags)'")
    }
    if parameter.role == "flags" && parameter.flags == nil { report(parameter.location, "\(what) does not name its flags type") }
    if let name = parameter.enumeration, !enumerations.contains(name) {
      report(parameter.location, "\(what) has the unknown enumeration '\(name)'")
    }
    if let family = parameter.family, !families.contains(family) {
      report(parameter.location, "\(what) has the unknown parameter family '\(family)'")
    }
    for relation in [parameter.length, parameter.capacity, parameter.sizedBy] {
      guard let relation, relation != "return", relation != "return-bits" else { continue }
      for name in relation.split(separator: "*") where !all.contains(where: { $0.name == name }) {
        report(parameter.location, "\(what) is measured by the unknown parameter '\(name)'")
      }
    }
    if let number = parameter.neededWith {
      if parameter.nullability != .yes { report(parameter.location, "\(what) is sometimes needed but never NULL") }
      if !all.contains(where: { $0.name == number && $0.role == "length" && $0.type.pointers > 0 }) {
        report(parameter.location, "\(what) is needed with the unknown number '\(number)'")
      }
    }
    if parameter.length == "return", let returns, returns.shape != .count {
      report(parameter.location, "\(what) is measured by a return value that is no count")
    }
    if let fixed = parameter.fixedLength, !macros.contains(fixed), Int(fixed) == nil {
      report(parameter.location, "\(what) has the unknown length '\(fixed)'")
    }
    for free in [parameter.free, parameter.elementFree] {
      if let free, free != "free", functions[free] == nil {
        report(parameter.location, "\(what) is freed by the unknown function '\(free)'")
      }
    }
    if parameter.direction == .out && parameter.type.pointers == 0 && !parameter.type.base.hasSuffix("Ptr") {
      report(parameter.location, "\(what) goes out but is no pointer")
    }
    if parameter.type.isConst && parameter.direction != .in && parameter.type.pointers == 1 {
      report(parameter.location, "\(what) goes out but is const")
    }
  }

  private mutating func check(_ returns: Returns, of function: Function) {
    let what = "what '\(function.name)' returns"
    let isPointer = returns.type.pointers > 0 || returns.type.base.hasSuffix("Ptr")
    switch returns.shape {
    case .none: if returns.type.text != "void" { report(returns.location, "\(what) has no shape") }
    case .status, .count, .boolean, .value:
      if isPointer || returns.type.text == "void" { report(returns.location, "\(what) is no number") }
    case .handle: if !handles.contains(returns.type.base) { report(returns.location, "\(what) is no handle") }
    case .string, .borrowedString, .pointer, .buffer: if !isPointer { report(returns.location, "\(what) is no pointer") }
    }
    if isPointer && returns.error != nil && returns.error != "NULL" {
      report(returns.location, "\(what) is a pointer, so its error value is NULL")
    }
    if !isPointer && returns.error == "NULL" { report(returns.location, "\(what) is no pointer, so its error value is not NULL") }
    if let free = returns.free, free != "free", functions[free] == nil {
      report(returns.location, "\(what) is freed by the unknown function '\(free)'")
    }
    if isPointer && returns.isOwned && returns.free == nil { report(returns.location, "\(what) is owned, but nothing frees it") }
    if let length = returns.length, function.parameter(length) == nil {
      report(returns.location, "\(what) is measured by the unknown parameter '\(length)'")
    }
  }

  private mutating func checkBody(_ function: Function) {
    switch function.body {
    case .operation(let name, _), .lookupUUIDString(let name):
      if operations[name] == nil { report(function.location, "'\(function.name)' calls the unknown operation '\(name)'") }
      if function.receiver == nil { report(function.location, "'\(function.name)' calls an operation, but has no receiver") }
    case .alias(let target):
      if let other = functions[target] {
        if other.parameters.map(\.type) != function.parameters.map(\.type) {
          report(function.location, "'\(function.name)' and '\(target)' take different parameters")
        }
      } else {
        report(function.location, "'\(function.name)' stands for the unknown function '\(target)'")
      }
    case .freeStruct(let name):
      if !structs.contains(name) { report(function.location, "'\(function.name)' frees the unknown struct '\(name)'") }
    case .accessor, .reference, .free:
      if function.receiver == nil { report(function.location, "'\(function.name)' works on a handle, but has no receiver") }
    case .handWritten(let reason):
      if reason.isEmpty { report(function.location, "nothing stands behind '\(function.name)'") }
      for name in function.needs where operations[name] == nil {
        report(function.location, "'\(function.name)' needs the unknown operation '\(name)'")
      }
    case .event, .typedParameter: break
    }
  }

  private mutating func check(_ rule: Rule, of function: Function) {
    var flags: [String] = []
    switch rule {
    case .deniedFlag(let flag): flags = [flag]
    case .exclusive(let first, let second), .requires(let first, let second): flags = [first, second]
    case .product(let first, let second, _):
      for name in [first, second] where function.parameter(name) == nil && Int(name) == nil {
        report(function.location, "a product rule of '\(function.name)' names the unknown parameter '\(name)'")
      }
    case .feature: break
    }
    for flag in flags where enumerators[flag] == nil {
      report(function.location, "a flag rule of '\(function.name)' names the unknown flag '\(flag)'")
    }
    if !flags.isEmpty && !function.parameters.contains(where: { $0.role == "flags" }) {
      report(function.location, "'\(function.name)' has a flag rule, but no flags")
    }
  }
}

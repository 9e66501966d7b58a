import APIDescription

extension PlanBuilder {
  /// The checks of a function in the order the reference makes them: the handle, the access mode, the arguments, the flags.
  func guards(of function: Function, target: Function) -> [Guard] {
    guard let receiver = function.receiver.flatMap(function.parameter), let handle = types.handle(receiver.type.base) else {
      return []
    }
    var guards: [Guard] = [.handle(name: receiver.name, type: handle, isNullable: false)]
    switch target.body {
    case .accessor, .reference, .free: return guards
    default: break
    }
    guards.append(.mode(writes: target.isDeniedReadOnly))
    var late: [Guard] = []
    for (own, described) in zip(function.parameters, target.parameters) where own.name != receiver.name {
      for one in argumentGuards(described, named: own.name) {
        if case .notNullUnlessZero = one { late.append(one) } else { guards.append(one) }
      }
    }
    guards += late
    for rule in target.rules {
      switch rule {
      case .deniedFlag(let flag): guards.append(.deniedFlag(flag))
      case .exclusive(let first, let second): guards.append(.exclusive(first, second))
      case .requires(let flag, let needed): guards.append(.requires(flag, needed))
      case .product(let first, let second, let most): guards.append(.product(first, second, most: most))
      case .feature: break
      }
    }
    return guards
  }

  private func argumentGuards(_ parameter: Parameter, named name: String) -> [Guard] {
    var guards: [Guard] = []
    if case .handle(let type, let isNullable) = marshalling(of: parameter) {
      guards.append(.handle(name: name, type: type, isNullable: isNullable))
      if parameter.isSameConnection { guards.append(.sameConnection(name: name)) }
      return guards
    }
    switch parameter.nullability {
    case .no: guards.append(.notNull(name: name))
    case .whenEmpty: guards.append(.notNullUnlessEmpty(name: name, count: parameter.capacity ?? parameter.length ?? "1"))
    case .yes, nil: break
    }
    let isPointer = parameter.type.pointers > 0
    if let least = parameter.least {
      guards.append(.least(name: name, value: least, isUnsigned: parameter.type.isUnsigned, isPointer: isPointer))
    }
    if let most = parameter.most { guards.append(.most(name: name, value: most)) }
    if let size = parameter.sizedBy, let type = types.structType(parameter.type.base) {
      guards.append(.size(name: size, structName: type.name))
    }
    if parameter.isTwoCall, parameter.nullability == .yes, let length = parameter.length {
      // The count stands behind its own pointer, which is checked before.
      guards.append(.notNullUnlessZero(name: name, pointer: length))
    }
    if let number = parameter.neededWith { guards.append(.notNullUnlessZero(name: name, pointer: number)) }
    return guards
  }
}

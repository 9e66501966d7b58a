import APIDescription

extension PlanBuilder {
  /// Decides how a parameter is carried.
  public func marshalling(of parameter: Parameter) -> Marshalling {
    let type = parameter.type
    let isNullable = parameter.nullability != .no
    switch parameter.role {
    case "flags": return .flags(parameter.flags == "none" ? nil : parameter.flags)
    case "callback": return .callback
    case "opaque": return .opaque
    case "free-callback": return .freeCallback
    case "uuid": return parameter.direction == .in ? .uuid : .uuidOut
    case "uuid-string": return .uuidTextOut
    case "length", "capacity": return .length
    case "descriptor":
      let length = parameter.length ?? "return"
      return parameter.direction == .in ? .descriptors(length: length) : .descriptorsAllocated(length: length)
    default: break
    }
    if let handle = types.handle(type.base) {
      switch type.pointers {
      case 0: return .handle(handle, isNullable: isNullable)
      case 1: return parameter.direction == .in ? .handles(handle) : .handleOut(handle)
      default: return .handlesAllocated(handle)
      }
    }
    if types.isCallback(type.base) { return .callback }
    if types.isTypedParameter(type.base) { return typedParameters(parameter) }
    if let structure = types.structType(type.base) { return structMarshalling(parameter, structure) }
    switch type.base {
    case "char": return text(parameter, isNullable: isNullable)
    case "void" where parameter.length == nil: return .pointer
    case "unsigned char", "void": return bytes(parameter)
    default: break
    }
    if type.pointers == 0 { return .scalar }
    if type.pointers == 1 {
      if let capacity = parameter.capacity { return .scalarsOut(capacity: capacity) }
      if let length = parameter.length { return .scalars(length: length) }
      switch parameter.direction {
      case .in: return .pointer
      case .out: return .scalarOut(isNullable: isNullable)
      case .inout: return .scalarInOut
      }
    }
    return .pointer
  }

  private func typedParameters(_ parameter: Parameter) -> Marshalling {
    let isPointerTypedef = parameter.type.base.hasSuffix("Ptr")
    let depth = parameter.type.pointers + (isPointerTypedef ? 1 : 0)
    let length = parameter.length ?? ""
    if depth > 1 { return .parametersAllocated(length: length, family: parameter.family) }
    if parameter.direction == .in { return .parameters(length: length, family: parameter.family) }
    return .parametersOut(length: length, family: parameter.family)
  }

  private func structMarshalling(_ parameter: Parameter, _ structure: StructType) -> Marshalling {
    let depth = parameter.type.pointers + (parameter.type.base.hasSuffix("Ptr") ? 1 : 0)
    if depth > 1 {
      return parameter.direction == .in ? .pointer : .structsAllocated(structure.name, pointers: depth > 2)
    }
    if let size = parameter.sizedBy { return .structOutSized(structure.name, size: size) }
    if let capacity = parameter.capacity { return .structsOut(structure.name, capacity: capacity) }
    if parameter.isTwoCall, let length = parameter.length { return .structsOut(structure.name, capacity: length) }
    if parameter.direction == .in { return .structIn(structure.name, isNullable: parameter.nullability != .no) }
    return .structOut(structure.name)
  }

  private func text(_ parameter: Parameter, isNullable: Bool) -> Marshalling {
    switch parameter.type.pointers {
    case 0: return .scalar
    case 1:
      if let length = parameter.length { return parameter.direction == .in ? .bytes(length: length) : .bytesOut(length: length) }
      return .text(isNullable: isNullable)
    case 2:
      if parameter.direction == .in { return .texts(length: parameter.isNullTerminated ? nil : parameter.length) }
      if let capacity = parameter.capacity { return .textsOut(capacity: capacity) }
      return parameter.ownership == "borrowed" ? .pointer : .textOut
    default: return .textsAllocated
    }
  }

  private func bytes(_ parameter: Parameter) -> Marshalling {
    let length = parameter.length ?? ""
    if parameter.type.pointers > 1 { return .bytesAllocated(length: length) }
    return parameter.direction == .in ? .bytes(length: length) : .bytesOut(length: length)
  }
}

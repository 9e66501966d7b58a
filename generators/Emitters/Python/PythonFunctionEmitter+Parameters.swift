import APIDescription
import BindingPlan
import CodePrinting

extension PythonFunctionEmitter {
  /// Adds everything one C parameter needs.
  func carry(_ planned: PlannedParameter, _ parts: inout Parts) {
    let parameter = planned.parameter
    let name = parameter.name
    if name == python.receiver {
      parts.passes.append((name, "(\(parameter.type.text))call.pointer"))
      return
    }
    let isPointerPassed = carryValue(planned, &parts)
    parts.passes.append((name, isPointerPassed ? "&c_\(name)" : passed(planned)))
  }

  /// What is handed on for a parameter that is a local of its own type.
  private func passed(_ planned: PlannedParameter) -> String {
    switch planned.marshalling {
    case .callback: callbackPassed(planned.parameter)
    case .opaque: "callback"
    case .freeCallback: "py_callback_free"
    case .texts, .handles, .bytes, .bytesOut: "(\(planned.parameter.type.text))c_\(planned.parameter.name)"
    default: "c_\(planned.parameter.name)"
    }
  }

  private func index(_ parameter: Parameter) -> Int? {
    python.arguments.firstIndex { $0.parameter == parameter.name }
  }

  /// A conversion of an argument; nothing happens when it may be left out and was.
  private func convert(_ index: Int, _ function: String, _ rest: String, _ parts: inout Parts) {
    let isOptional = python.arguments[index].defaultValue != nil
    let condition = isOptional ? "value[\(index)] && " : ""
    parts.conversions.append("if (\(condition)!\(function)(&call, \(index), value[\(index)], \(rest))) goto end;")
  }

  private func setLength(_ length: String?, to text: String, _ parts: inout Parts) {
    guard let length, let parameter = function.parameter(length) else { return }
    parts.assignments.append("c_\(length) = (\(parameter.type.text))\(text);")
  }

  /// Declares the local of a parameter and how it gets its value; whether its address is passed.
  private func carryValue(_ planned: PlannedParameter, _ parts: inout Parts) -> Bool {
    let parameter = planned.parameter
    let name = parameter.name
    let local = "c_\(name)"
    let position = index(parameter)
    switch planned.marshalling {
    case .handle(let handle, _):
      parts.locals.append("\(parameter.type.text) \(local) = NULL;")
      if let position { convert(position, "py_to_handle", "\(PythonNames.classConstant(handle)), (void **)&\(local)", &parts) }
      return false
    case .scalar, .flags:
      parts.locals.append("\(parameter.type.text) \(local) = 0;")
      if let position, python.arguments[position].form == nil || python.arguments[position].form == .total {
        let kind = python.arguments[position].form == .total ? "truth" : names.scalar(parameter.type)
        convert(position, "py_to_\(kind)", "&\(local)", &parts)
      } else if let position, let other = python.arguments[position].with, let second = function.parameter(other) {
        parts.conversions.append(
          "if (!py_to_record(&call, \(position), value[\(position)], \"\(name)\", &\(local), \"\(other)\", &c_\(other))) goto end;")
        parts.locals.append("\(second.type.text) c_\(other) = 0;")
        if let flags = function.parameters.first(where: { $0.role == "flags" }), python.arguments[position].defaultValue != nil {
          // Nothing is meant only where the flags say what to do instead.
          parts.assignments.append(
            "if (!PY_GIVEN(value[\(position)]) && c_\(flags.name) == 0) { py_refuse(&call, \(position), PyExc_TypeError, \"may be left out with flags only\"); goto end; }"
          )
        }
      } else if python.arguments.contains(where: { $0.with == name }) {
        parts.locals.removeLast()
      }
      return false
    case .length:
      parts.locals.append("\(names.plan.types.scalar(parameter.type.base)?.text ?? parameter.type.base) \(local) = 0;")
      return parameter.type.pointers > 0
    case .text:
      parts.locals.append("const char *\(local) = NULL;")
      if let position { convert(position, "py_to_text", "&\(local)", &parts) }
      return false
    case .uuid:
      parts.locals.append("const unsigned char *\(local) = NULL;")
      if let position { convert(position, "py_to_uuid", "&\(local)", &parts) }
      return false
    case .bytes(let length):
      parts.locals += ["\(parameter.isBits ? "unsigned char *" : "const void *")\(local) = NULL;", "size_t n_\(name) = 0;"]
      if let position { convert(position, parameter.isBits ? "py_to_bits" : "py_to_bytes", "&\(local), &n_\(name)", &parts) }
      setLength(length, to: "n_\(name)", &parts)
      return false
    case .structIn(let type, _):
      parts.locals += ["\(type) \(local)_storage;", "\(type) *\(local) = NULL;"]
      if let position { convert(position, "py_to_\(type)", "&\(local)_storage, &\(local)", &parts) }
      return false
    case .scalars(let length):
      parts.locals += ["\(parameter.type.base) *\(local) = NULL;"]
      guard let position else {
        return false
      }
      parts.locals.append("size_t n_\(name) = 0;")
      if let other = python.arguments[position].with, let values = function.parameter(other) {
        let kinds = "\(names.scalar(parameter.type))_\(names.scalar(values.type))"
        convert(position, "py_to_\(kinds)_pairs", "&\(local), &c_\(other), &n_\(name)", &parts)
      } else {
        convert(position, "py_to_\(names.scalar(parameter.type))s", "&\(local), &n_\(name)", &parts)
      }
      setLength(length, to: "n_\(name)", &parts)
      return false
    case .texts(let length):
      parts.locals += ["const char **\(local) = NULL;", "size_t n_\(name) = 0;"]
      if let position { convert(position, "py_to_texts", "&\(local), &n_\(name)", &parts) }
      setLength(length, to: "n_\(name)", &parts)
      return false
    case .handles(let handle):
      parts.locals.append("void **\(local) = NULL;")
      if let position { convert(position, "py_to_handles", "\(PythonNames.classConstant(handle)), &\(local)", &parts) }
      return false
    case .parameters(let length, let family):
      parts.locals += ["virTypedParameterPtr \(local) = NULL;", "size_t n_\(name) = 0;"]
      if let position {
        convert(position, "py_to_parameters", "\(PythonNames.family(family)), &\(local), &n_\(name)", &parts)
        if python.arguments[position].name == details.notEmpty {
          parts.conversions.append("if (!py_not_empty(&call, \(position), n_\(name))) goto end;")
        }
      }
      setLength(length, to: "n_\(name)", &parts)
      return false
    case .descriptors(let length):
      parts.locals += ["int *\(local) = NULL;", "size_t n_\(name) = 0;"]
      if let position { convert(position, "py_to_descriptors", "&\(local), &n_\(name)", &parts) }
      setLength(length, to: "n_\(name)", &parts)
      return false
    case .callback:
      carryCallback(parameter, position, &parts)
      return false
    case .opaque, .freeCallback:
      return false
    case .pointer:
      parts.locals.append("void *\(local) = NULL;")
      return false
    case .textOut, .uuidOut, .uuidTextOut, .bytesOut, .bytesAllocated, .scalarOut, .scalarInOut, .structOut, .structOutSized,
      .structsOut, .structsAllocated, .scalarsOut, .textsOut, .textsAllocated, .handlesAllocated, .handleOut, .parametersOut,
      .parametersAllocated, .descriptorsAllocated:
      return carryResult(planned, &parts)
    }
  }

  /// Allocates room without the interpreter's lock; the call fails when there is none.
  private func allocate(_ name: String, _ count: String, _ parts: inout Parts) {
    parts.preparations.append(
      "if (!(c_\(name) = py_block(&call, \(count) * sizeof *c_\(name)))) { py_acquire(&call); answer = PyErr_NoMemory(); goto end; }"
    )
  }

  /// A number of elements that is negative is refused by the library, not by running out of memory.
  private func product(_ length: String) -> String {
    length.split(separator: "*").map { name in
      let isGiven = python.arguments.contains { $0.parameter == name }
      let isSigned = function.parameter(String(name)).map { !$0.type.isUnsigned && $0.type.base != "size_t" } ?? false
      return isGiven && isSigned ? "(c_\(name) > 0 ? (size_t)c_\(name) : 0)" : "(size_t)c_\(name)"
    }.joined(separator: " * ")
  }

  /// A parameter in which something comes out; whether its address is passed.
  private func carryResult(_ planned: PlannedParameter, _ parts: inout Parts) -> Bool {
    let parameter = planned.parameter
    let name = parameter.name
    let local = "c_\(name)"
    let count = function.returns.shape == .status ? parameter.length.map { "c_\($0)" } ?? "0" : "result"
    func freed(_ element: String?) {
      if element != nil { parts.cleanups.append("py_free_texts(\(local), \(local) ? \(count) : 0);") }
    }
    switch planned.marshalling {
    case .textOut:
      parts.locals.append("char *\(local) = NULL;")
      parts.results[name] = "py_from_owned_text(\(local))"
      return true
    case .uuidOut:
      parts.locals.append("unsigned char \(local)[VIR_UUID_BUFLEN];")
      parts.results[name] = "PyBytes_FromStringAndSize((const char *)\(local), sizeof \(local))"
      return false
    case .uuidTextOut:
      parts.locals.append("char \(local)[VIR_UUID_STRING_BUFLEN];")
      parts.results[name] = "py_from_text(\(local))"
      return false
    case .bytesOut(let length):
      parts.locals.append("char *\(local) = NULL;")
      deferred(name, product(length), &parts)
      if parameter.isBits {
        let factors = length.split(separator: "*").map(String.init)
        let bytes = factors.last ?? length
        parts.results[name] =
          factors.count == 2 ? "py_from_bit_rows(\(local), c_\(factors[0]), c_\(bytes), bits)" : "py_from_bits(\(local), bits, 1)"
      } else {
        let size = parameter.role == "data" ? "result" : "(Py_ssize_t)(\(product(length)))"
        parts.results[name] = "PyBytes_FromStringAndSize(\(local), \(size))"
      }
      return false
    case .bytesAllocated:
      parts.locals.append("unsigned char *\(local) = NULL;")
      parts.results[name] = "py_from_bits((const char *)\(local), result, 0)"
      parts.cleanups.append("free(\(local));")
      return true
    case .scalarOut, .scalarInOut:
      parts.locals.append("\(parameter.type.base) \(local) = 0;")
      parts.results[name] = "py_from_\(names.scalar(parameter.type))(\(local))"
      return true
    case .structOut(let type):
      parts.locals.append("\(type) \(local) = {0};")
      let made = "py_from_\(type)(&call, &\(local))"
      parts.results[name] = function.returns.shape == .count ? "result ? \(made) : PyDict_New()" : made
      return true
    case .structOutSized(let type, let size):
      parts.locals.append("\(type) \(local) = {0};")
      parts.assignments.append("c_\(size) = sizeof \(local);")
      parts.results[name] = "py_from_\(type)(&call, &\(local))"
      return true
    case .structsOut(let type, let capacity):
      parts.locals.append("\(type) *\(local) = NULL;")
      if !parameter.isTwoCall { deferred(name, product(capacity), &parts) }
      parts.results[name] = "py_from_\(type)_array(&call, \(local), \(count))"
      return false
    case .structsAllocated(let type, let pointers):
      parts.locals.append("\(type) *\(pointers ? "*" : "")\(local) = NULL;")
      parts.results[name] = "py_from_\(type)_\(pointers ? "pointers" : "array")(&call, \(local), \(count))"
      if pointers {
        let whole = names.plan.types.structType(type)?.free
        if let needed = parameter.elementFree ?? whole { parts.needs.append(needed) }
        if let element = parameter.elementFree {
          parts.cleanups.append("if (\(local)) for (int at = 0; at < result; at++) PY_CALL(\(element))(\(local)[at]);")
          parts.cleanups.append("free(\(local));")
        } else if let whole {
          parts.cleanups.append("if (\(local)) PY_CALL(\(whole))(\(local));")
        }
      } else {
        parts.cleanups.append("free(\(local));")
      }
      return true
    case .scalarsOut(let capacity):
      parts.locals.append("\(parameter.type.base) *\(local) = NULL;")
      deferred(name, product(capacity), &parts)
      parts.results[name] = scalarsResult(parameter, capacity)
      return false
    case .textsOut(let capacity):
      parts.locals.append("char **\(local) = NULL;")
      deferred(name, product(capacity), &parts)
      parts.results[name] = "py_from_texts(\(local), result)"
      parts.cleanups.append("py_free_texts(\(local), \(local) ? result : 0);")
      return false
    case .textsAllocated:
      parts.locals.append("char **\(local) = NULL;")
      parts.results[name] = "py_from_texts(\(local), \(count))"
      freed("free")
      parts.cleanups.append("free(\(local));")
      return true
    case .handlesAllocated(let handle):
      parts.locals.append("\(handle.pointer) *\(local) = NULL;")
      parts.results[name] =
        "py_wrap_all(&call, \(PythonNames.classConstant(handle)), (void **)\(local), result, \(parent(of: handle)))"
      parts.cleanups.append("free(\(local));")
      return true
    case .handleOut(let handle):
      parts.locals.append("\(handle.pointer) \(local) = NULL;")
      parts.results[name] = "py_wrap(&call, \(PythonNames.classConstant(handle)), \(local), \(parent(of: handle)))"
      return true
    case .parametersOut(let length, _):
      parts.locals.append("virTypedParameterPtr \(local) = NULL;")
      if rowArray != nil {
        parts.results[name] =
          "py_from_parameter_rows(&call, \(local), c_\(rowArray?.height ?? ""), c_\(rowArray?.width ?? ""))"
        parts.cleanups.append("py_free_parameters(\(local), \(product(length)));")
        return false
      }
      if details.rooms.contains(where: { $0.parameter == length }) { deferred(name, product(length), &parts) }
      parts.results[name] = "py_from_parameters(&call, \(local), \(local) ? c_\(length) : 0)"
      parts.cleanups.append("py_free_parameters(\(local), \(local) ? (size_t)c_\(length) : 0);")
      return false
    case .parametersAllocated(let length, _):
      parts.locals.append("virTypedParameterPtr \(local) = NULL;")
      let size = length == "return" ? "result" : "c_\(length)"
      parts.results[name] = "py_from_parameters(&call, \(local), \(size))"
      parts.cleanups += ["py_free_parameters(\(local), \(local) ? (size_t)\(size) : 0);", "free(\(local));"]
      return true
    case .descriptorsAllocated(let length):
      parts.locals.append("int *\(local) = NULL;")
      parts.results[name] = "py_from_ints(\(local), \(length == "return" ? "result" : "(Py_ssize_t)c_\(length)"))"
      parts.cleanups.append("free(\(local));")
      return true
    default: return false
    }
  }

  /// Numbers in a row, or in a dict of dicts where two arguments say which and how many of each there are.
  private func scalarsResult(_ parameter: Parameter, _ capacity: String) -> String {
    let factors = capacity.split(separator: "*").map(String.init)
    let kind = names.scalar(parameter.type)
    guard factors.count == 2 else { return "py_from_\(kind)s(c_\(parameter.name), result)" }
    let keys = function.parameters.first { $0.length == factors[0] && $0.direction == .in }?.name ?? ""
    let start = function.parameters.first {
      $0.type.pointers == 0 && !function.sizes.contains($0.name) && $0.role == nil && index($0) != nil
    }
    return "py_from_\(kind)_grid(c_\(parameter.name), result, c_\(start?.name ?? ""), c_\(keys), c_\(factors[0]))"
  }

  /// Room that can be had only when the sizes are known, which other calls may have to tell.
  private func deferred(_ name: String, _ count: String, _ parts: inout Parts) {
    if details.rooms.isEmpty { return allocate(name, count, &parts) }
    parts.deferredRooms.append((name, count))
  }

  // MARK: - Sizes

  /// Finds out a size that Python does not give.
  func prepare(_ room: PythonRoom, _ parts: inout Parts) {
    let local = "c_\(room.parameter)"
    switch room.source {
    case .value(let value): parts.preparations.append("\(local) = \(value);")
    case .function(let name, let part): ask(name, part, for: room.parameter, &parts)
    }
    if room.parameter == details.rooms.last?.parameter {
      for (name, count) in parts.deferredRooms { allocate(name, count, &parts) }
    }
  }

  private func ask(_ name: String, _ part: String?, for size: String, _ parts: inout Parts) {
    guard let other = names.calls.first(where: { $0.function.name == name }) else { return }
    if name != function.name { parts.needs.append(name) }
    let prefix = "\(size)_"
    var answer = "\(prefix)result"
    var arguments: [String] = []
    for planned in other.parameters {
      let parameter = planned.parameter
      if let handle = names.plan.types.handle(parameter.type.base), parameter.type.pointers == 0 {
        arguments.append("py_pointer_of(&call, \(PythonNames.classConstant(handle)))")
        continue
      }
      if case .structOut(let type) = planned.marshalling {
        parts.locals.append("\(type) \(prefix)\(parameter.name) = {0};")
        if let part { answer = "\(prefix)\(parameter.name).\(part)" }
        arguments.append("&\(prefix)\(parameter.name)")
      } else if parameter.name == part {
        parts.locals.append("\(parameter.type.base) \(prefix)\(parameter.name) = 0;")
        answer = "\(prefix)\(parameter.name)"
        arguments.append("&\(answer)")
      } else if parameter.type.pointers == 0 || parameter.direction == .in,
        function.parameter(parameter.name)?.direction == .in, other.receiver?.name == call.receiver?.name,
        name != function.name || parameter.role == "flags"
      {
        arguments.append("c_\(parameter.name)")
      } else {
        arguments.append(parameter.type.pointers > 0 || parameter.type.base.hasSuffix("Ptr") ? "NULL" : "0")
      }
    }
    let isText = other.function.returns.type.pointers > 0
    parts.locals.append("\(other.function.returns.type.declaring("\(prefix)result")) = \(isText ? "NULL" : "0");")
    parts.preparations.append("\(prefix)result = PY_CALL(\(name))(\(arguments.joined(separator: ", ")));")
    parts.preparations.append(
      "if (\(isText ? "!\(prefix)result" : "\(prefix)result < 0")) { py_acquire(&call); answer = py_failed(&call); goto end; }")
    if isText { parts.preparations.append("free(\(prefix)result);") }
    if isBitsLength(size) {
      parts.locals.append("int bits = 0;")
      parts.preparations.append("bits = \(answer);")
      parts.preparations.append("c_\(size) = (bits + 7) / 8;")
    } else {
      parts.preparations.append(
        "c_\(size) = (\(function.parameter(size).map { names.plan.types.scalar($0.type.base)?.text ?? $0.type.base } ?? "int"))\(answer);"
      )
    }
  }
}

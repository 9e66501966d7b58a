import APIDescription

/// Sentences composed from annotations, the same in headers, docstrings and exported XML.
enum FunctionProse {
  /// What a parameter is, from its annotations.
  static func parameter(_ parameter: Parameter) -> String {
    var parts: [String] = []
    switch parameter.role {
    case "flags":
      parts.append(
        parameter.flags == "none" || parameter.flags == nil ? "no flag is defined, pass 0" : "bits of \(parameter.flags ?? "")")
    case "callback": parts.append("called later or during the call")
    case "opaque": parts.append("handed to the callback as it is")
    case "free-callback": parts.append("called once when the callback's data is no longer needed")
    case "uuid": parts.append(parameter.direction == .in ? "16 bytes" : "receives 16 bytes")
    case "uuid-string": parts.append("receives 36 characters and a NUL")
    case "stream": parts.append("the stream that carries the data")
    default: parts.append(direction(parameter))
    }
    if let length = parameter.length, length != "return", length != "return-bits" {
      parts.append("as many elements as \(length) says")
    }
    if parameter.length == "return" { parts.append("as many elements as the return value says") }
    if let capacity = parameter.capacity { parts.append("room for \(capacity) elements") }
    if parameter.isTwoCall { parts.append("NULL asks for the number only") }
    if parameter.isNullTerminated { parts.append("ended by NULL") }
    if let free = parameter.free { parts.append("free it with \(free)()") }
    if let free = parameter.elementFree { parts.append("free each element with \(free)()") }
    if let least = parameter.least { parts.append("at least \(least)") }
    if let most = parameter.most { parts.append("at most \(most)") }
    if parameter.isLocalPath { parts.append("a path on this host, made absolute") }
    if let family = parameter.family { parts.append("parameters of the family \(family)") }
    switch parameter.nullability {
    case .yes where parameter.neededWith != nil: parts.append("may be NULL while \(parameter.neededWith ?? "") gives 0")
    case .yes where parameter.role == nil || parameter.role == "data": parts.append("may be NULL")
    case .whenEmpty: parts.append("may be NULL when there is no room")
    default: break
    }
    return parts.filter { !$0.isEmpty }.joined(separator: "; ")
  }

  private static func direction(_ parameter: Parameter) -> String {
    switch parameter.direction {
    case .in: return parameter.type.pointers > 0 ? "read only" : ""
    case .out: return parameter.allocated == "callee" ? "receives what the call allocates" : "receives the result"
    case .inout: return "read and changed"
    }
  }

  /// What a function does, as C programs are told.
  static func inC(_ function: Function) -> String { [function.doc, function.inC].filter { !$0.isEmpty }.joined(separator: " ") }

  /// What a function returns.
  static func returns(_ function: Function) -> String {
    let returns = function.returns
    var text: String
    switch returns.shape {
    case .none: return ""
    case .status: text = "Returns 0"
    case .count: text = "Returns the number of elements"
    case .boolean: text = "Returns 1 for yes, 0 for no"
    case .value: text = "Returns the value"
    case .string, .buffer: text = "Returns newly allocated memory, to be freed with \(returns.free ?? "free")()"
    case .borrowedString: text = "Returns text that belongs to the \(returns.borrowedFrom ?? "library") and must not be freed"
    case .handle, .pointer:
      text =
        returns.isOwned
        ? "Returns a new reference, to be given back with \(returns.free ?? "free")()"
        : "Returns something that belongs to the \(returns.borrowedFrom ?? "library") and must not be freed"
    }
    if returns.isNullable { text += ", or NULL when there is none" }
    if let error = returns.error { text += "; \(error) on error" }
    return text + "."
  }

  /// When a function fails: what its annotations say, then its own prose.
  static func failures(_ function: Function) -> String {
    guard function.returns.error != nil else { return "" }
    var reasons: [String] = []
    if let receiver = function.parameters.first, function.receiver == receiver.name || takesHandle(function) {
      reasons.append("\(receiver.name) is no live handle of its kind")
    }
    if function.parameters.dropFirst(reasons.count).contains(where: { $0.nullability == .no }) {
      reasons.append("a needed argument is NULL")
    }
    if case .operation = function.body { reasons.append("the driver does not offer it") }
    var text = reasons.joined(separator: ", or ")
    if !text.isEmpty { text = "Fails when " + text + "." }
    if !function.fails.isEmpty { text += (text.isEmpty ? "Fails: " : " Also: ") + function.fails }
    return text
  }

  private static func takesHandle(_ function: Function) -> Bool {
    switch function.body {
    case .accessor, .reference, .free: true
    default: false
    }
  }

  /// Whether a function can fail for a reason that only its own prose can give: because of what it is given to work with.
  static func needsOwnFailures(_ function: Function) -> Bool {
    guard function.returns.error != nil, function.fails.isEmpty else { return false }
    let sizes = function.sizes
    return function.parameters.contains { parameter in
      !sizes.contains(parameter.name) && parameter.name != function.receiver && parameter.direction == .in && parameter.role == nil
        && parameter.capacity == nil && parameter.allocated == nil
    } && !takesHandle(function)
  }

  /// What the annotations say about calling a function.
  static func rules(_ function: Function) -> [String] {
    var lines: [String] = []
    if function.isDeniedReadOnly { lines.append("A read-only connection is refused.") }
    for rule in function.rules {
      switch rule {
      case .deniedFlag(let flag): lines.append("A read-only connection may not pass \(flag).")
      case .exclusive(let first, let second): lines.append("\(first) and \(second) exclude each other.")
      case .requires(let flag, let needed): lines.append("\(flag) needs \(needed).")
      case .product(let first, let second, let most): lines.append("\(first) times \(second) must not exceed \(most).")
      case .feature: break
      }
    }
    if function.thread == "event-loop" { lines.append("Call it on the thread that runs the event loop.") }
    return lines
  }
}

import APIDescription

/// A function as Python sees it.
public struct PythonCall {
  /// The module, such as `libvirt_qemu`.
  public let module: String
  /// The class whose method it is; nil for a function of the module.
  public let className: String?
  /// What it is called.
  public let name: String
  /// Its arguments in order, without `self`.
  public let arguments: [PythonArgument]
  /// The parameter that `self` becomes; nil for functions of a module.
  public let receiver: String?
  /// What comes back, by parameter name, `return` for what the C function returns.
  public let results: [String]
  /// What the description says about it.
  public let details: PythonName

  /// As in a stub: `libvirt.virDomain.shutdownFlags(self, flags=0)`.
  public var signature: String {
    let all =
      (className == nil ? [] : ["self"]) + arguments.map { $0.name + ($0.defaultValue.map { "=\($0)" } ?? "") }
    let place = [module, className, name].compactMap { $0 }.joined(separator: ".")
    return "\(place)(\(all.joined(separator: ", ")))"
  }
}

extension PythonCall {
  /// Nil for what Python does not have.
  ///
  /// The arguments are the parameters that go in, without the receiver of a method and without numbers of elements; flags may
  /// be left out. Where that is not how Python has it, the description lists them.
  init?(_ function: Function, of library: Library, receiver: HandleType?) {
    guard let python = function.python, let name = python.name else { return nil }
    self.init(
      module: String(library.name.map { $0 == "-" ? "_" : $0 }), className: python.className, name: name,
      arguments: python.arguments ?? function.pythonArguments(withReceiver: python.className == nil),
      receiver: python.className != nil && receiver?.name == python.className ? function.receiver : nil,
      results: python.results ?? function.pythonResults, details: python)
  }
}

extension Function {
  /// Everything that comes out but numbers of elements; what the C function returns, when that is neither a status nor such a
  /// number.
  fileprivate var pythonResults: [String] {
    let sizes = self.sizes
    let outs = parameters.filter { $0.direction == .out && $0.role != "length" && !sizes.contains($0.name) }
    switch returns.shape {
    case .none: return outs.map(\.name)
    case .status: return outs.isEmpty ? ["return"] : outs.map(\.name)
    case .count, .boolean, .value:
      return outs.contains { ($0.length ?? "").hasPrefix("return") || $0.role == "data" || $0.isBits } || !outs.isEmpty
        ? outs.map(\.name) : ["return"]
    case .string, .borrowedString, .handle, .pointer, .buffer: return ["return"]
    }
  }

  fileprivate func pythonArguments(withReceiver: Bool) -> [PythonArgument] {
    let sizes = self.sizes
    return parameters.filter { parameter in
      parameter.direction != .out && !sizes.contains(parameter.name) && parameter.role != "free-callback"
        && (withReceiver || parameter.name != receiver)
    }.map { parameter in
      PythonArgument(
        name: parameter.name, parameter: parameter.name, defaultValue: parameter.role == "flags" ? "0" : nil,
        location: parameter.location)
    }
  }
}

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

  /// As in a stub: `libvirt.virDomain.shutdownFlags(self, flags=0)`.
  public var signature: String {
    let all =
      (className == nil ? [] : ["self"]) + arguments.map { $0.name + ($0.defaultValue.map { "=\($0)" } ?? "") }
    let place = [module, className, name].compactMap { $0 }.joined(separator: ".")
    return "\(place)(\(all.joined(separator: ", ")))"
  }
}

extension CallPlan {
  /// How Python sees it; nil for what is not there.
  ///
  /// The arguments are the parameters that go in, without the receiver of a method and without numbers of elements; flags may
  /// be left out. Where that is not how Python has it, the description lists them.
  public var python: PythonCall? {
    guard let python = function.python, let name = python.name else { return nil }
    let module = String(library.name.map { $0 == "-" ? "_" : $0 })
    return PythonCall(
      module: module, className: python.className, name: name,
      arguments: python.arguments ?? arguments(withReceiver: python.className == nil))
  }

  private func arguments(withReceiver: Bool) -> [PythonArgument] {
    let sizes = function.sizes
    return function.parameters.filter { parameter in
      parameter.direction != .out && !sizes.contains(parameter.name) && parameter.role != "free-callback"
        && (withReceiver || parameter.name != function.receiver)
    }.map { parameter in
      PythonArgument(
        name: parameter.name, parameter: parameter.name, defaultValue: parameter.role == "flags" ? "0" : nil,
        location: parameter.location)
    }
  }
}

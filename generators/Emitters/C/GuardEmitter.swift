import APIDescription
import BindingPlan
import CodePrinting

/// Writes the checks before a call.
struct GuardEmitter {
  let emitter: FunctionEmitter

  init(_ emitter: FunctionEmitter) { self.emitter = emitter }

  /// The C name of a handle class.
  static func classConstant(_ handle: HandleType) -> String { "VIRT_CLASS_\(handle.classID.uppercased().replacingHyphens)" }

  private var connection: String { "virt_connection_of(\(emitter.receiver))" }
  private var descriptor: String { "&\(emitter.descriptor)" }

  private var flagsName: String { emitter.function.parameters.first { $0.role == "flags" }?.name ?? "flags" }

  /// Writes the entering of the library and then the checks.
  func write(_ guards: [Guard], to printer: inout CodePrinter) {
    printer.line("VIRT_ENTER();")
    check(guards, to: &printer)
  }

  /// Writes the checks.
  func check(_ guards: [Guard], to printer: inout CodePrinter) {
    for one in guards { write(one, to: &printer) }
  }

  private func refuse(_ condition: String, _ call: String, to printer: inout CodePrinter) {
    printer.line("if (VIRT_UNLIKELY(\(condition))) { \(call); \(emitter.failure) }")
  }

  private func value(_ name: String, _ rule: String, _ limit: String = "0") -> String {
    "virt_refuse_value(\(connection), \(descriptor), \"\(name)\", \(rule), \(limit))"
  }

  private func write(_ one: Guard, to printer: inout CodePrinter) {
    switch one {
    case .handle(let name, let type, let isNullable):
      let test = "!virt_is(\(name), \(Self.classConstant(type)))"
      refuse(
        isNullable ? "\(name) && \(test)" : test, "virt_refuse_handle(\(name), \(Self.classConstant(type)), \(descriptor))",
        to: &printer)
    case .mode(let writes):
      let bits = writes ? "VIRT_MODE_READ_ONLY | VIRT_MODE_DEAD" : "VIRT_MODE_DEAD"
      refuse("virt_mode_has(\(connection), \(bits))", "virt_refuse_mode(\(connection), \(descriptor))", to: &printer)
    case .sameConnection(let name):
      refuse("\(name) && virt_connection_of(\(name)) != \(connection)", value(name, "VIRT_RULE_CONNECTION"), to: &printer)
    case .notNull(let name):
      refuse("!\(name)", "virt_refuse_null(\(connection), \(descriptor), \"\(name)\")", to: &printer)
    case .notNullUnlessEmpty(let name, let count):
      refuse(
        "!\(name) && \(count.split(separator: "*").map { "\($0) > 0" }.joined(separator: " && "))",
        "virt_refuse_null(\(connection), \(descriptor), \"\(name)\")", to: &printer)
    case .notNullUnlessZero(let name, let pointer):
      refuse("!\(name) && *\(pointer) != 0", "virt_refuse_null(\(connection), \(descriptor), \"\(name)\")", to: &printer)
    case .least(let name, let least, let isUnsigned, let isPointer):
      writeLeast(name, least, isUnsigned, isPointer, to: &printer)
    case .most(let name, let most):
      refuse("\(name) >= \(most)", value(name, "VIRT_RULE_BELOW", most), to: &printer)
    case .size(let name, let structName):
      refuse("\(name) > sizeof(\(structName))", value(name, "VIRT_RULE_SIZE", "sizeof(\(structName))"), to: &printer)
    case .deniedFlag(let flag):
      refuse(
        "(\(flagsName) & \(flag)) && virt_mode_has(\(connection), VIRT_MODE_READ_ONLY)",
        "virt_refuse_flag_read_only(\(connection), \(descriptor), \"\(flag)\")", to: &printer)
    case .exclusive(let first, let second):
      refuse(
        "(\(flagsName) & \(first)) && (\(flagsName) & \(second))",
        "virt_refuse_flags(\(connection), \(descriptor), \"\(first)\", \"\(second)\")", to: &printer)
    case .requires(let flag, let needed):
      refuse(
        "(\(flagsName) & \(flag)) && !(\(flagsName) & \(needed))",
        "virt_refuse_flag_alone(\(connection), \(descriptor), \"\(flag)\", \"\(needed)\")", to: &printer)
    case .product(let first, let second, let most):
      refuse(
        "\(second) > 0 && \(first) > \(most) / \(second)",
        "virt_refuse_product(\(connection), \(descriptor), (uint64_t)\(first), (uint64_t)\(second))", to: &printer)
    }
  }

  private func writeLeast(_ name: String, _ least: Int, _ isUnsigned: Bool, _ isPointer: Bool, to printer: inout CodePrinter) {
    let operand = isPointer ? "*\(name)" : name
    switch (least, isUnsigned) {
    case (0, true): break
    case (0, false): refuse("\(operand) < 0", value(name, "VIRT_RULE_NEGATIVE"), to: &printer)
    case (1, true): refuse("\(operand) == 0", value(name, "VIRT_RULE_ZERO"), to: &printer)
    case (1, false): refuse("\(operand) <= 0", value(name, "VIRT_RULE_NOT_POSITIVE"), to: &printer)
    default: refuse("\(operand) < \(least)", value(name, "VIRT_RULE_LEAST", "\(least)"), to: &printer)
    }
  }
}

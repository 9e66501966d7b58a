internal import CVirt
internal import CVirtRuntime

// An error keeps the name of the argument it refuses, so that name must outlive it: a Swift string passed to C does not.

extension StaticString {
  /// The text for C, valid for ever.
  var permanent: UnsafePointer<CChar> { UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self) }
}

/// Refuses NULL for an argument.
func refuseNull(
  _ connection: UnsafeMutablePointer<virt_connection>?, _ function: UnsafePointer<virt_function>?, _ argument: StaticString
) {
  virt_refuse_null(connection, function, argument.permanent)
}

/// Refuses a number that breaks a rule.
func refuseValue(
  _ connection: UnsafeMutablePointer<virt_connection>?, _ function: UnsafePointer<virt_function>?, _ argument: StaticString,
  _ rule: virt_rule, _ limit: Int64
) {
  virt_refuse_value(connection, function, argument.permanent, rule, limit)
}

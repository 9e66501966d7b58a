internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine

/// Refuses flags that an operation does not have.
func accept<Flags: OptionSet>(
  _ flags: Flags, only known: Flags, in operation: StaticString, for domain: ErrorDomain = .test
) throws(VirtError)
where Flags.RawValue == UInt32 {
  guard known.isSuperset(of: Flags(rawValue: flags.rawValue)) else {
    throw unsupported(flags.rawValue & ~known.rawValue, operation, domain)
  }
}

/// Refuses a stream of another connection than that of the object it is for.
func check(
  _ stream: VirtDriverKit.Stream, fits object: some Handle, of domain: ErrorDomain, in function: StaticString
) throws(VirtError) {
  guard stream.connection.pointer == object.connection.pointer else {
    throw VirtError(
      .invalidArg, domain, "the stream is of another connection than the object",
      details: ErrorDetails("\(function)", "stream", integers: (0, 0)))
  }
}

/// Refuses flags of an operation that has none.
func acceptNone(_ flags: UInt32, in operation: StaticString, for domain: ErrorDomain = .test) throws(VirtError) {
  guard flags == 0 else { throw unsupported(flags, operation, domain) }
}

private func unsupported(_ flags: UInt32, _ operation: StaticString, _ domain: ErrorDomain) -> VirtError {
  VirtError(
    .invalidArg, domain, "", "the test driver has no flags 0x\(String(flags, radix: 16)) in \(operation)",
    details: ErrorDetails("\(operation)", "flags", integers: (0, 0)))
}

/// Which of a domain's two definitions a call is about.
struct Impact {
  /// What runs.
  var live: Bool
  /// What starts next.
  var configuration: Bool

  /// Reads the flags of a call that may mean both at once.
  init(_ flags: UInt32, of record: DomainRecord) throws(VirtError) {
    let impact = DomainModificationImpact(rawValue: flags)
    live = impact.contains(.live)
    configuration = impact.contains(.config)
    if !live, !configuration {
      live = record.isActive
      configuration = !record.isActive
    }
    if live, !record.isActive { throw Self.notRunning(record) }
    if configuration, !record.isPersistent {
      throw VirtError(.operationInvalid, .domain, "a transient domain has no lasting configuration:", record.definition.name)
    }
  }

  /// Says that a domain would have to run.
  static func notRunning(_ record: DomainRecord) -> VirtError {
    VirtError(.operationInvalid, .domain, "the domain does not run:", record.definition.name)
  }
}

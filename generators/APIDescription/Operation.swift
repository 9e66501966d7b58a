/// A group of operations that one driver is responsible for.
public struct OperationGroup {
  public let name: String
  /// Which table they are in: `connection`, `stream` or `admin`.
  public let table: String
  public let operations: [Operation]
  public let location: SourceLocation
}

/// Something a driver can do.
public struct Operation {
  public let name: String
  public let id: Int
  public let revision: Int
  public let group: String
  public let table: String
  /// The public function whose parameters are its signature; nil when it has its own.
  public let function: String?
  /// Its own parameters, when there is no public function.
  public let parameters: [Parameter]
  public let since: String?
  public let blocks: Bool
  /// What happens when a driver lacks it: `unsupported`, `success` or a named fallback.
  public let missing: String
  /// `unassigned` or `none` when no wire procedure exists.
  public let wire: String?
  public let access: [AccessRule]
  public let filters: [AccessRule]
  public let doc: String
  public let location: SourceLocation
}

/// A permission that a call needs, or that a list is filtered by.
public struct AccessRule {
  public let object: String
  public let permission: String
  /// The flag condition under which it is needed.
  public let when: String?
}

/// A wire program.
public struct WireProgram {
  public let name: String
  public let number: String
  public let version: Int
  public let procedures: [WireProcedure]
  public let location: SourceLocation
}

/// A procedure of a wire program.
public struct WireProcedure {
  public let name: String
  public let number: Int
  public let operation: String?
  public let priority: String
  public let stream: String?
  public let role: String?
  public let location: SourceLocation
}

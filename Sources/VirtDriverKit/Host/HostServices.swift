internal import CVirt
internal import CVirtDriverKit
public import VirtCore

/// What the host does for drivers besides handles, events and streams. Callable from any thread.
public enum HostServices {
  /// How much a message matters.
  public enum Priority: UInt32, Sendable {
    /// For developers.
    case debug = 1
    /// What happens.
    case info = 2
    /// Something is wrong, work goes on.
    case warning = 3
    /// Something failed.
    case error = 4
  }

  /// Writes a message, if anybody wants it; the text is made only then.
  public static func log(_ priority: Priority, _ message: @autoclosure () -> String) {
    guard virt_kit_log_enabled(priority.rawValue) != 0 else { return }
    var text = message()
    text.withUTF8 { bytes in
      virt_kit_log(priority.rawValue, UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self), bytes.count)
    }
  }

  /// A value of the driver's configuration file; nil when it is not set.
  public static func configuration(_ key: String) -> String? {
    guard let text = virt_kit_configuration_value(key) else { return nil }
    defer { virt_kit_release(text) }
    return String(cString: text)
  }

  /// Whether the caller may do something to an object; throws what the host raised when that cannot be told. Hold no lock
  /// for long around it.
  public static func allows(
    _ permission: String, on object: String, _ identity: ObjectIdentity?, for connection: Connection, quiet: Bool = false
  ) throws(VirtError) -> Bool {
    let answer = object.withCString { object in
      permission.withCString { permission in
        var question = virt_driver_access()
        question.size = MemoryLayout<virt_driver_access>.size
        question.connection = connection.pointer
        question.object = object
        question.permission = permission
        question.flags = quiet ? VIRT_DRIVER_ACCESS_QUIET : 0
        guard let identity else { return virt_kit_access_check(&question) }
        return identity.withC { pointer in
          question.identity = pointer
          return virt_kit_access_check(&question)
        }
      }
    }
    guard answer >= 0 else { throw VirtError(.init(rawValue: virt_kit_raised_code()), .none, "access cannot be checked") }
    return answer != 0
  }

  /// The name of a number, by `VIRT_DRIVER_NAME_…`.
  static func name(_ kind: UInt32, _ number: UInt32) -> String? {
    virt_kit_name_of(kind, number).map { String(cString: $0) }
  }

  /// All error codes, by number.
  public static var errorCodes: [ErrorCode] {
    (1..<1024).filter { name(VIRT_DRIVER_NAME_ERROR, $0) != nil }.map { ErrorCode(rawValue: Int32($0)) }
  }

  /// The error code of a name: that of C, its words with hyphens, `operation-failed`, or its number.
  public static func errorCode(named text: String) -> ErrorCode? {
    let wanted = text.uppercased().split(separator: "-").joined(separator: "_")
    return errorCodes.first { code in
      let known = name(VIRT_DRIVER_NAME_ERROR, UInt32(code.rawValue))
      return known == wanted || known == "VIR_ERR_" + wanted || "\(code.rawValue)" == text
    }
  }

  /// Tells that what is behind a connection is gone; the application's close callback runs on its event loop.
  public static func closed(_ connection: Connection, reason: Int32) {
    virt_kit_connection_closed(connection.pointer, reason)
  }

  /// Who calls: `VIR_CONNECT_IDENTITY_…` parameters.
  public static func callerIdentity(of connection: Connection) throws(VirtError) -> [TypedParameter] {
    var list = virt_driver_parameters()
    let code = virt_kit_caller_identity(connection.pointer, &list)
    guard code == 0 else { throw VirtError(.init(rawValue: code), .none, "the caller is not known") }
    defer { virt_kit_parameters_clear(&list) }
    return try TypedParameter.read(list.items, Int(list.count))
  }
}

internal import CVirt
internal import CVirtDispatch
internal import CVirtRuntime
internal import Glibc
internal import VirtCore

extension Services {
  typealias Credentials = @convention(c) (virConnectPtr?, virConnectCredentialPtr?, UInt32) -> Int32
  typealias StreamAttach =
    @convention(c) (
      virStreamPtr?, UnsafePointer<virt_driver_array>?, UnsafeMutableRawPointer?,
      (@convention(c) (UnsafeMutableRawPointer?) -> Void)?
    ) -> Int32
  typealias StreamReady = @convention(c) (virStreamPtr?, Int32) -> Void
  typealias CompanionOpen = @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?, UInt32) -> virConnectPtr?
  typealias ConnectionRows = @convention(c) (virConnectPtr?, UnsafeMutablePointer<UInt32>?) -> UnsafePointer<virt_row>?
  typealias ConnectionClosed = @convention(c) (virConnectPtr?, Int32) -> Void
  typealias CallerIdentity = @convention(c) (virConnectPtr?, UnsafeMutablePointer<virt_driver_parameters>?) -> Int32

  typealias ConnectionWaits = @convention(c) (virConnectPtr?) -> Void
  typealias NameOf = @convention(c) (UInt32, UInt32) -> UnsafePointer<CChar>?

  /// Connections and streams.
  static var connections: [virt_driver_service] {
    [
      entry(VIRT_SERVICE_CREDENTIALS, { Services.credentials($0, $1, $2) } as Credentials),
      entry(VIRT_SERVICE_STREAM_ATTACH, { Services.attach($0, $1, $2, $3) } as StreamAttach),
      entry(VIRT_SERVICE_STREAM_READY, { stream, events in Services.ready(stream, events) } as StreamReady),
      entry(
        VIRT_SERVICE_COMPANION_OPEN,
        { _, uri, flags in
          let opened = Opening.open(uri, nil, flags)
          return opened
        } as CompanionOpen),
      entry(
        VIRT_SERVICE_CONNECTION_ROWS,
        { connection, count in
          guard let connection else { return nil }
          count?.pointee = virt_connection_operation_count
          return virt_rows_of(UnsafeRawPointer(connection))
        } as ConnectionRows),
      entry(VIRT_SERVICE_CONNECTION_CLOSED, { connection, reason in Services.closed(connection, reason) } as ConnectionClosed),
      entry(VIRT_SERVICE_CONNECTION_WAITS, { HostConnection.of(handle: $0)?.mayWait() } as ConnectionWaits),
      entry(VIRT_SERVICE_NAME_OF, { kind, number in Services.name(kind, number) } as NameOf),
      entry(VIRT_SERVICE_CALLER_IDENTITY, { _, list in Services.callerIdentity(list) } as CallerIdentity),
    ]
  }

  private static func attach(
    _ stream: virStreamPtr?, _ operations: UnsafePointer<virt_driver_array>?, _ state: UnsafeMutableRawPointer?,
    _ release: (@convention(c) (UnsafeMutableRawPointer?) -> Void)?
  ) -> Int32 {
    StreamState.attach(stream, operations, state, release)
  }

  private static func name(_ kind: UInt32, _ number: UInt32) -> UnsafePointer<CChar>? {
    switch kind {
    case VIRT_DRIVER_NAME_OPERATION:
      number < virt_connection_operation_count ? virt_connection_operation(number)?.pointee.name : nil
    case VIRT_DRIVER_NAME_STREAM_OPERATION:
      number < virt_stream_operation_count ? virt_stream_operation(number)?.pointee.name : nil
    case VIRT_DRIVER_NAME_ERROR: virt_error_name(number)
    default: nil
    }
  }

  private static func closed(_ connection: virConnectPtr?, _ reason: Int32) {
    HostConnection.of(handle: connection)?.events.queueClosed(reason)
  }

  private static func ready(_ stream: virStreamPtr?, _ events: Int32) {
    StreamState.of(stream)?.ready(events)
  }

  private static func credentials(_ connection: virConnectPtr?, _ wanted: virConnectCredentialPtr?, _ count: UInt32) -> Int32 {
    guard let host = HostConnection.of(handle: connection), let auth = host.authentication?.pointee, let callback = auth.cb,
      let wanted
    else {
      VirtError(.invalidArg, .auth, "the driver needs credentials, and the program offers no way to ask for them").raise()
      return ErrorCode.invalidArg.rawValue
    }
    let offered = UnsafeBufferPointer(start: auth.credtype, count: Int(auth.ncredtype))
    for index in 0..<Int(count) where !offered.contains(wanted[index].type) {
      let hidden = ConnectCredentialType.noechoprompt.rawValue
      if wanted[index].type == ConnectCredentialType.passphrase.rawValue, offered.contains(hidden) {
        wanted[index].type = hidden
        continue
      }
      VirtError(.authFailed, .auth, "", "the program cannot ask for credentials of the kind \(wanted[index].type)").raise()
      return ErrorCode.authFailed.rawValue
    }
    if callback(wanted, count, auth.cbdata) < 0 {
      VirtError(.authFailed, .auth, "the program did not give the credentials").raise()
      return ErrorCode.authFailed.rawValue
    }
    return 0
  }

  private static func callerIdentity(_ list: UnsafeMutablePointer<virt_driver_parameters>?) -> Int32 {
    guard let list else { return ErrorCode.invalidArg.rawValue }
    var numbers: [(StaticString, UInt64)] = [("unix-user-id", UInt64(geteuid())), ("unix-group-id", UInt64(getegid()))]
    var process = Int64(getpid())
    for index in numbers.indices {
      let (name, _) = numbers[index]
      let code = name.withUTF8Buffer { text in
        text.withMemoryRebound(to: CChar.self) {
          add(list, $0.baseAddress, Int32(VIR_TYPED_PARAM_ULLONG.rawValue), &numbers[index].1)
        }
      }
      if code != 0 { return code }
    }
    return add(list, "process-id", Int32(VIR_TYPED_PARAM_LLONG.rawValue), &process)
  }
}

internal import CVirt
internal import CVirtDispatch
internal import CVirtRuntime
internal import Glibc
internal import VirtCore

// Stream functions that are written by hand, behind their entry points.

private enum Names {
  nonisolated(unsafe) static let new = Functions.descriptor("virStreamNew", .streams)
  nonisolated(unsafe) static let add = Functions.descriptor("virStreamEventAddCallback", .streams)
  nonisolated(unsafe) static let update = Functions.descriptor("virStreamEventUpdateCallback", .streams)
  nonisolated(unsafe) static let remove = Functions.descriptor("virStreamEventRemoveCallback", .streams)
}

/// The stream behind a handle that must be one and have its driver; nil after refusing.
private func checked(_ stream: virStreamPtr?, _ function: UnsafePointer<virt_function>) -> (
  StreamState, UnsafeMutablePointer<virt_connection>
)? {
  guard let connection = enter(stream, VIRT_CLASS_STREAM, function), let stream else { return nil }
  guard let state = StreamState.of(stream), state.isAttached else {
    virt_call_failed(connection, function, ErrorCode.noSupport.rawValue)
    return nil
  }
  return (state, connection)
}

@c(virt_body_virStreamNew)
func streamNew(_ conn: virConnectPtr?, _ flags: UInt32) -> virStreamPtr? {
  guard let connection = enter(conn, VIRT_CLASS_CONNECTION, Names.new) else { return nil }
  return StreamState.make(connection, mayWait: flags & StreamFlags.nonblock.rawValue == 0)
}

@c(virt_body_virStreamEventAddCallback)
func streamAdd(
  _ stream: virStreamPtr?, _ events: Int32, _ cb: virStreamEventCallback?, _ opaque: UnsafeMutableRawPointer?,
  _ ff: virFreeCallback?
) -> Int32 {
  guard let (state, connection) = checked(stream, Names.add), let stream else { return -1 }
  guard let cb else {
    refuseNull(connection, Names.add, "cb")
    return -1
  }
  do throws(VirtError) {
    try state.add(stream, events, cb, opaque, ff)
    return 0
  } catch {
    error.raise()
    virt_error_dispatch(connection)
    return -1
  }
}

/// Signatures of the stream operations.
typealias VirtStreamPlain = @convention(c) (UnsafeMutableRawPointer?, virStreamPtr?) -> Int32
typealias VirtStreamSend =
  @convention(c) (UnsafeMutableRawPointer?, virStreamPtr?, UnsafePointer<CChar>?, Int, UnsafeMutablePointer<Int32>?) -> Int32
typealias VirtStreamReceivePlain =
  @convention(c) (UnsafeMutableRawPointer?, virStreamPtr?, UnsafeMutablePointer<CChar>?, Int, UnsafeMutablePointer<Int32>?) -> Int32
typealias VirtStreamReceive =
  @convention(c) (UnsafeMutableRawPointer?, virStreamPtr?, UnsafeMutablePointer<CChar>?, Int, UInt32, UnsafeMutablePointer<Int32>?)
  -> Int32
typealias VirtStreamHole = @convention(c) (UnsafeMutableRawPointer?, virStreamPtr?, UnsafeMutablePointer<Int64>?, UInt32) -> Int32
typealias VirtStreamSendHole = @convention(c) (UnsafeMutableRawPointer?, virStreamPtr?, Int64, UInt32) -> Int32

/// Calls a stream operation through the stream's own rows.
func streamOperation<Function>(
  _ stream: virStreamPtr, _ id: UInt32, _ type: Function.Type, _ call: (Function, UnsafeMutableRawPointer?) -> Int32
) -> Int32 {
  guard let rows = virt_rows_of(UnsafeRawPointer(stream)), let function = rows[Int(id)].function else {
    return ErrorCode.noSupport.rawValue
  }
  return call(unsafeBitCast(function, to: type), rows[Int(id)].state)
}

@c(virt_body_virStreamEventUpdateCallback)
func streamUpdate(_ stream: virStreamPtr?, _ events: Int32) -> Int32 {
  guard let (state, connection) = checked(stream, Names.update) else { return -1 }
  if !state.update(events) {
    virt_refuse(connection, Names.update, ErrorCode.internalError.rawValue, "the stream has no event callback")
    return -1
  }
  return 0
}

@c(virt_body_virStreamEventRemoveCallback)
func streamRemove(_ stream: virStreamPtr?) -> Int32 {
  guard let (state, connection) = checked(stream, Names.remove) else { return -1 }
  if !state.remove() {
    virt_refuse(connection, Names.remove, ErrorCode.internalError.rawValue, "the stream has no event callback")
    return -1
  }
  return 0
}

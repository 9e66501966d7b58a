internal import CVirt
internal import CVirtDispatch
internal import CVirtRuntime
internal import Glibc
internal import VirtCore

// The public connection functions, behind their entry points.

@c(virt_body_virConnectOpen)
func openBody(_ name: UnsafePointer<CChar>?) -> virConnectPtr? {
  virt_error_reset()
  return Opening.open(name, nil, 0)
}

@c(virt_body_virConnectOpenReadOnly)
func openReadOnlyBody(_ name: UnsafePointer<CChar>?) -> virConnectPtr? {
  virt_error_reset()
  return Opening.open(name, nil, UInt32(VIR_CONNECT_RO.rawValue))
}

@c(virt_body_virConnectOpenAuth)
func openAuthBody(_ name: UnsafePointer<CChar>?, _ auth: virConnectAuthPtr?, _ flags: UInt32) -> virConnectPtr? {
  virt_error_reset()
  return Opening.open(name, auth.map { UnsafePointer($0) }, flags)
}

/// Static descriptors of functions for errors raised here.
enum Functions {
  static func descriptor(_ name: StaticString, _ domain: ErrorDomain) -> UnsafePointer<virt_function> {
    let made = UnsafeMutablePointer<virt_function>.allocate(capacity: 1)
    made.pointee = virt_function()
    name.withUTF8Buffer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { made.pointee.name = $0.baseAddress }
    }
    made.pointee.error_domain = Int16(truncatingIfNeeded: domain.rawValue)
    return UnsafePointer(made)
  }

  nonisolated(unsafe) static let close = descriptor("virConnectClose", .none)
  nonisolated(unsafe) static let getURI = descriptor("virConnectGetURI", .domain)
}

/// Begins a body: forgets the thread's last error, and finds the connection of a handle; nil after refusing a handle that is not live
/// or of another class, or a connection that was closed or is from before a fork.
func enter(
  _ handle: OpaquePointer?, _ classID: UInt32, _ function: UnsafePointer<virt_function>
) -> UnsafeMutablePointer<virt_connection>? {
  virt_error_reset()
  let pointer = handle.map { UnsafeRawPointer($0) }
  guard virt_is(pointer, UInt16(classID)), let connection = virt_connection_of(pointer) else {
    virt_refuse_handle(pointer, UInt16(classID), function)
    return nil
  }
  if virt_mode_has(connection, UInt32(VIRT_MODE_FORKED) | UInt32(VIRT_MODE_CLOSED)) {
    virt_refuse_mode(connection, function)
    return nil
  }
  return connection
}

@c(virt_body_virConnectClose)
func closeBody(_ conn: virConnectPtr?) -> Int32 {
  virt_error_reset()
  guard let conn, virt_is(UnsafeRawPointer(conn), UInt16(VIRT_CLASS_CONNECTION)) else {
    virt_refuse_handle(conn.map { UnsafeRawPointer($0) }, UInt16(VIRT_CLASS_CONNECTION), Functions.close)
    return -1
  }
  let left = virt_handle_release(UnsafeMutableRawPointer(conn))
  if left < 0 {
    virt_refuse_handle(UnsafeRawPointer(conn), UInt16(VIRT_CLASS_CONNECTION), Functions.close)
    return -1
  }
  return left > 0 ? 1 : 0
}

@c(virt_body_virConnectGetURI)
func getURIBody(_ conn: virConnectPtr?) -> UnsafeMutablePointer<CChar>? {
  guard let connection = enter(conn, VIRT_CLASS_CONNECTION, Functions.getURI) else { return nil }
  return connection.pointee.uri.flatMap { strdup($0) }
}

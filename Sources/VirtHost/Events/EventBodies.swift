internal import CVirt
internal import CVirtDispatch
internal import CVirtRuntime
internal import VirtCore

// Registering and removing event callbacks, behind the generated entry points (which have checked the handles).

private func fail(_ error: VirtError, _ connection: virConnectPtr?) -> Int32 {
  error.raise()
  virt_error_dispatch(connection.flatMap { virt_connection_of(UnsafeRawPointer($0)) })
  return -1
}

@c(virt_host_event_register_any)
func registerAny(
  _ function: UnsafePointer<virt_function>?, _ family: UInt32, _ connection: virConnectPtr?, _ object: UnsafeMutableRawPointer?,
  _ event: Int32,
  _ callback: (@convention(c) () -> Void)?, _ opaque: UnsafeMutableRawPointer?, _ release: virFreeCallback?
) -> Int32 {
  guard let host = HostConnection.of(handle: connection), let callback else { return -1 }
  if EventSource.kind(family, event) == nil {
    refuseValue(
      host.connection, function, "eventID", event < 0 ? VIRT_RULE_NEGATIVE : VIRT_RULE_BELOW, Int64(lastEvent(family)))
    return -1
  }
  do throws(VirtError) {
    let filter = object.map { EventFilter(virt_identity_of($0)) }
    return try host.events.add(
      family: family, event: event, isLegacy: false, function: callback, filter: filter, opaque: opaque, release: release)
  } catch {
    return fail(error, connection)
  }
}

/// One more than the largest event of a family.
private func lastEvent(_ family: UInt32) -> Int32 {
  var last: Int32 = 0
  for index in 0..<virt_event_kind_count {
    if let kind = virt_event_kind_at(index)?.pointee, kind.family == family { last = max(last, kind.event + 1) }
  }
  return last
}

@c(virt_host_event_deregister_any)
func deregisterAny(_ function: UnsafePointer<virt_function>?, _ family: UInt32, _ connection: virConnectPtr?, _ identifier: Int32)
  -> Int32
{
  guard let host = HostConnection.of(handle: connection) else { return -1 }
  if host.events.remove({ $0.identifier == identifier && $0.family == family }) { return 0 }
  return fail(VirtError(.invalidArg, .none, "", "no event callback has the id \(identifier)"), connection)
}

@c(virt_host_event_register_legacy)
func registerLegacy(
  _ function: UnsafePointer<virt_function>?, _ family: UInt32, _ connection: virConnectPtr?,
  _ callback: (@convention(c) () -> Void)?,
  _ opaque: UnsafeMutableRawPointer?, _ release: virFreeCallback?
) -> Int32 {
  guard let host = HostConnection.of(handle: connection), let callback else { return -1 }
  do throws(VirtError) {
    _ = try host.events.add(
      family: family, event: 0, isLegacy: true, function: callback, filter: nil, opaque: opaque, release: release)
    return 0
  } catch {
    return fail(error, connection)
  }
}

@c(virt_host_event_deregister_legacy)
func deregisterLegacy(
  _ function: UnsafePointer<virt_function>?, _ family: UInt32, _ connection: virConnectPtr?,
  _ callback: (@convention(c) () -> Void)?
) -> Int32 {
  guard let host = HostConnection.of(handle: connection), let callback else { return -1 }
  let address = unsafeBitCast(callback, to: Int.self)
  if host.events.remove({ $0.isLegacy && $0.family == family && unsafeBitCast($0.function, to: Int.self) == address }) { return 0 }
  return fail(VirtError(.invalidArg, .none, "the event callback is not registered"), connection)
}

@c(virt_host_event_register_close)
func registerClose(
  _ function: UnsafePointer<virt_function>?, _ family: UInt32, _ connection: UnsafeMutableRawPointer?,
  _ callback: (@convention(c) () -> Void)?,
  _ opaque: UnsafeMutableRawPointer?, _ release: virFreeCallback?
) -> Int32 {
  let handle = connection.map { OpaquePointer($0) }
  guard let host = HostConnection.of(handle: handle), let callback else { return -1 }
  let close = ConnectionEvents.CloseCallback(
    function: unsafeBitCast(callback, to: virConnectCloseFunc.self), opaque: opaque, release: release)
  if host.events.setClose(close) { return 0 }
  return fail(VirtError(.operationUnsupported, .none, "a close callback is registered already"), handle)
}

@c(virt_host_event_deregister_close)
func deregisterClose(
  _ function: UnsafePointer<virt_function>?, _ family: UInt32, _ connection: UnsafeMutableRawPointer?,
  _ callback: (@convention(c) () -> Void)?
) -> Int32 {
  let handle = connection.map { OpaquePointer($0) }
  guard let host = HostConnection.of(handle: handle), let callback else { return -1 }
  if host.events.clearClose(unsafeBitCast(callback, to: virConnectCloseFunc.self)) { return 0 }
  return fail(VirtError(.invalidArg, .none, "another close callback is registered, or none"), handle)
}

@c(virt_host_event_register_monitor)
func registerMonitor(
  _ function: UnsafePointer<virt_function>?, _ family: UInt32, _ connection: virConnectPtr?, _ domain: virDomainPtr?,
  _ event: UnsafePointer<CChar>?,
  _ callback: (@convention(c) () -> Void)?, _ opaque: UnsafeMutableRawPointer?, _ release: virFreeCallback?, _ flags: UInt32
) -> Int32 {
  // No driver here emits events of a monitor yet.
  virt_refuse_unsupported(connection.flatMap { virt_connection_of(UnsafeRawPointer($0)) }, function)
  return -1
}

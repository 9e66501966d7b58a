public import CVirt
internal import CVirtDriverKit
internal import VirtCore

/// How the one driver of this shared object answers; set when it negotiates, before anything else happens.
private struct Driving {
  var open: (OpenRequest) throws(VirtError) -> UnsafeMutableRawPointer?
  var close: (UnsafeMutableRawPointer) -> Void
  var propose: () throws(VirtError) -> String?
}
nonisolated(unsafe) private var driving: Driving?

/// Answers the host on behalf of a driver: keeps the host's services and names the driver's operations.
///
/// A plugin's only exported function is one line that calls this. Called once per process, under the host's load lock.
/// - Returns: 0, or -1 with a reason in the reply.
public func negotiate<Driver: VirtDriver>(
  _ driver: Driver.Type, _ host: UnsafePointer<virt_driver_host>?, _ reply: UnsafeMutablePointer<virt_driver_reply>?
) -> Int32 {
  guard let host, let reply, reply.pointee.size >= MemoryLayout<virt_driver_reply>.size else { return -1 }
  if let reason = virt_kit_start(host) {
    reply.pointee.error = reason
    return -1
  }
  let table = ProviderTable(Driver.operations, count: VIRT_OPERATION_COUNT, own: lifeCycle)
  driving = Driving(
    open: { (request) throws(VirtError) in
      guard let driver = try Driver.open(request) else { return nil }
      let watch = driver.watch
      if let watch { try begin(watch, on: request.connection) { driver.close() } }
      return ProviderState.make(driver, table, watch)
    },
    close: { state in
      let watch = endWatch(state)
      unsafeDowncast(ProviderState.end(state), to: Driver.self).close()
      withExtendedLifetime(watch) {}
    },
    propose: { () throws(VirtError) in try Driver.proposeURI() })
  reply.pointee.minor = min(host.pointee.minor_most, VIRT_DRIVER_ABI_MINOR)
  reply.pointee.operations = table.operations
  return 0
}

/// Lets the watch of a new connection see that it is opened; ends the driver's part when that is refused.
private func begin(_ watch: any OperationWatch, on connection: Connection, _ close: () -> Void) throws(VirtError) {
  let opening = WatchedOperation(VIRT_OPERATION_connectOpen)
  do throws(VirtError) {
    if watch.watches(opening) { _ = try watch.begin(opening, .none) }
  } catch {
    close()
    throw error
  }
  virt_kit_connection_waits(connection.pointer)
  ConnectionWatches.set(watch, of: connection)
}

/// Lets the watch of a connection see that it is closed, and forgets it.
private func endWatch(_ pointer: UnsafeMutableRawPointer) -> (any OperationWatch)? {
  guard let watched = pointer.assumingMemoryBound(to: ProviderState.self).pointee.watched else { return nil }
  let watch = watched.takeUnretainedValue().watch
  let closing = WatchedOperation(VIRT_OPERATION_connectClose)
  do throws(VirtError) {
    if watch.watches(closing) { _ = try watch.begin(closing, .none) }
  } catch { HostServices.log(.debug, "closing cannot fail: \(error.detail)") }
  ConnectionWatches.forget(watch)
  return watch
}

/// The operations every driver has from the kit.
private var lifeCycle: [(id: UInt32, function: @convention(c) () -> Void)] {
  typealias Open =
    @convention(c) (
      UnsafeMutableRawPointer?, UnsafePointer<virt_driver_open>?, UnsafeMutablePointer<UnsafeMutableRawPointer?>?
    ) -> Int32
  typealias Close = @convention(c) (UnsafeMutableRawPointer?) -> Int32
  typealias Propose =
    @convention(c) (
      UnsafeMutableRawPointer?, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    ) -> Int32
  return [
    (VIRT_OPERATION_connectOpen, unsafeBitCast(openConnection as Open, to: (@convention(c) () -> Void).self)),
    (VIRT_OPERATION_connectClose, unsafeBitCast(closeConnection as Close, to: (@convention(c) () -> Void).self)),
    (VIRT_OPERATION_connectProposeURI, unsafeBitCast(proposeURI as Propose, to: (@convention(c) () -> Void).self)),
  ]
}

private func openConnection(
  _ driver: UnsafeMutableRawPointer?, _ request: UnsafePointer<virt_driver_open>?,
  _ result: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> Int32 {
  guard let driving, let request, let result, let opening = OpenRequest(request) else { return refuseCall() }
  do throws(VirtError) {
    guard let state = try driving.open(opening) else { return VIRT_DRIVER_DECLINED }
    result.pointee = state
    return 0
  } catch { return raise(error) }
}

private func closeConnection(_ driver: UnsafeMutableRawPointer?) -> Int32 {
  guard let driving, let driver else { return refuseCall() }
  driving.close(driver)
  return 0
}

private func proposeURI(
  _ driver: UnsafeMutableRawPointer?, _ result: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  guard let driving, let result else { return refuseCall() }
  do throws(VirtError) {
    if let text = try driving.propose() { result.pointee = try HostString(text).take() }
    return 0
  } catch { return raise(error) }
}

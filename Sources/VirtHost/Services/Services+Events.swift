internal import CVirt
internal import CVirtDispatch
internal import CVirtRuntime
internal import VirtCore

extension Services {
  typealias SourceMake = @convention(c) (UnsafeMutableRawPointer?) -> OpaquePointer?
  typealias SourceRelease = @convention(c) (OpaquePointer?) -> Void
  typealias SourceAttach = @convention(c) (OpaquePointer?, virConnectPtr?) -> Int32
  typealias SourceDetach = @convention(c) (OpaquePointer?, virConnectPtr?) -> Void
  typealias Emit = @convention(c) (OpaquePointer?, UInt32, Int32, UnsafeRawPointer?) -> Void
  typealias Wanted = @convention(c) (OpaquePointer?, UInt32, Int32) -> Int32

  /// Event sources.
  static var events: [virt_driver_service] {
    [
      entry(VIRT_SERVICE_EVENT_SOURCE_MAKE, { _ in OpaquePointer(Unmanaged.passRetained(EventSource()).toOpaque()) } as SourceMake),
      entry(
        VIRT_SERVICE_EVENT_SOURCE_RELEASE,
        { if let source = $0 { Unmanaged<EventSource>.fromOpaque(UnsafeRawPointer(source)).release() } } as SourceRelease),
      entry(
        VIRT_SERVICE_EVENT_SOURCE_ATTACH,
        { source, connection in
          guard let source = Services.source(source), let host = HostConnection.of(handle: connection) else {
            return ErrorCode.invalidArg.rawValue
          }
          source.attach(host.events)
          return 0
        } as SourceAttach),
      entry(
        VIRT_SERVICE_EVENT_SOURCE_DETACH,
        { source, connection in
          if let source = Services.source(source), let host = HostConnection.of(handle: connection) { source.detach(host.events) }
        } as SourceDetach),
      entry(
        VIRT_SERVICE_EVENT_EMIT,
        { source, family, event, payload in
          if let source = Services.source(source), let payload { source.emit(family, event, payload) }
        } as Emit),
      entry(
        VIRT_SERVICE_EVENT_WANTED,
        { source, family, event in Services.source(source)?.wants(family, event) == true ? 1 : 0 } as Wanted),
    ]
  }

  private static func source(_ pointer: OpaquePointer?) -> EventSource? {
    pointer.map { Unmanaged<EventSource>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() }
  }
}

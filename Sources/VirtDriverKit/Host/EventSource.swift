internal import CVirtDriverKit
public import VirtCore

/// Where events come from: one per thing that several connections share, or one per connection.
///
/// The host owns callbacks and delivers on the application's event loop. Emitting is one generated method per event
/// (`domainLifecycle(…)`); it may be called from any thread, holding any lock: it only queues.
public final class EventSource: @unchecked Sendable {
  /// The host's object.
  let source: OpaquePointer

  /// Makes a source that nobody hears yet.
  public init() throws(VirtError) {
    guard let made = virt_kit_event_source_make() else { throw VirtError(.noMemory, .none) }
    source = made
  }

  deinit { virt_kit_event_source_release(source) }

  /// Lets a connection hear what is emitted from now on; ends with the connection.
  public func attach(_ connection: Connection) throws(VirtError) {
    let code = virt_kit_event_source_attach(source, connection.pointer)
    guard code == 0 else { throw VirtError(.init(rawValue: code), .none, "cannot tell the connection of events") }
  }

  /// Ends that early.
  public func detach(_ connection: Connection) { virt_kit_event_source_detach(source, connection.pointer) }

  /// Whether anybody listens to an event now. Ask before preparing an expensive payload.
  func wants(_ family: UInt32, _ event: Int32) -> Bool { virt_kit_event_wanted(source, family, event) != 0 }

  /// Queues an event.
  func emit(_ family: UInt32, _ event: Int32, _ payload: UnsafeRawPointer) {
    virt_kit_event_emit(source, family, event, payload)
  }
}

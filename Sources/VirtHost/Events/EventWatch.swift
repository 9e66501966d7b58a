internal import CVirt
internal import CVirtRuntime
internal import Glibc
internal import VirtCore

/// A connection's place on the event loop: a descriptor that calls the loop. It is there while anybody listens, so that a
/// program whose loop waits for nothing else can end.
final class EventWatch: @unchecked Sendable {
  private let events: ConnectionEvents
  private let descriptor: Int32
  private var number: Int32 = -1
  private var leftOver: [RegisteredCallback] = []

  init(_ events: ConnectionEvents) throws(VirtError) {
    self.events = events
    descriptor = virt_wake_open()
    number = EventImplementation.addHandle(
      descriptor, Int32(VIR_EVENT_HANDLE_READABLE.rawValue),
      { _, _, _, opaque in
        guard let opaque else { return }
        let watch = Unmanaged<EventWatch>.fromOpaque(opaque).takeUnretainedValue()
        watch.events.tell(watch)
      }, Unmanaged.passRetained(self).toOpaque(),
      { opaque in
        guard let opaque else { return }
        let watch = Unmanaged<EventWatch>.fromOpaque(opaque).takeRetainedValue()
        for callback in watch.leftOver { callback.free() }
      })
    if number < 0 {
      close(descriptor)
      Unmanaged.passUnretained(self).release()
      throw VirtError(.internalError, .none, "events need an event loop, and none is registered")
    }
  }

  /// Makes the loop tell what waits.
  func wake() { virt_wake_send(descriptor) }

  /// Takes note of the wake-ups so far.
  func drain() { virt_wake_drain(descriptor) }

  /// Leaves the loop, which frees these callbacks' data when it has let go of the watch. Once, with no lock held.
  func stop(freeing callbacks: [RegisteredCallback] = []) {
    leftOver = callbacks
    _ = EventImplementation.removeHandle(number)
    close(descriptor)
  }
}

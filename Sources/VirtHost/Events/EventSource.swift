internal import CVirt
internal import CVirtDispatch
internal import CVirtRuntime
internal import VirtCore

/// Where a driver's events come from: what it emits reaches every attached connection.
final class EventSource: @unchecked Sendable {
  /// Replaced as a whole, never changed in place: whoever emits goes over a copy outside the lock.
  private let listeners = Lock<[ConnectionEvents]>([])

  func attach(_ events: ConnectionEvents) {
    let isNew: Bool = listeners.withLock { list in
      if list.contains(where: { $0 === events }) { return false }
      var longer: [ConnectionEvents] = []
      longer.reserveCapacity(list.count + 1)
      longer.append(contentsOf: list)
      longer.append(events)
      list = longer
      return true
    }
    if isNew { events.attached(self) }
  }

  func detach(_ events: ConnectionEvents) {
    listeners.withLock { list in list = list.filter { $0 !== events } }
  }

  func wants(_ family: UInt32, _ event: Int32) -> Bool {
    listeners.withLock { list in list.contains { $0.wants(family, event) } }
  }

  /// Queues an event everywhere it is wanted.
  func emit(_ family: UInt32, _ event: Int32, _ payload: UnsafeRawPointer) {
    guard let kind = Self.kind(family, event) else { return }
    let head = payload.assumingMemoryBound(to: virt_driver_event.self).pointee
    guard let object = head.object else { return }
    var shared: SharedPayload?
    for events in listeners.withLock({ $0 }) {
      events.queue(kind) {
        if shared == nil {
          shared = UnsafeRawPointer(object).withMemoryRebound(to: virt_identity.self, capacity: 1) {
            SharedPayload(kind, payload, $0)
          }
        }
        return shared
      }
    }
  }

  /// The kind of an event; nil for one that does not exist.
  static func kind(_ family: UInt32, _ event: Int32) -> UnsafePointer<virt_event_kind>? {
    for index in 0..<virt_event_kind_count {
      let kind = virt_event_kind_at(index)
      if kind?.pointee.family == family && kind?.pointee.event == event { return kind }
    }
    return nil
  }
}

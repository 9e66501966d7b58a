internal import CVirtRuntime

// The public event functions, behind their entry points.

@c(virt_body_virEventRegisterImpl)
func registerImplementation(
  _ addHandle: virEventAddHandleFunc?, _ updateHandle: virEventUpdateHandleFunc?,
  _ removeHandle: virEventRemoveHandleFunc?, _ addTimeout: virEventAddTimeoutFunc?,
  _ updateTimeout: virEventUpdateTimeoutFunc?, _ removeTimeout: virEventRemoveTimeoutFunc?
) {
  _ = EventImplementation.register(
    .application(
      EventImplementation.Functions(
        addHandle: addHandle, updateHandle: updateHandle, removeHandle: removeHandle, addTimeout: addTimeout,
        updateTimeout: updateTimeout, removeTimeout: removeTimeout)))
}

@c(virt_body_virEventRegisterDefaultImpl)
func registerDefaultImplementation() -> Int32 {
  _ = EventImplementation.register(.standard)
  return 0
}

@c(virt_body_virEventRunDefaultImpl)
func runDefaultImplementation() -> Int32 {
  guard case .standard = EventImplementation.current else {
    return failEvent(VIR_ERR_OPERATION_INVALID, "the default event loop is not registered")
  }
  return EventLoop.shared.runOnce() ? 0 : failEvent(VIR_ERR_INTERNAL_ERROR, "the event loop cannot wait")
}

@c(virt_body_virEventAddHandle)
func addHandle(
  _ descriptor: Int32, _ events: Int32, _ callback: virEventHandleCallback?, _ opaque: UnsafeMutableRawPointer?,
  _ free: virFreeCallback?
) -> Int32 {
  EventImplementation.addHandle(descriptor, events, callback, opaque, free)
}

@c(virt_body_virEventUpdateHandle)
func updateHandle(_ watch: Int32, _ events: Int32) {
  EventImplementation.updateHandle(watch, events)
}

@c(virt_body_virEventRemoveHandle)
func removeHandle(_ watch: Int32) -> Int32 {
  EventImplementation.removeHandle(watch)
}

@c(virt_body_virEventAddTimeout)
func addTimeout(
  _ interval: Int32, _ callback: virEventTimeoutCallback?, _ opaque: UnsafeMutableRawPointer?, _ free: virFreeCallback?
) -> Int32 {
  EventImplementation.addTimeout(interval, callback, opaque, free)
}

@c(virt_body_virEventUpdateTimeout)
func updateTimeout(_ timer: Int32, _ interval: Int32) {
  EventImplementation.updateTimeout(timer, interval)
}

@c(virt_body_virEventRemoveTimeout)
func removeTimeout(_ timer: Int32) -> Int32 {
  EventImplementation.removeTimeout(timer)
}

/// Raises and tells; the -1 to answer.
private func failEvent(_ code: virErrorNumber, _ detail: String) -> Int32 {
  virt_error_raise(Int32(bitPattern: code.rawValue), Int32(bitPattern: VIR_FROM_EVENT.rawValue), detail)
  virt_error_dispatch(nil)
  return -1
}

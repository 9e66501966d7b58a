internal import CVirtRuntime

// The public event functions, behind their entry points.

/// Registers the application's event loop; a second registration is ignored.
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

/// Registers the default event loop; a second registration is ignored.
@c(virt_body_virEventRegisterDefaultImpl)
func registerDefaultImplementation() -> Int32 {
  _ = EventImplementation.register(.standard)
  return 0
}

/// Runs one iteration of the default loop; -1 when it is not registered.
@c(virt_body_virEventRunDefaultImpl)
func runDefaultImplementation() -> Int32 {
  guard case .standard = EventImplementation.current else {
    return failEvent(VIR_ERR_OPERATION_INVALID, "the default event loop is not registered")
  }
  return EventLoop.shared.runOnce() ? 0 : failEvent(VIR_ERR_INTERNAL_ERROR, "the event loop cannot wait")
}

/// Waits for events of a descriptor; the number of the watch, or -1.
@c(virt_body_virEventAddHandle)
func addHandle(
  _ descriptor: Int32, _ events: Int32, _ callback: virEventHandleCallback?, _ opaque: UnsafeMutableRawPointer?,
  _ free: virFreeCallback?
) -> Int32 {
  guard descriptor >= 0 else { return failEvent(VIR_ERR_INVALID_ARG, "a negative descriptor cannot be watched") }
  guard callback != nil else { return failEvent(VIR_ERR_INVALID_ARG, "a watch needs a callback") }
  return EventImplementation.addHandle(descriptor, events, callback, opaque, free)
}

/// Changes what a watch waits for.
@c(virt_body_virEventUpdateHandle)
func updateHandle(_ watch: Int32, _ events: Int32) {
  EventImplementation.updateHandle(watch, events)
}

/// Ends a watch; 0, or -1.
@c(virt_body_virEventRemoveHandle)
func removeHandle(_ watch: Int32) -> Int32 {
  EventImplementation.removeHandle(watch)
}

/// Adds a timer in milliseconds; its number, or -1.
@c(virt_body_virEventAddTimeout)
func addTimeout(
  _ interval: Int32, _ callback: virEventTimeoutCallback?, _ opaque: UnsafeMutableRawPointer?, _ free: virFreeCallback?
) -> Int32 {
  guard callback != nil else { return failEvent(VIR_ERR_INVALID_ARG, "a timer needs a callback") }
  return EventImplementation.addTimeout(interval, callback, opaque, free)
}

/// Starts a timer's time anew.
@c(virt_body_virEventUpdateTimeout)
func updateTimeout(_ timer: Int32, _ interval: Int32) {
  EventImplementation.updateTimeout(timer, interval)
}

/// Ends a timer; 0, or -1.
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

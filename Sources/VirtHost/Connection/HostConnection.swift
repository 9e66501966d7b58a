internal import CVirt
internal import CVirtDispatch
internal import CVirtRuntime
internal import Glibc
internal import VirtCore

/// What the host knows about one connection: its providers, callbacks and table. Owned by the C connection.
final class HostConnection: @unchecked Sendable {
  /// The C connection this belongs to; it owns us, so it is not owned.
  let connection: UnsafeMutablePointer<virt_connection>
  /// The driver the URI led to.
  let driver: Driver
  /// Where it leads to.
  let address: Address
  /// What the driver's connectOpen answered.
  private(set) var state: UnsafeMutableRawPointer?
  private(set) var isOpen = false
  /// Whether operations may wait that otherwise never do.
  private var waits = false
  /// The groups that companions fill, by group id.
  private var slots: [GroupSlot] = []
  /// Callbacks and the events that wait for them.
  let events: ConnectionEvents
  /// The caller's ways to ask for credentials; only while the connection is being opened.
  var authentication: UnsafePointer<virConnectAuth>?

  init(connection: UnsafeMutablePointer<virt_connection>, driver: Driver, address: Address) {
    self.connection = connection
    self.driver = driver
    self.address = address
    events = ConnectionEvents(connection)
  }

  /// The host's side of a connection.
  static func of(_ connection: UnsafeMutablePointer<virt_connection>) -> HostConnection? {
    connection.pointee.host.map { Unmanaged<HostConnection>.fromOpaque($0).takeUnretainedValue() }
  }

  /// The host's side of the connection behind any live handle.
  static func of(handle: OpaquePointer?) -> HostConnection? {
    handle.flatMap { virt_connection_of(UnsafeRawPointer($0)) }.flatMap { of($0) }
  }

  /// Asks the driver to open; 0, `VIRT_DRIVER_DECLINED`, or an error code.
  func open() -> Int32 {
    guard let function = driver.function(UInt32(VIRT_OPERATION_connectOpen)) else {
      VirtError(.internalError, .none, "a driver without connectOpen:", driver.note.name).raise()
      return ErrorCode.internalError.rawValue
    }
    let operation = unsafeBitCast(function, to: OperationTypes.Open.self)
    let code = address.withRequest(connection, role: UInt32(VIRT_DRIVER_ROLE_PRIMARY), groups: driver.note.groups) { request in
      operation(nil, request, &state)
    }
    if code == 0 {
      isOpen = true
      fillTable()
    }
    return code
  }

  /// Tells that operations may wait that otherwise never do; before the table is filled.
  func mayWait() { waits = true }

  /// Fills the table: what the driver has, companions' groups behind deferred thunks, "not supported" for the rest.
  ///
  /// The table stays with the connection's slot. One that was filled for the same driver before only gets the new state.
  private func fillTable() {
    makeSlots()
    guard let template = driver.template, let entries = virt_connection_operation(0) else { return }
    let count = Int(virt_connection_operation_count)
    let table = connection.pointee.table ?? .allocate(capacity: count)
    if connection.pointee.table_kind == UnsafeRawPointer(template), slots.isEmpty {
      for id in driver.own { table[Int(id)].state = state }
    } else {
      let base = UnsafeMutableRawPointer(connection)
      for id in 0..<count {
        table[id].function = template[id].function
        table[id].state = template[id].state == nil ? base : state
      }
      for slot in slots {
        for id in 0..<count where template[id].state == nil && Int(entries[id].group) == slot.group {
          table[id] = virt_row(function: entries[id].deferred, state: Unmanaged.passUnretained(slot).toOpaque())
        }
      }
    }
    connection.pointee.table_kind = slots.isEmpty ? UnsafeRawPointer(template) : nil
    connection.pointee.nonblocking = waits ? nil : driver.nonblocking
    connection.pointee.table = table
    connection.pointee.head.rows = UnsafePointer(table)
  }

  private func makeSlots() {
    let offered = DriverRegistry.shared.offeredGroups() & ~driver.note.groups
    if offered == 0 { return }
    for group in 2..<Groups.names.count where offered & (1 << UInt32(group)) != 0 {
      let companions = DriverRegistry.shared.companions(for: group).filter { $0 !== driver }
      if !companions.isEmpty { slots.append(GroupSlot(owner: self, group: group, companions: companions)) }
    }
  }

  /// Whether anybody answers an operation; opens the companion that may.
  func offers(_ id: UInt32) -> Bool {
    guard id < virt_connection_operation_count, let template = driver.template, let entries = virt_connection_operation(0) else {
      return false
    }
    if template[Int(id)].state != nil { return true }
    guard let slot = slots.first(where: { $0.group == Int(entries[Int(id)].group) }) else { return false }
    defer { virt_error_reset() }
    guard let row = slot.rows()?[Int(id)] else { return false }
    return unsafeBitCast(row.function, to: Int.self) != unsafeBitCast(entries[Int(id)].missing, to: Int.self)
  }

  /// Ends the connection: companions first, then the driver, then the callbacks.
  func close() {
    for slot in slots.reversed() { slot.close() }
    if isOpen {
      isOpen = false
      if let function = driver.function(UInt32(VIRT_OPERATION_connectClose)) {
        _ = unsafeBitCast(function, to: OperationTypes.Close.self)(state)
      }
    }
    events.end()
  }
}

/// What the library's siblings and bindings ask of a connection.
@c(virt_host_offers)
func hostOffers(_ handle: UnsafeRawPointer?, _ operation: UInt32) -> Bool {
  HostConnection.of(handle: handle.map { OpaquePointer($0) })?.offers(operation) ?? false
}

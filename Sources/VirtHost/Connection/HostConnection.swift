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
  /// The whole URI as text, for as long as the connection.
  let uri: UnsafeMutablePointer<CChar>
  let uriValue: URI
  /// The dense table; filled once.
  let table: UnsafeMutablePointer<virt_row>
  /// What the driver's connectOpen answered.
  private(set) var state: UnsafeMutableRawPointer?
  private(set) var isOpen = false
  /// The groups that companions fill, by group id.
  private var slots: [GroupSlot] = []
  /// Callbacks and the events that wait for them.
  let events: ConnectionEvents
  /// The caller's ways to ask for credentials; only while the connection is being opened.
  var authentication: UnsafePointer<virConnectAuth>?

  init(connection: UnsafeMutablePointer<virt_connection>, driver: Driver, uri: URI, text: UnsafeMutablePointer<CChar>) {
    self.connection = connection
    self.driver = driver
    uriValue = uri
    self.uri = text
    table = UnsafeMutablePointer<virt_row>.allocate(capacity: Int(virt_connection_operation_count))
    events = ConnectionEvents(connection)
  }

  deinit {
    table.deallocate()
    free(uri)
  }

  /// The connection's handle as the API has it.
  var handle: virConnectPtr { OpaquePointer(connection) }

  /// The host's side of a connection.
  static func of(_ connection: UnsafeMutablePointer<virt_connection>) -> HostConnection? {
    connection.pointee.host.map { Unmanaged<HostConnection>.fromOpaque($0).takeUnretainedValue() }
  }

  /// The host's side of the connection behind any live handle.
  static func of(handle: OpaquePointer?) -> HostConnection? {
    handle.flatMap { virt_connection_of(UnsafeRawPointer($0)) }.flatMap { of($0) }
  }

  /// Asks the driver to open; 0, `VIRT_DRIVER_DECLINED`, or an error code.
  func open(_ request: OpenRequest) -> Int32 {
    guard let function = driver.function(UInt32(VIRT_OPERATION_connectOpen)) else {
      VirtError(.internalError, .none, "a driver without connectOpen:", driver.note.name).raise()
      return ErrorCode.internalError.rawValue
    }
    let operation = unsafeBitCast(function, to: OperationTypes.Open.self)
    let code = request.withStruct(handle, role: UInt32(VIRT_DRIVER_ROLE_PRIMARY), groups: driver.note.groups) { structure in
      operation(nil, structure, &state)
    }
    if code == 0 {
      isOpen = true
      fillTable()
    }
    return code
  }

  /// Fills the table: what the driver has, companions' groups behind deferred thunks, "not supported" for the rest.
  private func fillTable() {
    let base = UnsafeMutableRawPointer(connection)
    var slotOfGroup = [UnsafeMutableRawPointer?](repeating: nil, count: 256)
    let offered = DriverRegistry.shared.offeredGroups() & ~driver.note.groups
    for group in 2..<Groups.names.count where offered & (1 << UInt32(group)) != 0 {
      let companions = DriverRegistry.shared.companions(for: group).filter { $0 !== driver }
      if companions.isEmpty { continue }
      let slot = GroupSlot(owner: self, group: group, companions: companions)
      slots.append(slot)
      slotOfGroup[group] = Unmanaged.passUnretained(slot).toOpaque()
    }
    guard let template = driver.template, let entries = virt_connection_operation(0) else { return }
    let count = Int(virt_connection_operation_count)
    let (table, state) = (self.table, self.state)
    for id in 0..<count {
      table[id].function = template[id].function
      table[id].state = template[id].state == nil ? base : state
    }
    if !slots.isEmpty {
      for id in 0..<count where template[id].state == nil {
        guard let slot = slotOfGroup[Int(entries[id].group)] else { continue }
        table[id] = virt_row(function: entries[id].deferred, state: slot)
      }
    }
    connection.pointee.table = table
    connection.pointee.head.rows = UnsafePointer(table)
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

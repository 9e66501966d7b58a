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
    var slotOfGroup = [UnsafeMutableRawPointer?](repeating: nil, count: Groups.names.count)
    for group in 2..<Groups.names.count where driver.note.groups & (1 << UInt32(group)) == 0 {
      let companions = DriverRegistry.shared.companions(for: group).filter { $0 !== driver }
      if companions.isEmpty { continue }
      let slot = GroupSlot(owner: self, group: group, companions: companions)
      slots.append(slot)
      slotOfGroup[group] = Unmanaged.passUnretained(slot).toOpaque()
    }
    for id in 0..<virt_connection_operation_count {
      let entry = virt_connection_operation(id).pointee
      let slot = Int(entry.group) < slotOfGroup.count ? slotOfGroup[Int(entry.group)] : nil
      table[Int(id)] = slot.map { virt_row(function: entry.deferred, state: $0) } ?? virt_row(function: entry.missing, state: base)
    }
    for operation in driver.operations {
      let entry = virt_connection_operation(operation.id).pointee
      if driver.note.groups & (1 << UInt32(entry.group)) != 0 { table[Int(operation.id)] = virt_row(function: operation.function, state: state) }
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

  /// Whether an operation of this connection never waits.
  func isNonblocking(_ id: UInt32) -> Bool { driver.nonblocking.contains(id) }
}

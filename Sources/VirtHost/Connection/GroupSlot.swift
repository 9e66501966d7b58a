internal import CVirt
internal import CVirtDispatch
internal import CVirtRuntime
internal import VirtCore

/// A group of operations that the driver lacks and a companion fills, opened at the group's first call.
final class GroupSlot: @unchecked Sendable {
  private unowned let owner: HostConnection
  /// The group's number.
  let group: Int
  private let companions: [Driver]
  private let opened = Lock<Opened>(Opened())

  /// Crosses threads under the lock only.
  private struct Opened: @unchecked Sendable {
    var table: UnsafeMutablePointer<virt_row>?
    var driver: Driver?
    var state: UnsafeMutableRawPointer?
    var isOpening = false
  }

  init(owner: HostConnection, group: Int, companions: [Driver]) {
    self.owner = owner
    self.group = group
    self.companions = companions
  }

  deinit { opened.withLock { $0.table?.deallocate() } }

  /// The companion's rows; nil after raising why there is none.
  func rows() -> UnsafePointer<virt_row>? {
    if let table = opened.withLock({ $0.table }) { return UnsafePointer(table) }
    for driver in companions where DriverRegistry.shared.load(driver) == nil {
      guard let function = driver.function(UInt32(VIRT_OPERATION_connectOpen)) else { continue }
      var state: UnsafeMutableRawPointer?
      let operation = unsafeBitCast(function, to: OperationTypes.Open.self)
      let code = owner.address.withRequest(
        owner.connection, role: UInt32(VIRT_DRIVER_ROLE_COMPANION), groups: 1 << UInt32(group)
      ) { operation(nil, $0, &state) }
      if code == VIRT_DRIVER_DECLINED { continue }
      if code != 0 {
        if virt_error_code() == 0 { VirtError(.internalError, .none, "a companion could not open:", driver.note.name).raise() }
        return nil
      }
      return keep(driver, state)
    }
    VirtError(.noSupport, .none, "no companion offers the group", Groups.names[group]).raise()
    return nil
  }

  /// Keeps what was opened, unless another thread was faster: then gives ours back.
  private func keep(_ driver: Driver, _ state: UnsafeMutableRawPointer?) -> UnsafePointer<virt_row>? {
    let table = UnsafeMutablePointer<virt_row>.allocate(capacity: Int(virt_connection_operation_count))
    for id in 0..<virt_connection_operation_count {
      table[Int(id)] = virt_row(
        function: virt_connection_operation(id).pointee.missing, state: UnsafeMutableRawPointer(owner.connection))
    }
    for (id, operation) in driver.operations.enumerated() {
      if let function = operation.function { table[id] = virt_row(function: function, state: state) }
    }
    let mine = Opened(table: table, driver: driver, state: state)
    let winner: Opened = opened.withLock { current in
      if current.table == nil { current = mine }
      return current
    }
    if winner.table != table {
      table.deallocate()
      Self.close(driver, state)
    }
    return winner.table.map { UnsafePointer($0) }
  }

  func close() {
    let last: Opened = opened.withLock { current in
      let last = current
      current.driver = nil
      return last
    }
    if let driver = last.driver { Self.close(driver, last.state) }
  }

  private static func close(_ driver: Driver, _ state: UnsafeMutableRawPointer?) {
    if let function = driver.function(UInt32(VIRT_OPERATION_connectClose)) {
      _ = unsafeBitCast(function, to: OperationTypes.Close.self)(state)
    }
  }
}

/// The rows behind a deferred thunk.
@c(virt_host_group_rows)
func groupRows(_ slot: UnsafeMutableRawPointer?) -> UnsafePointer<virt_row>? {
  slot.flatMap { Unmanaged<GroupSlot>.fromOpaque($0).takeUnretainedValue().rows() }
}

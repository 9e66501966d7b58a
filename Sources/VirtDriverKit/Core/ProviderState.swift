internal import CVirt
internal import VirtCore

/// What the host knows as a driver's state: the object of a connection or stream and the methods of its class.
///
/// Lies in memory of its own, outside reference counting: a call neither retains nor releases anything that threads share.
struct ProviderState {
  /// The object; the state owns one reference.
  let object: Unmanaged<AnyObject>
  /// The boxes around the methods, by operation id; none where somebody watches.
  let bodies: UnsafePointer<UnsafeRawPointer?>
  /// Who watches calls, with the boxes that are left out; the state owns one reference.
  let watched: Unmanaged<WatchedBodies>?

  /// Puts a state where the host can point to it.
  static func make(_ object: AnyObject, _ table: ProviderTable, _ watch: (any OperationWatch)?) -> UnsafeMutableRawPointer {
    let watched = watch.map { WatchedBodies($0, table) }
    let place = UnsafeMutablePointer<ProviderState>.allocate(capacity: 1)
    place.initialize(
      to: ProviderState(
        object: Unmanaged.passRetained(object), bodies: watched?.shown ?? table.bodies,
        watched: watched.map { Unmanaged.passRetained($0) }))
    return UnsafeMutableRawPointer(place)
  }

  /// Ends a state; the object is released by the caller's hand.
  static func end(_ pointer: UnsafeMutableRawPointer) -> AnyObject {
    let place = pointer.assumingMemoryBound(to: ProviderState.self)
    let object = place.pointee.object.takeRetainedValue()
    place.pointee.watched?.release()
    place.deallocate()
    return object
  }
}

/// Calls the body of an operation on behalf of the host: finds object and box, hands an error on, gives the code.
///
/// `Body` is the box that the operation's constructor made; the id ties the two. `made` is where the call leaves a handle.
@inline(__always)
func callBody<Body: AnyObject>(
  _ driver: UnsafeMutableRawPointer?, _ id: UInt32, _: Body.Type, _ subject: CallSubject = .none,
  made: UnsafeMutablePointer<OpaquePointer?>? = nil, _ work: (_ body: Body, _ object: AnyObject) throws(VirtError) -> Void
) -> Int32 {
  guard let state = driver?.assumingMemoryBound(to: ProviderState.self) else { return refuseCall() }
  var answer = WatchedAnswer()
  guard let box = state.pointee.bodies[Int(id)] ?? beginWatched(state, id, subject, &answer) else { return answer.code }
  let code: Int32 = Unmanaged<Body>.fromOpaque(box)._withUnsafeGuaranteedRef { body -> Int32 in
    state.pointee.object._withUnsafeGuaranteedRef { object -> Int32 in
      do throws(VirtError) {
        try work(body, object)
        return 0
      } catch { return raise(error) }
    }
  }
  return answer.isWatched ? endWatched(state, id, subject, made, code) : code
}

/// The list of operations as the boundary wants it, and the table of their boxes. Both live for ever.
struct ProviderTable: @unchecked Sendable {
  let bodies: UnsafePointer<UnsafeRawPointer?>
  let operations: virt_driver_array
  /// How many ids there are.
  let count: Int
  /// Whether they are those of streams.
  let isStream: Bool

  /// Lays out a class's operations; further ones of the kit's own come behind them.
  init<Driver>(
    _ list: [Operation<Driver>], count: UInt32, own: [(id: UInt32, function: @convention(c) () -> Void)], isStream: Bool = false
  ) {
    self.count = Int(count)
    self.isStream = isStream
    let bodies = UnsafeMutablePointer<UnsafeRawPointer?>.allocate(capacity: Int(count))
    bodies.initialize(repeating: nil, count: Int(count))
    let items = UnsafeMutablePointer<virt_driver_operation>.allocate(capacity: list.count + own.count)
    // By index: generic code is slow to start otherwise.
    for index in 0..<list.count {
      let operation = list[index]
      (items + index).initialize(
        to: virt_driver_operation(
          id: operation.id, revision: operation.revision, flags: operation.flags, reserved: 0, function: operation.function))
      guard operation.id < count else { continue }
      bodies[Int(operation.id)] = UnsafeRawPointer(Unmanaged.passRetained(operation.body as AnyObject).toOpaque())
    }
    for index in 0..<own.count {
      let operation = own[index]
      (items + list.count + index).initialize(
        to: virt_driver_operation(id: operation.id, revision: 1, flags: 0, reserved: 0, function: operation.function))
    }
    self.bodies = UnsafePointer(bodies)
    operations = virt_driver_array(
      items: items, count: UInt32(list.count + own.count), stride: UInt32(MemoryLayout<virt_driver_operation>.stride))
  }
}

internal import CVirt

/// One thing a driver can do, with the Swift method that does it.
///
/// Values come from the generated constructors only, one per operation of the description: `.domainSuspend(suspend)`. The
/// constructor carries the signature, so a method of another shape does not compile; what is not in a driver's list is
/// not in its reply to the host.
public struct Operation<Driver: AnyObject & Sendable>: Sendable {
  /// The operation's number, `VIRT_OPERATION_…`.
  public let id: UInt32
  /// The revision of the operation that the method implements.
  public private(set) var revision: UInt32 = 1
  /// `VIRT_DRIVER_OPERATION_…` bits.
  public private(set) var flags: UInt32 = 0
  /// What the host calls.
  let function: @convention(c) () -> Void
  /// What that function calls: a generated box around the method.
  let body: any AnyObject & Sendable

  /// Ties a function of the boundary to the method it calls; the generated constructors see to it that the box is of the
  /// type the function expects.
  public init(generated id: UInt32, _ function: @convention(c) () -> Void, _ body: any AnyObject & Sendable) {
    self.id = id
    self.function = function
    self.body = body
  }

  /// The same operation, marked as one that never waits for anything but a short lock.
  public var nonblocking: Operation {
    var copy = self
    copy.flags |= VIRT_DRIVER_OPERATION_NONBLOCKING
    return copy
  }

  /// Operations of a driver whose state is memory: none of them waits.
  public static func nonblocking(_ operations: consuming [Operation]) -> [Operation] {
    var marked = operations
    // By index: generic code is slow to start otherwise.
    for index in marked.indices { marked[index].flags |= VIRT_DRIVER_OPERATION_NONBLOCKING }
    return marked
  }

  /// The same operation, said to implement a later revision of it.
  public func revised(_ revision: UInt32) -> Operation {
    var copy = self
    copy.revision = revision
    return copy
  }
}

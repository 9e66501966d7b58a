public import CVirtRuntime
public import Synchronization

/// A value that one thread at a time may touch.
///
/// The lock is a futex word without an owner: it works in forked children, the thread sanitizer sees it, and it costs
/// two atomic instructions when nobody else wants it. Not recursive: taking it twice on one thread waits for ever. Hold
/// it briefly, and never across a callback, a driver's operation or input and output.
@frozen
public struct Lock<Value: ~Copyable>: ~Copyable {
  /// The futex word; see `virt-lock.h`.
  @usableFromInline let word = _Cell<UInt32>(0)
  @usableFromInline let value: _Cell<Value>

  /// Takes the value under guard.
  @inlinable @_alwaysEmitIntoClient
  public init(_ initial: consuming sending Value) {
    value = _Cell(initial)
  }

  /// Runs the body as the only one that sees the value.
  @inlinable @inline(__always)
  public borrowing func withLock<Result: ~Copyable, Failure: Error>(
    _ body: (inout sending Value) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    // Named apart, because the thread sanitizer takes the whole lock for what is changed otherwise.
    let word = self.word._address
    let value = self.value._address
    virt_lock_acquire(word)
    defer { virt_lock_release(word) }
    return try body(&value.pointee)
  }
}

extension Lock: @unchecked Sendable where Value: ~Copyable {}

extension Lock where Value: ~Copyable {
  /// Has `fork()` wait for this lock, so that a child finds the value whole. For locks that live as long as the
  /// process.
  public borrowing func guardAcrossFork() {
    virt_fork_guard(word._address)
  }

  /// Gives the lock back in a forked child, where the thread that held it is gone.
  package borrowing func resetAfterFork() {
    word._address.pointee = 0
  }
}

/// A lock that lives as long as the process, taken across `fork()`, so that a child finds the value whole.
public final class ProcessLock<Value>: Sendable {
  private let lock: Lock<Value>

  /// Takes the value under guard.
  public init(_ initial: sending Value) {
    lock = Lock(initial)
    // Kept for ever: fork() looks at it.
    _ = Unmanaged.passRetained(self)
    lock.guardAcrossFork()
  }

  /// Runs the body as the only one that sees the value.
  public func withLock<Result: ~Copyable, Failure: Error>(
    _ body: (inout sending Value) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    try lock.withLock(body)
  }
}

/// Has the action run in every forked child, after the locks of `guardAcrossFork` are free again. For what lives as long as
/// the process; at most 16.
public func whenForked(_ action: @convention(c) () -> Void) { virt_fork_child(action) }

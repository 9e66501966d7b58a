package import VirtCore

/// Work on a whole domain: a backup, or its move to another host. Comes a step further whenever somebody looks at it.
package struct DomainJob: Sendable {
  /// What is done.
  package let operation: DomainJobOperation
  /// When it began, in milliseconds of a clock that only goes on.
  package let start: UInt64
  /// Bytes in all, and bytes done.
  package let size: UInt64
  /// Whether it ends when all is done, or when somebody says so.
  package let endsByItself: Bool
  package private(set) var done: UInt64 = 0
  /// How it is: running, or how it ended.
  package var type: DomainJobType = .unbounded
  /// How long it took, in milliseconds, once it has ended.
  package var duration: UInt64?

  /// A job that has done nothing yet.
  package init(_ operation: DomainJobOperation, size: UInt64, start: UInt64, endsByItself: Bool) {
    self.operation = operation
    self.endsByItself = endsByItself
    self.size = size
    self.start = start
  }

  /// Comes a step further.
  package mutating func step() {
    let step = max(size / 4, 1)
    done = size - done <= step ? size : done + step
  }

  /// Ends it.
  package mutating func end(_ type: DomainJobType, now: UInt64) {
    self.type = type
    if type == .completed { done = size }
    duration = now >= start ? now - start : 0
  }
}

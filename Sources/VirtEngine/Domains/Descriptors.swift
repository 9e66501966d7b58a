internal import Glibc
package import VirtCore

/// Open descriptors that somebody handed over: copies of them, which no other program inherits, closed with this object.
package final class Descriptors: Sendable {
  /// The copies, in order.
  package let all: [Int32]

  /// Copies descriptors; those of the caller stay the caller's.
  ///
  /// - Throws: `VIR_ERR_INVALID_ARG` when one is not open, `VIR_ERR_SYSTEM_ERROR` when there are too many.
  package init(copying descriptors: UnsafeBufferPointer<Int32>) throws(VirtError) {
    var copies: [Int32] = []
    for descriptor in descriptors {
      let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
      guard copy >= 0 else {
        let reason = errno
        for copy in copies { close(copy) }
        if reason == EBADF { throw VirtError(.invalidArg, .domain, "nothing is open under the number", "\(descriptor)") }
        throw VirtError(
          .systemError, .domain, "a descriptor cannot be copied", details: ErrorDetails("", integers: (reason, -1)))
      }
      copies.append(copy)
    }
    all = copies
  }

  /// Takes descriptors over.
  package init(taking descriptors: [Int32]) { all = descriptors }

  deinit { for descriptor in all { close(descriptor) } }
}

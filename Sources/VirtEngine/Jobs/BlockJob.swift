package import VirtCore
package import VirtModel

/// Work on one disk of a running domain: it comes a step further whenever somebody looks at it.
package struct BlockJob: Sendable {
  /// What is done when it ends.
  package enum Purpose: Sendable {
    /// What the files behind hold moves into the one in use; those up to the base go.
    case pull(base: Int?)
    /// What the files from `top` to `base` hold moves into the base.
    case commit(top: Int, base: Int)
    /// The disk is copied; the copy can take its place.
    case copy(DiskChain.Layer)
  }

  /// What it is about.
  package let purpose: Purpose
  /// Bytes a second; 0 for no limit.
  package var bandwidth: UInt64
  /// Bytes done, of how many.
  package private(set) var done: UInt64 = 0
  package let size: UInt64
  /// How many steps a job takes.
  private static let steps: UInt64 = 4

  /// A job that has done nothing yet.
  package init(_ purpose: Purpose, size: UInt64, bandwidth: UInt64) {
    self.purpose = purpose
    self.size = max(size, 1)
    self.bandwidth = bandwidth
  }

  /// Its kind by the API's numbers.
  package var type: DomainBlockJobType {
    switch purpose {
    case .pull: .pull
    case .commit(let top, _): top == 0 ? .activeCommit : .commit
    case .copy: .copy
    }
  }

  /// Whether it keeps up with the guest until it is told to end.
  package var isMirror: Bool { type == .copy || type == .activeCommit }

  /// Whether all is done.
  package var isReady: Bool { done == size }

  /// Comes a step further.
  ///
  /// - Returns: Whether that was the last one.
  package mutating func step() -> Bool {
    guard !isReady else { return false }
    let step = max(size / Self.steps, 1)
    // What the division left over belongs to the last step.
    done = done / step + 1 >= Self.steps ? size : min(size, done + step)
    return isReady
  }

  /// The chain of its disk when it has ended well.
  package func result(_ chain: DiskChain) -> DiskChain {
    var chain = chain
    switch purpose {
    case .pull(let base):
      let end = min(base ?? chain.layers.count, chain.layers.count)
      if end > 1 { chain.layers.removeSubrange(1..<end) }
    case .commit(let top, let base):
      guard top < base, base < chain.layers.count else { break }
      chain.layers.removeSubrange(top..<base)
    case .copy(let layer): chain.layers = [layer]
    }
    return chain
  }
}

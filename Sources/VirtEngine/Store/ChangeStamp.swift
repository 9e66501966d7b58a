internal import Synchronization

/// Numbers that tell one state of something from every other in this process.
package enum ChangeStamp {
  private static let last = Atomic<UInt64>(0)

  /// A number that nothing has had.
  package static func next() -> UInt64 { last.wrappingAdd(1, ordering: .relaxed).newValue }
}

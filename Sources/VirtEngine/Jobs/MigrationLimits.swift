/// What limits a domain's move to another host, and what to remember of one that goes on.
package struct MigrationLimits: Sendable {
  /// MiB a second.
  package var speed: UInt = 9_007_199_254_740_991
  /// The same while the guest runs on both hosts.
  package var speedAfterwards: UInt = 9_007_199_254_740_991
  /// Milliseconds that the guest may stand still.
  package var downtime: UInt64 = 300
  /// Bytes to remember pages in.
  package var cache: UInt64 = 64 << 20

  /// Whether the guest ran when its move began.
  package var wasRunning = false

  /// What every domain begins with.
  package init() {}
}

/// What a guest and its agent know that no document says.
package struct GuestState: Sendable {
  /// The guest's clock: seconds since 1970, and nanoseconds.
  package var seconds: Int64 = Self.birth
  package var nanoseconds: UInt32 = 0
  /// What a clock shows that nobody set.
  package static let birth: Int64 = 627_319_920
  /// File systems that take no writes, by where they are mounted.
  package var frozen: Set<String> = []
  /// How much its processors count beside those of others.
  package var weight: UInt32 = 50
  /// The keys with which each user may log in.
  package var keys: [String: [String]] = [:]
  /// Its users' passwords as they were set.
  package var passwords: [String: String] = [:]
  /// Processors that the guest does not use.
  package var offline: Set<UInt32> = []
  /// How long to wait for the agent, in seconds; negative numbers are the API's.
  package var agentTimeout: Int32 = -2
  /// The last measurement of how much memory changes.
  package var measurement: Measurement?

  /// A measurement of how much memory changes.
  package struct Measurement: Sendable {
    /// When it began, in seconds of the host's clock.
    package var start: Int64
    /// How long it takes, in seconds.
    package var period: Int32
    /// How it is done, by the API's flags.
    package var mode: UInt32

    /// When it is over.
    package var end: Int64 { start.addingReportingOverflow(Int64(period)).partialValue }

    /// Begins one.
    package init(start: Int64, period: Int32, mode: UInt32) {
      self.start = start
      self.period = period
      self.mode = mode
    }
  }

  /// A guest that nobody touched.
  package init() {}
}

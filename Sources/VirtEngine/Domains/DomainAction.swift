package import VirtCore

/// What somebody does to a domain. ``DomainMove`` has the table of where each leads.
package enum DomainAction: String, CaseIterable, Sendable {
  case start, suspend, resume, shutDown, destroy, reboot, reset
  /// The guest goes to sleep, in its memory or on its disk, or wakes up.
  case fallAsleep, fallAsleepOnDisk, wakeUp
  /// The domain becomes what a snapshot was: running, paused or off.
  case revertToRunning, revertToPaused, revertToOff
  /// The domain's memory goes to a file, comes back from one, is copied to one, or is all that is left of it.
  case save, restore, dump, crash
  /// The domain comes from another host, goes on here, stays paused here, or did not arrive.
  case arrive, goOnAfterArrival, stayPausedAfterArrival, failArrival
  /// The domain stops for its way to another host, is gone from here, or goes on here after all.
  case pauseToLeave, leave, goOnAfterAll
}

/// States in which something can be done.
package struct DomainStates: OptionSet, Sendable {
  /// Bit n is the state with number n of the API.
  package let rawValue: UInt32

  /// Takes bits.
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// One state.
  package init(_ state: DomainState) { rawValue = 1 << UInt32(state.rawValue & 31) }

  /// Running, also while it waits.
  package static var runs: DomainStates { [DomainStates(.running), DomainStates(.blocked)] }
  /// Off.
  package static var inactive: DomainStates { DomainStates(.shutoff) }
  /// All others: it runs, could go on without starting anew, or is kept as it was when it crashed.
  package static var active: DomainStates { [.runs, .stopped, DomainStates(.nostate), DomainStates(.shutdown)] }
  /// Paused, asleep or crashed.
  package static var stopped: DomainStates { [DomainStates(.paused), DomainStates(.pmsuspended), DomainStates(.crashed)] }
  /// Every state.
  package static var all: DomainStates { [.active, .inactive] }
}

extension DomainState {
  /// The states there are, by their numbers.
  package static var allStates: [DomainState] { (0...7).map { DomainState(rawValue: $0) } }

  /// Whether the domain runs, could go on without starting anew, or is kept as it was when it crashed.
  package var isActive: Bool { self != .shutoff }
}

package import VirtCore

/// What somebody does to a domain.
package enum DomainAction: Sendable {
  case start, suspend, resume, shutDown, destroy, reboot
  /// The guest goes to sleep, in its memory or on its disk, or wakes up.
  case sleep, sleepOnDisk, wake
  /// The domain becomes what a snapshot was: running, paused or off.
  case revertToRunning, revertToPaused, revertToOff
  /// The domain's memory goes to a file, comes back from one, or is all that is left of it.
  case save, restore, crash
  /// The domain comes from another host, goes on here, stays paused here, or did not arrive.
  case arrive, goOnAfterArrival, stayPausedAfterArrival, failArrival
  /// The domain stops for its way to another host, is gone from here, or goes on here after all.
  case pauseToLeave, leave, goOnAfterAll
}

/// Where an action leads, and what listeners hear.
package struct DomainTransition: Sendable, Equatable {
  /// The state afterwards.
  package let state: DomainState
  /// The reason for it.
  package let reason: Int32
  /// The event and its detail; nil when nobody hears of it.
  package let event: (type: DomainEventType, detail: Int32)?

  private init(_ state: DomainState, _ reason: Int32, _ event: (type: DomainEventType, detail: Int32)?) {
    self.state = state
    self.reason = reason
    self.event = event
  }

  /// The table: what an action does to a domain in a state; nil when it cannot be done.
  package static func of(_ action: DomainAction, in state: DomainState) -> DomainTransition? {
    let runs = state == .running || state == .blocked
    let active = runs || state == .paused || state == .pmsuspended
    switch action {
    case .start where !active:
      return DomainTransition(
        .running, DomainRunningReason.booted.rawValue, (.started, DomainEventStartedDetailType.booted.rawValue))
    case .suspend where runs:
      return DomainTransition(
        .paused, DomainPausedReason.user.rawValue, (.suspended, DomainEventSuspendedDetailType.paused.rawValue))
    case .resume where state == .paused:
      return DomainTransition(
        .running, DomainRunningReason.unpaused.rawValue, (.resumed, DomainEventResumedDetailType.unpaused.rawValue))
    case .shutDown where active:
      return DomainTransition(
        .shutoff, DomainShutoffReason.shutdown.rawValue, (.stopped, DomainEventStoppedDetailType.shutdown.rawValue))
    case .destroy where active:
      return DomainTransition(
        .shutoff, DomainShutoffReason.destroyed.rawValue, (.stopped, DomainEventStoppedDetailType.destroyed.rawValue))
    case .reboot where active:
      return DomainTransition(.running, DomainRunningReason.booted.rawValue, nil)
    case .revertToRunning:
      return DomainTransition(
        .running, DomainRunningReason.fromSnapshot.rawValue, (.started, DomainEventStartedDetailType.fromSnapshot.rawValue))
    case .revertToPaused:
      return DomainTransition(
        .paused, DomainPausedReason.fromSnapshot.rawValue, (.suspended, DomainEventSuspendedDetailType.fromSnapshot.rawValue))
    case .revertToOff:
      return DomainTransition(
        .shutoff, active ? DomainShutoffReason.fromSnapshot.rawValue : DomainShutoffReason.unknown.rawValue,
        active ? (.stopped, DomainEventStoppedDetailType.fromSnapshot.rawValue) : nil)
    default: return move(action, state, active: active, runs: runs)
    }
  }

  /// The part of the table about sleep, files and other hosts.
  private static func move(_ action: DomainAction, _ state: DomainState, active: Bool, runs: Bool) -> DomainTransition? {
    switch action {
    case .sleep where runs:
      return DomainTransition(
        .pmsuspended, DomainPMSuspendedReason.unknown.rawValue, (.pmsuspended, DomainEventPMSuspendedDetailType.memory.rawValue))
    case .sleepOnDisk where runs:
      return DomainTransition(
        .pmsuspended, DomainPMSuspendedReason.unknown.rawValue, (.pmsuspended, DomainEventPMSuspendedDetailType.disk.rawValue))
    case .wake where state == .pmsuspended:
      return DomainTransition(
        .running, DomainRunningReason.wakeup.rawValue, (.started, DomainEventStartedDetailType.wakeup.rawValue))
    case .save where active:
      return DomainTransition(
        .shutoff, DomainShutoffReason.saved.rawValue, (.stopped, DomainEventStoppedDetailType.saved.rawValue))
    case .restore where !active:
      return DomainTransition(
        .running, DomainRunningReason.restored.rawValue, (.started, DomainEventStartedDetailType.restored.rawValue))
    case .crash where active:
      return DomainTransition(
        .shutoff, DomainShutoffReason.crashed.rawValue, (.stopped, DomainEventStoppedDetailType.crashed.rawValue))
    case .arrive where !active:
      return DomainTransition(
        .paused, DomainPausedReason.migration.rawValue, (.started, DomainEventStartedDetailType.migrated.rawValue))
    case .goOnAfterArrival where active && !runs:
      return DomainTransition(
        .running, DomainRunningReason.migrated.rawValue, (.resumed, DomainEventResumedDetailType.migrated.rawValue))
    case .stayPausedAfterArrival where active && !runs:
      return DomainTransition(
        .paused, DomainPausedReason.user.rawValue, (.suspended, DomainEventSuspendedDetailType.paused.rawValue))
    case .failArrival where active:
      return DomainTransition(
        .shutoff, DomainShutoffReason.failed.rawValue, (.stopped, DomainEventStoppedDetailType.failed.rawValue))
    case .pauseToLeave where runs:
      return DomainTransition(
        .paused, DomainPausedReason.migration.rawValue, (.suspended, DomainEventSuspendedDetailType.migrated.rawValue))
    case .goOnAfterAll where active:
      return DomainTransition(
        .running, DomainRunningReason.migrationCanceled.rawValue, (.resumed, DomainEventResumedDetailType.migrated.rawValue))
    case .leave where active:
      return DomainTransition(
        .shutoff, DomainShutoffReason.migrated.rawValue, (.stopped, DomainEventStoppedDetailType.migrated.rawValue))
    default: return nil
    }
  }

  /// Whether two lead to the same place with the same event.
  package static func == (one: DomainTransition, other: DomainTransition) -> Bool {
    one.state == other.state && one.reason == other.reason && one.event?.type == other.event?.type
      && one.event?.detail == other.event?.detail
  }
}

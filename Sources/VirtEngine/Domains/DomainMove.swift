internal import VirtCore

/// The lifecycle of domains: for each action the states in which it can be done, where it leads, and what is said otherwise.
/// This is the one place that knows; drivers ask it, and the tests are made of it.
package struct DomainMove: Sendable {
  /// The states in which it can be done, and where it leads.
  package let from: DomainStates
  package let transition: DomainTransition
  /// Further states, in which it leads somewhere else.
  package let other: (from: DomainStates, transition: DomainTransition)
  /// What is said in all others.
  package let refusal: DomainRefusal

  private init(
    _ from: DomainStates, _ transition: DomainTransition, _ refusal: DomainRefusal,
    other: (from: DomainStates, transition: DomainTransition) = ([], .none)
  ) {
    self.from = from
    self.transition = transition
    self.other = other
    self.refusal = refusal
  }

  /// The row of an action.
  package static func of(_ action: DomainAction) -> DomainMove {
    switch action {
    case .start:
      DomainMove(
        .inactive, running(.booted, (.started, DomainEventStartedDetailType.booted.rawValue)),
        DomainRefusal(.internalError, .test, "the domain runs already:"))
    case .suspend:
      DomainMove(
        .active.subtracting(DomainStates(.paused)),
        paused(.user, (.suspended, DomainEventSuspendedDetailType.paused.rawValue)),
        DomainRefusal(.internalError, .test, "only a running domain can be suspended:"))
    case .resume:
      DomainMove(
        DomainStates(.paused), running(.unpaused, (.resumed, DomainEventResumedDetailType.unpaused.rawValue)),
        DomainRefusal(.internalError, .test, "only a paused domain can be resumed:"))
    case .shutDown:
      DomainMove(
        .active, off(.shutdown, .shutdown), DomainRefusal(.internalError, .test, "the domain does not run:"))
    case .destroy: DomainMove(.active, off(.destroyed, .destroyed), .notRunning)
    case .reboot: DomainMove(.active, running(.booted, nil), .notRunning)
    case .reset: DomainMove(.active, .none, .notRunning)
    case .fallAsleep:
      DomainMove(
        .runs, DomainTransition(.pmsuspended, DomainPMSuspendedReason.unknown.rawValue, asleep(.memory)), .notRunning)
    // The guest writes its memory to its disk, and powers off.
    case .fallAsleepOnDisk: DomainMove(.runs, off(.shutdown, .shutdown, after: asleep(.disk)), .notRunning)
    case .wakeUp:
      DomainMove(
        DomainStates(.pmsuspended), running(.wakeup, (.started, DomainEventStartedDetailType.wakeup.rawValue)),
        DomainRefusal(.operationInvalid, .domain, "the domain does not sleep:"))
    case .revertToRunning, .revertToPaused, .revertToOff: reversion(action)
    case .save, .restore, .dump, .crash: file(action)
    case .arrive, .goOnAfterArrival, .stayPausedAfterArrival, .failArrival, .pauseToLeave, .leave, .goOnAfterAll: move(action)
    }
  }

  /// The rows about snapshots.
  private static func reversion(_ action: DomainAction) -> DomainMove {
    switch action {
    case .revertToRunning:
      DomainMove(.all, running(.fromSnapshot, (.started, DomainEventStartedDetailType.fromSnapshot.rawValue)), .notRunning)
    case .revertToPaused:
      DomainMove(.all, paused(.fromSnapshot, (.suspended, DomainEventSuspendedDetailType.fromSnapshot.rawValue)), .notRunning)
    default:
      DomainMove(
        .active, off(.fromSnapshot, .fromSnapshot), .notRunning,
        other: (.inactive, DomainTransition(.shutoff, DomainShutoffReason.unknown.rawValue, nil)))
    }
  }

  /// The rows about files.
  private static func file(_ action: DomainAction) -> DomainMove {
    switch action {
    case .save: DomainMove(.active, off(.saved, .saved), .notRunning)
    case .restore:
      DomainMove(.inactive, running(.restored, (.started, DomainEventStartedDetailType.restored.rawValue)), .running)
    case .dump: DomainMove(.active, .none, .notRunning)
    default: DomainMove(.active, off(.crashed, .crashed), .notRunning)
    }
  }

  /// The rows about other hosts.
  private static func move(_ action: DomainAction) -> DomainMove {
    let migrated = DomainEventResumedDetailType.migrated.rawValue
    switch action {
    case .arrive:
      return DomainMove(.inactive, paused(.migration, (.started, DomainEventStartedDetailType.migrated.rawValue)), .running)
    case .goOnAfterArrival:
      return DomainMove(.active.subtracting(.runs), running(.migrated, (.resumed, migrated)), .stoppedOnItsWay)
    case .stayPausedAfterArrival:
      return DomainMove(
        .active.subtracting(.runs), paused(.user, (.suspended, DomainEventSuspendedDetailType.paused.rawValue)), .stoppedOnItsWay)
    case .failArrival: return DomainMove(.active, off(.failed, .failed), .notRunning)
    case .pauseToLeave:
      return DomainMove(.runs, paused(.migration, (.suspended, DomainEventSuspendedDetailType.migrated.rawValue)), .notRunning)
    case .leave:
      return DomainMove(
        .active, off(.migrated, .migrated), DomainRefusal(.operationInvalid, .test, "the domain stopped on its way:"))
    default: return DomainMove(.active, running(.migrationCanceled, (.resumed, migrated)), .notRunning)
    }
  }

  private static func running(
    _ reason: DomainRunningReason, _ event: (type: DomainEventType, detail: Int32)?
  ) -> DomainTransition { DomainTransition(.running, reason.rawValue, event) }

  private static func paused(
    _ reason: DomainPausedReason, _ event: (type: DomainEventType, detail: Int32)?
  ) -> DomainTransition { DomainTransition(.paused, reason.rawValue, event) }

  private static func asleep(_ detail: DomainEventPMSuspendedDetailType) -> (type: DomainEventType, detail: Int32) {
    (.pmsuspended, detail.rawValue)
  }

  private static func off(
    _ reason: DomainShutoffReason, _ detail: DomainEventStoppedDetailType,
    after first: (type: DomainEventType, detail: Int32)? = nil
  ) -> DomainTransition { DomainTransition(.shutoff, reason.rawValue, (.stopped, detail.rawValue), after: first) }

  // MARK: - The table as text

  /// The table as the tests read it: a line for each action and state.
  package static var text: String {
    var text = "action\tstate\tleads to\treason\tfirst event\tfirst detail\tevent\tdetail\tcode\tdomain\n"
    for action in DomainAction.allCases {
      for state in DomainState.allStates {
        let cells: [Int32?]
        if let transition = DomainTransition.of(action, in: state) {
          let event = transition.event
          let reason = transition.state == nil ? nil : transition.reason
          let first = transition.first
          cells = [
            (transition.state ?? state).rawValue, reason, first?.type.rawValue, first?.detail, event?.type.rawValue, event?.detail,
            nil, nil,
          ]
        } else {
          let refusal = of(action).refusal
          cells = [nil, nil, nil, nil, nil, nil, refusal.code.rawValue, refusal.domain.rawValue]
        }
        text += "\(action.rawValue)\t\(state.rawValue)\t" + cells.map { $0.map { "\($0)" } ?? "-" }.joined(separator: "\t") + "\n"
      }
    }
    return text
  }
}

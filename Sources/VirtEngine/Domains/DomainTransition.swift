package import VirtCore

/// Where an action leads, and what listeners hear.
package struct DomainTransition: Sendable, Equatable {
  /// The state afterwards; nil when it stays as it is, with its reason.
  package let state: DomainState?
  /// The reason for it.
  package let reason: Int32
  /// The event and its detail; nil when nobody hears of it.
  package let event: (type: DomainEventType, detail: Int32)?
  /// The event before that one, with its detail, where there are two.
  package let first: (type: DomainEventType, detail: Int32)?

  /// Leads somewhere.
  init(
    _ state: DomainState?, _ reason: Int32, _ event: (type: DomainEventType, detail: Int32)?,
    after first: (type: DomainEventType, detail: Int32)? = nil
  ) {
    self.state = state
    self.reason = reason
    self.event = event
    self.first = first
  }

  /// Leads nowhere: the domain stays as it is.
  static var none: DomainTransition { DomainTransition(nil, 0, nil) }

  /// What an action does to a domain in a state; nil when it cannot be done.
  package static func of(_ action: DomainAction, in state: DomainState) -> DomainTransition? {
    let move = DomainMove.of(action)
    if move.from.contains(DomainStates(state)) { return move.transition }
    return move.other.from.contains(DomainStates(state)) ? move.other.transition : nil
  }

  /// Whether two lead to the same place with the same events.
  package static func == (one: DomainTransition, other: DomainTransition) -> Bool {
    one.state == other.state && one.reason == other.reason && one.event?.type == other.event?.type
      && one.event?.detail == other.event?.detail && one.first?.type == other.first?.type
      && one.first?.detail == other.first?.detail
  }
}

/// Why an action cannot be done in a state.
package struct DomainRefusal: Sendable {
  /// The code and the domain of the error.
  package let code: ErrorCode
  package let domain: ErrorDomain
  /// What is said before the domain's name.
  package let text: StaticString

  init(_ code: ErrorCode, _ domain: ErrorDomain, _ text: StaticString) {
    self.code = code
    self.domain = domain
    self.text = text
  }

  static var notRunning: DomainRefusal { DomainRefusal(.operationInvalid, .domain, "the domain does not run:") }
  static var stoppedOnItsWay: DomainRefusal { DomainRefusal(.operationFailed, .test, "the domain stopped on its way:") }
  static var running: DomainRefusal { DomainRefusal(.operationInvalid, .domain, "the domain runs already:") }

  /// The error about a domain.
  package func error(_ name: String) -> VirtError { VirtError(code, domain, text, name) }
}

package import VirtCore

/// What happens when the guest ends in one way or another. Absent where the document says nothing.
package struct LifecycleActions: Sendable, Equatable {
  var powerOff: String?
  var reboot: String?
  var crash: String?

  /// What a document means that says nothing.
  package init() {}

  /// The names of actions in documents, by their numbers in the API.
  static let names = [
    "destroy", "restart", "rename-restart", "preserve", "coredump-destroy", "coredump-restart", "preserve-running",
  ]
  /// What can follow when a guest ends by itself.
  static let endings = Array(names.prefix(4))

  /// Refuses numbers that mean no event or no action.
  package static func check(_ action: UInt32, after event: UInt32) throws(VirtError) {
    guard event <= UInt32(bitPattern: DomainLifecycle.crash.rawValue) else {
      throw VirtError(.invalidArg, .domain, "there is no event in a guest's life with the number", "\(event)")
    }
    guard action < UInt32(clamping: names.count) else {
      throw VirtError(.invalidArg, .domain, "no action has the number", "\(action)")
    }
  }

  /// The same with another action after an event.
  ///
  /// - Throws: `VIR_ERR_CONFIG_UNSUPPORTED` for an action that cannot follow the event.
  package func setting(_ action: UInt32, after event: UInt32) throws(VirtError) -> LifecycleActions {
    try Self.check(action, after: event)
    let event = DomainLifecycle(rawValue: Int32(bitPattern: event)), name = Self.names[Int(action)]
    guard event == .crash || Self.endings.contains(name) else {
      throw VirtError(.configUnsupported, .domain, "only a crash can be followed by", name)
    }
    var changed = self
    switch event {
    case .poweroff: changed.powerOff = name
    case .reboot: changed.reboot = name
    default: changed.crash = name
    }
    return changed
  }
}

extension DomainHardware {
  /// The same hardware with another action after an event.
  package func changing(action: UInt32, after event: UInt32) throws(VirtError) -> DomainHardware {
    copy(actions: try actions.setting(action, after: event))
  }
}

extension DomainDefinition {
  /// Whether a reboot is the end of the domain.
  package var endsOnReboot: Bool {
    switch values.hardware.actions.reboot {
    case "destroy", "preserve": true
    default: false
    }
  }

  /// Whether the guest starts again when it powers off.
  package var restartsOnPowerOff: Bool {
    switch values.hardware.actions.powerOff {
    case "restart", "rename-restart": true
    default: false
    }
  }
}

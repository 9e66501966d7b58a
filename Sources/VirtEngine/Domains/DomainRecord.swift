package import VirtCore
package import VirtModel

/// What is known of a live domain; touched only under its object's lock.
package struct DomainRecord: LiveRecord {
  /// How it is now: what runs, or what would start.
  package var definition: DomainDefinition
  /// What starts next, while a persistent domain runs.
  package var next: DomainDefinition?
  /// Whether it stays when it stops.
  package var isPersistent: Bool
  /// The number while it runs, else -1.
  package var id: Int32 = -1
  /// What it does.
  package var state: DomainState = .shutoff
  /// Why: a number of the state's own enumeration.
  package var reason: Int32 = 0
  /// Whether it starts with the host.
  package var startsWithHost = false
  /// Whether it starts with the host the next time only.
  package var startsOnceWithHost = false
  /// Whether its memory waits in a file for the next start.
  package var hasManagedSave = false
  /// How the domain was when its memory was saved, where that is known.
  package var managedSave: DomainDefinition?
  /// Its snapshots.
  package var snapshots = SnapshotTree()
  /// Its checkpoints.
  package var checkpoints = Moments<CheckpointDefinition>()
  /// Work on it; there never was any on most, who take no memory for it.
  var worked: [DomainWork] = []
  /// Descriptors that its first process has while it runs.
  package var files: Descriptors?
  /// Connections to its graphical consoles.
  package var viewers: [Descriptors] = []
  /// From which byte on writing to a disk is told, once; by the guest's names for them.
  package var thresholds: [String: UInt64] = [:]
  /// What was done inside the guest; nobody did anything in most, who take no memory for it.
  package var guest: GuestState {
    get { touched.first ?? GuestState() }
    set { touched = [newValue] }
  }
  private var touched: [GuestState] = []

  /// A domain that does not run yet.
  package init(_ definition: DomainDefinition, isPersistent: Bool) {
    self.definition = definition
    self.isPersistent = isPersistent
  }

  /// Whether it runs or could go on without starting anew.
  package var isActive: Bool { state.isActive }

  /// Refuses an action that cannot be done in this state.
  package func allow(_ action: DomainAction) throws(VirtError) {
    guard DomainTransition.of(action, in: state) == nil else { return }
    throw DomainMove.of(action).refusal.error(definition.name)
  }

  /// The definition it starts with next.
  package var configuration: DomainDefinition { next ?? definition }

  /// Goes where a transition leads. Starting keeps what starts next; stopping forgets what ran.
  ///
  /// - Parameter id: The number of a domain that starts.
  package mutating func apply(_ transition: DomainTransition, id newID: () -> Int32) {
    let wasActive = isActive
    guard let newState = transition.state else { return }
    state = newState
    reason = transition.reason
    if !wasActive, isActive {
      id = newID()
      hasManagedSave = false
      managedSave = nil
      if isPersistent, next == nil { next = definition }
    } else if wasActive, !isActive {
      id = -1
      if !worked.isEmpty { work.stop() }
      files = nil
      viewers = []
      thresholds = [:]
      if let next { definition = next }
      next = nil
    }
  }

  /// Replaces definitions.
  ///
  /// - Parameters:
  ///   - live: Whether what runs changes.
  ///   - configuration: Whether what starts next changes.
  package mutating func change(live: Bool, configuration: Bool, _ change: (inout DomainValues) -> Void) {
    if isActive {
      if live { definition = definition.changing(change) }
      if configuration, let next { self.next = next.changing(change) }
    } else {
      definition = definition.changing(change)
    }
  }

  /// Replaces the hardware of definitions; of both or, when one of them cannot be made, of none.
  ///
  /// - Parameters:
  ///   - live: Whether what runs changes.
  ///   - configuration: Whether what starts next changes.
  ///   - change: Makes the new hardware; told whether it is for what runs.
  package mutating func changeHardware(
    live: Bool, configuration: Bool, _ change: (DomainValues, _ isLive: Bool) throws(VirtError) -> DomainHardware
  ) throws(VirtError) {
    let later = configuration ? try change(self.configuration.values, false) : nil
    let now = live && isActive ? try change(definition.values, true) : nil
    if let now { definition = definition.changing { $0.hardware = now } }
    guard let later else { return }
    if isActive, let next {
      self.next = next.changing { $0.hardware = later }
    } else if !isActive {
      definition = definition.changing { $0.hardware = later }
    }
  }
}

/// A domain's snapshots.
package typealias SnapshotTree = Moments<SnapshotDefinition>

/// A domain's snapshots or checkpoints. Sendable because it moves only as part of its record, under one lock.
package struct Moments<Definition>: @unchecked Sendable {
  private var tree: MomentTree<Definition>?

  /// None of them, and no memory for them.
  package init() {}

  /// The forest.
  package var forest: MomentTree<Definition> {
    get { tree ?? MomentTree() }
    set { tree = newValue }
    _modify {
      var taken = tree ?? MomentTree()
      tree = nil
      yield &taken
      tree = taken.count == 0 ? nil : taken
    }
  }

  /// Whether there are any.
  package var isEmpty: Bool { tree == nil }
}

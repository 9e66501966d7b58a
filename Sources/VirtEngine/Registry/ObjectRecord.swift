internal import VirtModel

/// What is known of a live object that is either active or not, and may be kept when it is not: a network, a storage pool, a
/// host's interface. Touched only under its object's lock.
package struct ObjectRecord<Definition: Sendable, Contents: Sendable>: Sendable {
  /// How it is now: what is active, or what would start.
  package var definition: Definition
  /// What starts next, while a persistent object is active.
  package var next: Definition?
  /// Whether it stays when it stops.
  package var isPersistent: Bool
  /// Whether it is active.
  package private(set) var isActive = false
  /// Whether it starts with the host.
  package var startsWithHost = false
  /// What the kind keeps beside its definition.
  package var contents: Contents

  /// An object that is not active yet.
  @inlinable
  package init(_ definition: Definition, isPersistent: Bool, contents: Contents) {
    self.definition = definition
    self.isPersistent = isPersistent
    self.contents = contents
  }

  /// The definition it starts with next.
  @inlinable package var configuration: Definition { next ?? definition }

  /// Becomes active. What starts next is kept, so that it survives changes of what is active.
  package mutating func start() {
    isActive = true
    if isPersistent, next == nil { next = definition }
  }

  /// Becomes inactive; forgets what was active.
  package mutating func stop() {
    isActive = false
    if let next { definition = next }
    next = nil
  }

  /// Takes a definition for what starts next; of an inactive object it is at once how the object is.
  ///
  /// - Parameter atOnce: Whether it is so for an active one, too.
  package mutating func define(_ definition: Definition, atOnce: Bool = false) {
    isPersistent = true
    if isActive { next = definition }
    if !isActive || atOnce { self.definition = definition }
  }

  /// Takes a definition for what is active alone. What starts next stays what it was.
  package mutating func create(_ definition: Definition) {
    if isPersistent { next = configuration }
    self.definition = definition
  }

  /// Replaces definitions, both or none.
  ///
  /// - Parameters:
  ///   - live: Whether what is active changes.
  ///   - configuration: Whether what starts next changes.
  package mutating func change<Failure: Error>(
    live: Bool, configuration: Bool, _ change: (Definition) throws(Failure) -> Definition
  ) throws(Failure) {
    let isShared = live && configuration && next == nil
    let changed = live || !isActive ? try change(definition) : definition
    let changedNext = configuration && isActive && !isShared ? try next.map(change) : next
    definition = changed
    next = changedNext
  }
}

extension ObjectRecord: LiveRecord where Definition: NamedDefinition {}

/// Which objects a list shows: within a pair of flags any of them, and every pair that is named. The flags are those that lists
/// of networks, storage pools and interfaces share.
package struct ObjectFilter: Sendable {
  private let flags: UInt32

  /// Takes the flags of the API; those beyond the common six are ignored.
  package init(_ flags: UInt32) { self.flags = flags & 0b11_1111 }

  /// Whether it shows everything.
  package var showsAll: Bool { flags == 0 }

  /// Whether it shows an object.
  package func shows<Definition, Contents>(_ record: ObjectRecord<Definition, Contents>) -> Bool {
    let own: UInt32 =
      (record.isActive ? 0b10 : 0b1) | (record.isPersistent ? 0b100 : 0b1000) | (record.startsWithHost ? 0b1_0000 : 0b10_0000)
    return [UInt32(0b11), 0b1100, 0b11_0000].allSatisfy { flags & $0 == 0 || flags & $0 & own != 0 }
  }
}

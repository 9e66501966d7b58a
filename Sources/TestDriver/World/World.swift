internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

/// Everything a connection of the test driver sees.
final class World: Sendable {
  /// Tells it from every other.
  let identity = UUID.random()
  let node: Node
  let domains = DomainRegistry()
  /// Everything else.
  let parts: WorldParts
  let events: EventSource
  /// How calls behave beside what they do; most worlds have nothing of it.
  let behaviour: Behaviour?
  /// What keeps the objects beyond the world; most worlds are in memory only.
  let keeper: ObjectKeeper?
  /// What documents leave out.
  let context = ModelContext(architecture: "i686", interfacePrefix: "testnet")

  /// A world without domains.
  ///
  /// - Parameter isBuiltIn: Whether there is everything else that `test:///default` starts with.
  init(
    _ node: Node = Node(), isBuiltIn: Bool = false, behaviour: Behaviour? = nil, keeper: ObjectKeeper? = nil
  ) throws(VirtError) {
    self.node = node
    self.behaviour = behaviour
    self.keeper = keeper
    parts = WorldParts(isBuiltIn: isBuiltIn)
    events = try EventSource()
  }

  /// Takes part in the world of `test:///default`; makes it when nobody did.
  static func takeShared() throws(VirtError) -> World {
    try SharedWorld.current.withLock { (current) throws(VirtError) -> World in
      if let present = current.world {
        current.users += 1
        return present
      }
      let made = try World(isBuiltIn: true)
      made.addBuiltInDomain()
      current = SharedWorld(world: made, users: 1)
      return made
    }
  }

  /// Ends one connection's part in it.
  static func giveSharedBack() {
    SharedWorld.current.withLock { current in
      guard current.world != nil else { return }
      current.users -= 1
      if current.users == 0 { current.world = nil }
    }
  }

  /// Starts what was added; gives it a number.
  ///
  /// - Parameter wanted: The number that it had before; taken unless another domain has it.
  func start(_ object: DomainObject, _ transition: DomainTransition, as wanted: Int32? = nil) {
    let known = wanted.flatMap { domains.find(id: $0) == nil ? $0 : nil }
    if let known { domains.skip(to: known) }
    let id = object.record.withLock { record in
      record.apply(transition) { known ?? domains.nextID() }
      return record.id
    }
    domains.renumber(object, from: -1, to: id)
  }
}

/// The world of `test:///default`, and how many connections use it. A forked child begins with a new one: threads that are
/// not there may have been in the middle of changing the old.
private struct SharedWorld {
  var world: World?
  var users = 0

  static let current: ProcessLock<SharedWorld> = {
    whenForked {
      SharedWorld.current.withLock { current in
        // Never ended: its locks may be held for ever.
        if let left = current.world { _ = Unmanaged.passRetained(left) }
        current = SharedWorld()
      }
    }
    return ProcessLock(SharedWorld())
  }()
}

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

  /// Takes part in the world of `test:///default`.
  static func takeBuiltIn() throws(VirtError) -> World {
    try SharedWorlds.builtIn.withLock { (worlds) throws(VirtError) -> World in
      try worlds.take({ .builtIn }) { () throws(VirtError) in
        let made = try World(isBuiltIn: true)
        made.addBuiltInDomain()
        return made
      }
    }
  }

  /// Ends a connection's part in the world, which ends with the last of them.
  func giveBack() {
    if parts.isBuiltIn {
      SharedWorlds.builtIn.withLock { $0.giveBack(self) }
    } else if keeper != nil {
      SharedWorlds.stored.withLock { $0.giveBack(self) }
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

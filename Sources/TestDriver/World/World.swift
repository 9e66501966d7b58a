internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

/// Everything a connection of the test driver sees.
final class World: Sendable {
  let node: Node
  let domains = DomainRegistry()
  let events: EventSource
  /// What documents leave out.
  let context = ModelContext(architecture: "i686", interfacePrefix: "testnet")

  init(_ node: Node = Node()) throws(VirtError) {
    self.node = node
    events = try EventSource()
  }

  /// The world of `test:///default`, and how many connections use it.
  private static let shared = Lock<(world: World, users: Int)?>(nil)

  /// Takes part in the shared world; makes it when nobody did.
  static func takeShared() throws(VirtError) -> World {
    try shared.withLock { (shared) throws(VirtError) -> World in
      if let present = shared {
        shared = (present.world, present.users + 1)
        return present.world
      }
      let made = try World()
      made.addBuiltIn()
      shared = (made, 1)
      return made
    }
  }

  /// Ends one connection's part in it.
  static func giveSharedBack() {
    shared.withLock { shared in
      guard let present = shared else { return }
      shared = present.users > 1 ? (present.world, present.users - 1) : nil
    }
  }

  /// Starts what was added; gives it a number.
  func start(_ object: DomainObject, _ transition: DomainTransition) {
    let id = object.record.withLock { record in
      record.apply(transition) { domains.nextID() }
      return record.id
    }
    domains.renumber(object, from: -1, to: id)
  }
}

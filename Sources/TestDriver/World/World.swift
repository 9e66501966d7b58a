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
  let networks = Registry<Network.Record>()
  let interfaces = Registry<Interface.Record>()
  /// What the interfaces were when a change of them began; nil while none goes on.
  let interfaceChange = Lock<[Interface.Record]?>(nil)
  let nodeDevices = Registry<NodeDevice.Record>()
  let secrets = Registry<SecretRecord>()
  let filters = Filters()
  let pools = StoragePoolRegistry()
  let lines = Lines()
  let events: EventSource
  /// What documents leave out.
  let context = ModelContext(architecture: "i686", interfacePrefix: "testnet")

  init(_ node: Node = Node()) throws(VirtError) {
    self.node = node
    events = try EventSource()
  }

  /// Takes part in the world of `test:///default`; makes it when nobody did.
  static func takeShared() throws(VirtError) -> World {
    try SharedWorld.current.withLock { (current) throws(VirtError) -> World in
      if let present = current {
        current = (present.world, present.users + 1)
        return present.world
      }
      let made = try World()
      try made.addBuiltIn()
      current = (made, 1)
      return made
    }
  }

  /// Ends one connection's part in it.
  static func giveSharedBack() {
    SharedWorld.current.withLock { current in
      guard let present = current else { return }
      current = present.users > 1 ? (present.world, present.users - 1) : nil
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

/// The world of `test:///default`, and how many connections use it. A forked child begins with a new one: threads that are
/// not there may have been in the middle of changing the old.
private enum SharedWorld {
  static let current: ProcessLock<(world: World, users: Int)?> = {
    whenForked {
      SharedWorld.current.withLock { current in
        // Never ended: its locks may be held for ever.
        if let left = current { _ = Unmanaged.passRetained(left.world) }
        current = nil
      }
    }
    return ProcessLock(nil)
  }()
}

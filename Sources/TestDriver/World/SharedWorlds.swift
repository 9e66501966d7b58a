internal import Glibc
internal import VirtCore

/// Worlds that several connections of the process see, each until the last of them is closed.
///
/// A forked child begins with none: threads that are not there may have been in the middle of changing those of its parent.
struct SharedWorlds {
  /// What tells a world from the others.
  struct Place: Equatable {
    private let device: UInt
    private let number: UInt

    /// The place of the world that is built in.
    static let builtIn = Place(device: 0, number: 0)

    /// The folder of a store; nil when there is none.
    static func folder(_ path: String) -> Place? {
      var found = stat()
      guard stat(path, &found) == 0 else { return nil }
      return Place(device: UInt(truncatingIfNeeded: found.st_dev), number: UInt(truncatingIfNeeded: found.st_ino))
    }
  }

  private struct Entry {
    let place: Place
    let world: World
    var users = 1
  }

  private var entries: [Entry] = []

  /// The world of `test:///default`.
  static let builtIn: ProcessLock<SharedWorlds> = {
    whenForked { SharedWorlds.builtIn.withLock { $0.forget() } }
    return ProcessLock(SharedWorlds())
  }()

  /// Those that a store keeps.
  static let stored: ProcessLock<SharedWorlds> = {
    whenForked { SharedWorlds.stored.withLock { $0.forget() } }
    return ProcessLock(SharedWorlds())
  }()

  /// Takes part in the world of a place; makes it when nobody has.
  ///
  /// - Parameter place: Where it is; asked again once it is made, as that may make its place.
  mutating func take(
    _ place: () -> Place?, _ make: () throws(VirtError) -> World
  ) throws(VirtError) -> World {
    if let place = place(), let index = entries.firstIndex(where: { $0.place == place }) {
      entries[index].users += 1
      return entries[index].world
    }
    let made = try make()
    if let place = place() { entries.append(Entry(place: place, world: made)) }
    return made
  }

  /// Ends one connection's part in a world, and with the last one the world.
  mutating func giveBack(_ world: World) {
    if let index = entries.firstIndex(where: { $0.world === world }) {
      entries[index].users -= 1
      guard entries[index].users == 0 else { return }
      entries.remove(at: index)
    }
    world.keeper?.close()
  }

  /// Leaves all worlds as they are, never to be ended: their locks may be held for ever.
  private mutating func forget() {
    for entry in entries { _ = Unmanaged.passRetained(entry.world) }
    entries = []
  }
}

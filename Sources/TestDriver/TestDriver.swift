public import CVirt
public import VirtCore
public import VirtDriverKit

/// The test driver: a hypervisor that runs nothing, in memory only.
///
/// `test:///default` is one world for all connections of the process, gone with the last of them; any other path is a
/// file that describes a world of one connection.
public final class TestDriver: VirtDriver {
  let world: World
  let connection: Connection
  private let isShared: Bool

  private init(_ world: World, _ connection: Connection, isShared: Bool) throws(VirtError) {
    self.world = world
    self.connection = connection
    self.isShared = isShared
    try world.events.attach(connection)
  }

  /// What the driver can do.
  public static let operations: [Operation<TestDriver>] = hostOperations + domainOperations + snapshotOperations

  /// Opens a connection to the world that the path names. Declines URIs with a server: those are for daemons.
  public static func open(_ request: OpenRequest) throws(VirtError) -> TestDriver? {
    guard request.server == nil, !request.isCompanion else { return nil }
    let path = request.path
    guard !path.isEmpty, path != "/" else {
      throw VirtError(.invalidArg, .test, "the URI needs a path: test:///default or that of a file")
    }
    guard path == "/default" else {
      return try TestDriver(try WorldFile.read(path), request.connection, isShared: false)
    }
    let world = try World.takeShared()
    do throws(VirtError) {
      return try TestDriver(world, request.connection, isShared: true)
    } catch {
      World.giveSharedBack()
      throw error
    }
  }

  /// Ends the connection, and with the last one the shared world.
  public func close() {
    if isShared { World.giveSharedBack() }
  }
}

/// What the plugin's one exported function calls.
@c(test_driver_negotiate)
public func negotiateTestDriver(
  _ host: UnsafePointer<virt_driver_host>?, _ reply: UnsafeMutablePointer<virt_driver_reply>?
) -> Int32 {
  negotiate(TestDriver.self, host, reply)
}

public import CVirt
public import VirtCore
public import VirtDriverKit

/// The test driver: a hypervisor that runs nothing.
///
/// `test:///default` is one world for all connections of the process, gone with the last of them; any other path is a
/// file that describes a world of one connection, or one with a store that keeps it, which connections of the process share.
public final class TestDriver: VirtDriver {
  let world: World
  let connection: Connection
  /// On whose behalf the connection acts, as it said.
  let identity = Lock<[TypedParameter]>([])
  /// Whether it handed over descriptors for disks.
  let handsOver = Lock(false)

  private init(_ world: World, _ connection: Connection) throws(VirtError) {
    self.world = world
    self.connection = connection
    try world.events.attach(connection)
  }

  /// What the driver can do. Appended list by list: a sum would copy each of them again and again.
  public static let operations: [Operation<TestDriver>] = {
    var operations: [Operation<TestDriver>] = []
    operations.reserveCapacity(512)
    operations += hostOperations
    operations += nodeOperations
    operations += processorOperations
    operations += domainOperations
    operations += controlOperations
    operations += powerOperations
    operations += graphicsOperations
    operations += diskControlOperations
    operations += hostSettingOperations
    operations += snapshotOperations
    operations += tuningOperations
    operations += statisticsOperations
    operations += agentOperations
    operations += networkOperations
    operations += networkChangeOperations
    operations += networkPortOperations
    operations += interfaceOperations
    operations += nodeDeviceOperations
    operations += secretOperations
    operations += filterOperations
    operations += storageOperations
    operations += managedSaveOperations
    operations += checkpointOperations
    operations += consoleOperations
    operations += blockJobOperations
    operations += wholeJobOperations
    operations += backupOperations
    operations += migrationOperations
    operations += deviceOperations
    operations = Operation.nonblocking(operations)
    // What waits for the disk or for somebody else.
    operations += savingOperations
    operations += migrationDriveOperations
    return operations
  }()

  /// Opens a connection to the world that the path names. Declines URIs with a server: those are for daemons.
  public static func open(_ request: OpenRequest) throws(VirtError) -> TestDriver? {
    guard request.server == nil, !request.isCompanion else { return nil }
    let path = request.path
    guard !path.isEmpty, path != "/" else {
      throw VirtError(.invalidArg, .test, "the URI needs a path: test:///default or that of a file")
    }
    let world =
      path == "/default"
      ? try World.takeBuiltIn() : try WorldFile.read(path) { (users) throws(VirtError) in try authenticate(request, users) }
    do throws(VirtError) {
      return try TestDriver(world, request.connection)
    } catch {
      world.giveBack()
      throw error
    }
  }

  /// Asks who opens the connection; one of the users whom the file lists may.
  private static func authenticate(_ request: OpenRequest, _ users: [WorldFile.User]) throws(VirtError) {
    let place = "localhost"
    let name = try request.credential(.authname, prompt: "User name for \(place)", challenge: place)
    let user = users.first { $0.name == name }
    if let user, user.password == nil { return }
    let password = try request.credential(.passphrase, prompt: "Password of \(name) for \(place)", challenge: place)
    guard let user, user.password == password else {
      throw VirtError(.authFailed, .test, "the file lists no such user with this password")
    }
  }

  /// What a file says about the behaviour of calls, and the store that it names.
  public var watch: (any OperationWatch)? {
    guard let keeper = world.keeper else { return world.behaviour }
    return StoreWatch(keeper, world.behaviour)
  }

  /// Ends the connection, and with the last one a shared world.
  public func close() {
    if handsOver.withLock({ $0 }) { world.descriptors.drop(of: ObjectIdentifier(self)) }
    world.giveBack()
  }
}

/// What the plugin's one exported function calls.
@c(test_driver_negotiate)
public func negotiateTestDriver(
  _ host: UnsafePointer<virt_driver_host>?, _ reply: UnsafeMutablePointer<virt_driver_reply>?
) -> Int32 {
  negotiate(TestDriver.self, host, reply)
}

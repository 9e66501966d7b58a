internal import CVirt
internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine

extension TestDriver {
  /// Moves of domains between two worlds, in memory.
  static var migrationOperations: [Operation<TestDriver>] {
    [
      .connectSupportsFeature { $0.supports }, .domainMigrateBegin3Params { $0.begin }, .domainMigratePrepare3Params { $0.prepare },
      .domainMigrateFinish3Params { $0.finish }, .domainMigrateConfirm3Params { $0.confirm },
    ]
  }

  /// The phase in which the source may drive the whole by itself, which reads files.
  static var migrationDriveOperations: [Operation<TestDriver>] { [.domainMigratePerform3Params { $0.perform }] }

  private static let features: Set<Int32> = [
    VIRT_FEATURE_MIGRATION_PEER, VIRT_FEATURE_MIGRATION_V3, VIRT_FEATURE_TYPED_STRING, VIRT_FEATURE_MIGRATION_OFFLINE,
    VIRT_FEATURE_MIGRATION_PARAMETERS, VIRT_FEATURE_NETWORK_UPDATE_ORDER,
  ]

  private func supports(_ feature: Int32) throws(VirtError) -> Int32 { Self.features.contains(feature) ? 1 : 0 }

  private typealias Parameters = UnsafePointer<virTypedParameter>?

  private func request(_ parameters: Parameters, _ count: Int32, _ flags: UInt32) throws(VirtError) -> MigrationRequest {
    try MigrationRequest(TypedParameter.read(parameters, Int(max(0, count))), flags)
  }

  private func begin(
    _ domain: Domain, _ parameters: Parameters, _ count: Int32, _ flags: UInt32
  ) throws(VirtError) -> (cookie_out: String?, cookie_out_len: Int32, xml: String?) {
    let begun = try Departure(world: world, object: try object(domain)).begin(try request(parameters, count, flags))
    return (begun.cookie, MigrationCookie.length(begun.cookie), String(decoding: begun.document, as: UTF8.self))
  }

  private func prepare(
    _ parameters: Parameters, _ count: Int32, _ cookie: BorrowedText?, _ length: Int32, _ flags: UInt32
  ) throws(VirtError) -> (cookie_out: String?, cookie_out_len: Int32, uri_out: String?) {
    let request = try request(parameters, count, flags)
    guard let cookie else { throw VirtError(.internalError, .test, "the other host of the migration is no test driver") }
    try Arrival(world: world).prepare(request, try MigrationCookie.read(cookie.bytes))
    return (nil, 0, nil)
  }

  private func perform(
    _ domain: Domain, _ peer: BorrowedText?, _ parameters: Parameters, _ count: Int32, _ cookie: BorrowedText?, _ length: Int32,
    _ flags: UInt32
  ) throws(VirtError) -> (cookie_out: String?, cookie_out_len: Int32) {
    let departure = Departure(world: world, object: try object(domain))
    if let peer {
      try drive(departure, to: peer.string, try request(parameters, count, flags))
      domain.setID(departure.object.id)
      return (nil, 0)
    }
    let text = try departure.perform()
    return (text, MigrationCookie.length(text))
  }

  private func finish(
    _ parameters: Parameters, _ count: Int32, _ cookie: BorrowedText?, _ length: Int32, _ flags: UInt32, _ cancelled: Int32
  ) throws(VirtError) -> (ddom: Domain?, cookie_out: String?, cookie_out_len: Int32) {
    let request = try request(parameters, count, flags)
    let said = try cookie.map { (cookie) throws(VirtError) in try MigrationCookie.read(cookie.bytes) }
    let object = try Arrival(world: world).finish(request, said, isCancelled: cancelled != 0)
    return (try object.map { (object) throws(VirtError) in try handle(object) }, nil, 0)
  }

  private func confirm(
    _ domain: Domain, _ parameters: Parameters, _ count: Int32, _ cookie: BorrowedText?, _ length: Int32, _ flags: UInt32,
    _ cancelled: Int32
  ) throws(VirtError) {
    let departure = Departure(world: world, object: try object(domain))
    try departure.confirm(try request(parameters, count, flags), isCancelled: cancelled != 0)
    domain.setID(departure.object.id)
  }

  /// All phases at once: the other world is opened as a connection of the program would open it.
  private func drive(_ departure: Departure, to address: String, _ asked: MigrationRequest) throws(VirtError) {
    guard address.hasPrefix("test:///") else {
      throw VirtError(.operationFailed, .test, "a domain of the test driver goes to another test driver only, not to", address)
    }
    let path = String(address.dropFirst("test://".utf8.count))
    let other =
      path == "/default"
      ? try World.takeBuiltIn()
      : try WorldFile.read(path) { (_) throws(VirtError) in
        throw VirtError(.authFailed, .test, "the other host asks who comes:", path)
      }
    defer { other.giveBack() }
    let begun = try departure.begin(asked)
    var request = asked
    request.document = String(decoding: begun.document, as: UTF8.self)
    let arrival = Arrival(world: other)
    other.keeper?.begin()
    var isPrepared = false
    do throws(VirtError) {
      try begun.cookie.withBytes { (bytes) throws(VirtError) in try arrival.prepare(request, try MigrationCookie.read(bytes)) }
      isPrepared = true
      let told = try departure.perform()
      _ = try told.withBytes { (bytes) throws(VirtError) in
        try arrival.finish(request, try MigrationCookie.read(bytes), isCancelled: false)
      }
      try other.keeper?.keep()
    } catch {
      if isPrepared { _ = try? arrival.finish(request, nil, isCancelled: true) }
      try? other.keeper?.keep()
      try? departure.confirm(request, isCancelled: true)
      throw error
    }
    try departure.confirm(request, isCancelled: false)
  }
}

extension String {
  /// Shows the bytes of the text.
  fileprivate func withBytes<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws(VirtError) -> Result
  ) throws(VirtError) -> Result {
    try withCText { (text) throws(VirtError) -> Result in try body(BorrowedText(text).bytes) }
  }
}

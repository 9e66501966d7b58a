internal import VirtCore
internal import VirtDriverKit
internal import VirtModel
internal import VirtXML

/// What a program says about a migration.
struct MigrationRequest: Sendable {
  var flags: DomainMigrateFlags
  /// The document for the other host.
  var document: String?
  /// What stays there when the domain stops.
  var lastingDocument: String?
  /// The name there.
  var name: String?

  private static let supported: DomainMigrateFlags = DomainMigrateFlags.known.subtracting([
    .tunnelled, .rdmaPinAll, .tls, .postcopyResume,
  ])

  /// Parameters that change nothing where nothing is sent.
  private static let others: Set<String> = [
    "migrate_uri", "bandwidth", "bandwidth.postcopy", "bandwidth.avail.switchover", "graphics_uri", "listen_address",
    "migrate_disks", "migrate_disks_detect_zeroes", "migrate_disks_target_zero", "disks_port", "disks_uri", "compression",
    "compression.mt.level", "compression.mt.threads", "compression.mt.dthreads", "compression.xbzrle.cache",
    "compression.zlib.level", "compression.zstd.level", "auto_converge.initial", "auto_converge.increment",
    "parallel.connections", "tls.destination",
  ]

  /// Reads flags and parameters.
  init(_ parameters: [TypedParameter], _ flags: UInt32) throws(VirtError) {
    self.flags = DomainMigrateFlags(rawValue: flags)
    try accept(self.flags, only: Self.supported, in: "domainMigrate")
    for parameter in parameters {
      switch (parameter.name, parameter.value) {
      case ("destination_xml", .string(let text)): document = text
      case ("persistent_xml", .string(let text)): lastingDocument = text
      case ("destination_name", .string(let text)): name = text
      case ("destination_xml", _), ("persistent_xml", _), ("destination_name", _):
        throw VirtError(.invalidArg, .test, "the parameter must be a text:", parameter.name)
      default:
        guard Self.others.contains(parameter.name) else {
          throw VirtError(.argumentUnsupported, .test, "there is no parameter", parameter.name)
        }
      }
    }
    if let name, name.isEmpty || name.utf8.contains(UInt8(ascii: "/")) {
      throw VirtError(.invalidArg, .test, "a domain cannot be named", name)
    }
    guard !self.flags.contains(.offline) || self.flags.contains(.persistDest) else {
      throw VirtError(.operationInvalid, .test, "a domain that does not run can only go where it stays")
    }
    guard !self.flags.contains(.offline) || self.flags.isDisjoint(with: [.nonSharedDisk, .nonSharedInc]) else {
      throw VirtError(.operationInvalid, .test, "a domain that does not run has no disks that could be sent")
    }
  }

  /// The domain as the other host gets it.
  func definition(_ text: String, _ context: ModelContext) throws(VirtError) -> DomainDefinition {
    let definition = try DomainDefinition.read(try XMLReader.read(text, for: .domain), context)
    guard let name else { return definition }
    return definition.changing { $0.name = name }
  }
}

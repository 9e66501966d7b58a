internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension TestDriver {
  /// What the driver does with domains and files; these operations wait for the disk.
  static var savingOperations: [Operation<TestDriver>] {
    [
      .domainSave { $0.save }, .domainSaveFlags { $0.save }, .domainSaveParams { $0.save },
      .domainRestore { $0.restore }, .domainRestoreFlags { $0.restore }, .domainRestoreParams { $0.restore },
      .domainSaveImageGetXMLDesc { $0.describeSaved }, .domainSaveImageDefineXML { $0.redefineSaved },
      .domainCoreDump { $0.dump }, .domainCoreDumpWithFormat { $0.dump },
    ]
  }

  // MARK: - To a file

  private func save(_ domain: Domain, _ path: BorrowedText) throws(VirtError) {
    try save(domain, path.string)
  }

  private func save(
    _ domain: Domain, _ path: BorrowedText, _ document: BorrowedText?, _ flags: DomainSaveRestoreFlags
  ) throws(VirtError) {
    try accept(flags, only: [], in: "domainSaveFlags")
    guard document == nil else { throw Self.keepsDocument }
    try save(domain, path.string)
  }

  private func save(
    _ domain: Domain, _ parameters: [TypedParameter], _ flags: DomainSaveRestoreFlags
  ) throws(VirtError) {
    try accept(flags, only: [], in: "domainSaveParams")
    try save(domain, try Self.path(parameters))
  }

  private func save(_ domain: Domain, _ path: String) throws(VirtError) {
    let object = try object(domain)
    let (definition, id) = try object.record.withLock { (record) throws(VirtError) in
      try record.allow(.save)
      return (record.definition, record.id)
    }
    try SavedDomain.write(definition.textWithSecrets(id: id), to: path)
    try act(object, .save)
    domain.setID(-1)
  }

  // MARK: - From a file

  private func restore(_ path: BorrowedText) throws(VirtError) { try restore(path.string) }

  private func restore(
    _ path: BorrowedText, _ document: BorrowedText?, _ flags: DomainSaveRestoreFlags
  ) throws(VirtError) {
    try accept(flags, only: [], in: "domainRestoreFlags")
    guard document == nil else { throw Self.keepsDocument }
    try restore(path.string)
  }

  private func restore(_ parameters: [TypedParameter], _ flags: DomainSaveRestoreFlags) throws(VirtError) {
    try accept(flags, only: [], in: "domainRestoreParams")
    try restore(try Self.path(parameters))
  }

  private func restore(_ path: String) throws(VirtError) {
    _ = try start(try SavedDomain.read(path, world.context), .restore)
  }

  private static let keepsDocument = VirtError(
    .argumentUnsupported, .test, "a domain is saved and restored as it is: there is no other document for it")

  /// The file that parameters name.
  private static func path(_ parameters: [TypedParameter]) throws(VirtError) -> String {
    var path: String?
    for parameter in parameters {
      switch (parameter.name, parameter.value) {
      case ("file", .string(let text)) where path == nil: path = text
      case ("dxml", .string): throw keepsDocument
      case ("file", _), ("dxml", _):
        throw VirtError(.invalidArg, .test, "the parameter must be one text:", parameter.name)
      default: throw VirtError(.argumentUnsupported, .test, "there is no parameter", parameter.name)
      }
    }
    guard let path else { throw VirtError(.invalidArg, .test, "the parameter 'file' is missing") }
    return path
  }

  // MARK: - The file itself

  private func describeSaved(_ path: BorrowedText, _ flags: DomainSaveImageXMLFlags) throws(VirtError) -> HostString {
    try accept(flags, only: .secure, in: "domainSaveImageGetXMLDesc")
    let definition = try SavedDomain.read(path.string, world.context)
    return try HostString(flags.contains(.secure) ? definition.textWithSecrets(id: -1) : definition.text(id: -1))
  }

  private func redefineSaved(
    _ path: BorrowedText, _ document: BorrowedText, _ flags: DomainSaveRestoreFlags
  ) throws(VirtError) {
    try accept(flags, only: [.running, .paused], in: "domainSaveImageDefineXML")
    _ = try SavedDomain.read(path.string, world.context)
    let definition = try DomainDefinition.read(try XMLReader.read(document.bytes, for: .domain), world.context)
    try SavedDomain.write(definition.textWithSecrets(id: -1), to: path.string)
  }

  // MARK: - Memory of a guest

  private func dump(_ domain: Domain, _ path: BorrowedText, _ flags: DomainCoreDumpFlags) throws(VirtError) {
    try dump(domain, path, 0, flags)
  }

  private func dump(
    _ domain: Domain, _ path: BorrowedText, _ format: UInt32, _ flags: DomainCoreDumpFlags
  ) throws(VirtError) {
    guard format <= UInt32(bitPattern: DomainCoreDumpFormat.winDmp.rawValue) else {
      throw VirtError(
        .invalidArg, .domain, "there is no format of dumps", "\(format)",
        details: ErrorDetails("virDomainCoreDumpWithFormat", integers: (0, 0)))
    }
    try accept(flags, only: .crash, in: "domainCoreDumpWithFormat")
    let object = try object(domain)
    try object.record.withLock { (record) throws(VirtError) in try record.allow(flags.contains(.crash) ? .crash : .dump) }
    try File.write(SavedDomain.mark, to: path.string, "cannot dump a domain to")
    guard format == 0 else {
      throw VirtError(.operationUnsupported, .test, "dumps are not compressed here")
    }
    guard flags.contains(.crash) else { return }
    try act(object, .crash)
    domain.setID(-1)
  }
}

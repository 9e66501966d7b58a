internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension TestDriver {
  /// Reads a domain's document.
  private func read(_ text: BorrowedText, isValidated: Bool) throws(VirtError) -> DomainDefinition {
    try DomainDefinition.read(try document(text, .domain, for: .domain, isValidated: isValidated), world.context)
  }

  func define(_ text: BorrowedText) throws(VirtError) -> Domain { try define(text, []) }

  func define(_ text: BorrowedText, _ flags: DomainDefineFlags) throws(VirtError) -> Domain {
    try accept(flags, only: .validate, in: "domainDefineXMLFlags")
    let definition = try read(text, isValidated: flags.contains(.validate))
    var isNew = true
    let placed = world.domains.place(definition) {
      DomainObject(DomainRecord(definition, isPersistent: true))
    } change: { _, record in
      // What was transient counts as new.
      isNew = !record.isPersistent
      record.isPersistent = true
      if record.isActive { record.next = definition } else { record.definition = definition }
      return nil
    }
    switch placed {
    case .refused(let conflict): throw Self.conflict(conflict, definition)
    case .added(let object), .known(let object):
      tell(object, .defined, (isNew ? DomainEventDefinedDetailType.added : .updated).rawValue)
      return try handle(object)
    }
  }

  func create(_ text: BorrowedText, _ flags: DomainCreateFlags) throws(VirtError) -> Domain {
    try accept(flags, only: .startValidate, in: "domainCreateXML")
    return try handle(try start(try read(text, isValidated: flags.contains(.startValidate)), .start))
  }

  /// The same, with descriptors for the guest's first process.
  func create(
    _ text: BorrowedText, _ files: UnsafeBufferPointer<Int32>, _ flags: DomainCreateFlags
  ) throws(VirtError) -> Domain {
    try accept(flags, only: .startValidate, in: "domainCreateXMLWithFiles")
    let definition = try read(text, isValidated: flags.contains(.startValidate))
    let files = try Descriptors(copying: files)
    let object = try start(definition, .start)
    object.record.withLock { if $0.isActive { $0.files = files } }
    return try handle(object)
  }

  /// Starts a domain as a definition describes it: one that is there and off, or a transient one.
  func start(_ definition: DomainDefinition, _ action: DomainAction) throws(VirtError) -> DomainObject {
    let placed = world.domains.place(definition) {
      DomainObject(DomainRecord(definition, isPersistent: false))
    } change: { _, record in
      guard !record.isActive else { return .active }
      // What it starts with next stays what it was.
      record.next = record.definition
      record.definition = definition
      return nil
    }
    let object: DomainObject
    switch placed {
    case .refused(let conflict): throw Self.conflict(conflict, definition)
    case .added(let added): object = added
    case .known(let known): object = known
    }
    try act(object, action)
    return object
  }

  static func conflict(_ conflict: ObjectIndex.Conflict, _ definition: DomainDefinition) -> VirtError {
    switch conflict {
    case .name:
      VirtError(.operationFailed, .domain, "another domain has the name", definition.name)
    case .uuid(let name):
      VirtError(.operationFailed, .domain, "", "UUID \(definition.uuid) belongs to domain '\(name)', not '\(definition.name)'")
    case .active: VirtError(.operationInvalid, .domain, "the domain runs already:", definition.name)
    }
  }

  func undefine(_ domain: Domain) throws(VirtError) { try undefine(domain, []) }

  func undefine(_ domain: Domain, _ flags: DomainUndefineFlagsValues) throws(VirtError) {
    try accept(flags, only: [.managedSave, .snapshotsMetadata], in: "domainUndefineFlags")
    let object = try object(domain)
    let isGone = try object.record.withLock { (record) throws(VirtError) -> Bool in
      if record.hasManagedSave, !flags.contains(.managedSave) {
        throw VirtError(.operationInvalid, .test, "the domain's memory is saved:", record.definition.name)
      }
      if !record.isActive, !record.snapshots.isEmpty {
        guard flags.contains(.snapshotsMetadata) else {
          throw VirtError(.operationInvalid, .test, "the domain has snapshots:", record.definition.name)
        }
        record.snapshots = SnapshotTree()
      }
      record.hasManagedSave = false
      record.managedSave = nil
      record.isPersistent = false
      record.next = nil
      record.startsWithHost = false
      record.startsOnceWithHost = false
      return !record.isActive
    }
    tell(object, .undefined, DomainEventUndefinedDetailType.removed.rawValue)
    if isGone { world.domains.remove(object) }
  }

  func rename(_ domain: Domain, _ text: BorrowedText, _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "domainRename")
    let name = text.string
    guard !name.isEmpty else { throw VirtError(.invalidArg, .domain, "a domain needs a name") }
    guard !name.utf8.contains(UInt8(ascii: "/")) else {
      throw VirtError(.xmlError, .domain, "a name must not contain a slash", name)
    }
    let object = try object(domain)
    try object.record.withLock { (record) throws(VirtError) in
      guard !record.isActive else {
        throw VirtError(.operationInvalid, .test, "a running domain keeps its name:", record.definition.name)
      }
      guard record.isPersistent else {
        throw VirtError(.operationInvalid, .test, "a transient domain keeps its name:", record.definition.name)
      }
    }
    tell(object, .undefined, DomainEventUndefinedDetailType.renamed.rawValue)
    guard world.domains.rename(object, to: name, { record in record.definition = record.definition.changing { $0.name = name } })
    else { throw VirtError(.operationInvalid, .domain, "another domain has the name", name) }
    tell(object, .defined, DomainEventDefinedDetailType.renamed.rawValue)
  }

  func describe(_ domain: Domain, _ flags: DomainXMLFlags) throws(VirtError) -> HostString {
    try accept(flags, only: .known, in: "domainGetXMLDesc")
    let (present, id) = try with(domain) { record in
      guard flags.contains(.inactive) else { return (record.definition, record.id) }
      // What a transient domain would start with is what runs, without what only a running one has.
      return (record.isActive && record.next == nil ? record.definition.withoutGivenAliases : record.configuration, -1)
    }
    var definition = flags.contains(.migratable) ? present.migratable : present
    if flags.contains(.updateCpu), let host = Self.hostProcessor { definition = definition.updatingProcessor(from: host) }
    return try HostString(flags.contains(.secure) ? definition.textWithSecrets(id: id) : definition.text(id: id))
  }
}

internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension TestDriver {
  /// Memory of domains that the driver keeps itself until they start again.
  static var managedSaveOperations: [Operation<TestDriver>] {
    [
      .domainManagedSave { $0.keepMemory }, .domainHasManagedSaveImage { $0.hasManagedSave },
      .domainManagedSaveRemove { $0.forgetMemory }, .domainManagedSaveGetXMLDesc { $0.describeKept },
      .domainManagedSaveDefineXML { $0.redefineKept },
    ]
  }

  private func keepMemory(_ domain: Domain, _ flags: DomainSaveRestoreFlags) throws(VirtError) {
    try accept(flags, only: [.bypassCache, .running, .paused], in: "domainManagedSave")
    let object = try object(domain)
    let saved = try object.record.withLock { (record) throws(VirtError) -> DomainDefinition in
      try record.allow(.save)
      guard record.isPersistent else {
        throw VirtError(.operationInvalid, .test, "a transient domain cannot start again:", record.definition.name)
      }
      return record.definition
    }
    try act(object, .save)
    object.record.withLock { record in
      record.hasManagedSave = !record.isActive
      record.managedSave = record.isActive ? nil : saved
    }
    domain.setID(-1)
  }

  private func hasManagedSave(_ domain: Domain, _ flags: UInt32) throws(VirtError) -> Bool {
    try acceptNone(flags, in: "domainHasManagedSaveImage")
    return try with(domain) { $0.hasManagedSave }
  }

  private func forgetMemory(_ domain: Domain, _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "domainManagedSaveRemove")
    try with(domain) { record in
      record.hasManagedSave = false
      record.managedSave = nil
    }
  }

  private func describeKept(_ domain: Domain, _ flags: DomainSaveImageXMLFlags) throws(VirtError) -> HostString {
    try accept(flags, only: .secure, in: "domainManagedSaveGetXMLDesc")
    let kept = try with(domain) { (record) throws(VirtError) -> DomainDefinition in
      try Self.requireKept(record)
      return record.managedSave ?? record.definition
    }
    return try HostString(flags.contains(.secure) ? kept.textWithSecrets(id: -1) : kept.text(id: -1))
  }

  private func redefineKept(
    _ domain: Domain, _ document: BorrowedText?, _ flags: DomainSaveRestoreFlags
  ) throws(VirtError) {
    try accept(flags, only: [.running, .paused], in: "domainManagedSaveDefineXML")
    let definition = try document.map { (document) throws(VirtError) in
      try DomainDefinition.read(try XMLReader.read(document.bytes, for: .domain), world.context)
    }
    try with(domain) { (record) throws(VirtError) in
      try Self.requireKept(record)
      guard let definition else { return }
      guard definition.uuid == record.definition.uuid, definition.name == record.definition.name else {
        throw VirtError(.invalidArg, .test, "the document is of another domain:", definition.name)
      }
      record.managedSave = definition
    }
  }

  private static func requireKept(_ record: DomainRecord) throws(VirtError) {
    guard record.hasManagedSave else {
      throw VirtError(.operationInvalid, .test, "the domain's memory is not saved:", record.definition.name)
    }
  }
}

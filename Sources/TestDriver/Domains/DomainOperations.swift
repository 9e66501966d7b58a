internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

extension TestDriver {
  /// What the driver does with domains, apart from snapshots.
  static var domainOperations: [Operation<TestDriver>] {
    [
      .connectNumOfDomains { $0.numberOfActive }, .connectListDomains { $0.activeNumbers },
      .connectNumOfDefinedDomains { $0.numberOfInactive }, .connectListDefinedDomains { $0.inactiveNames },
      .connectListAllDomains { $0.list },
      .domainLookupByID(calling: { (driver, id) throws(VirtError) in try driver.lookUp(id: id) }),
      .domainLookupByName(calling: { (driver, name) throws(VirtError) in try driver.lookUp(name: name) }),
      .domainLookupByUUID(calling: { (driver, uuid) throws(VirtError) in try driver.lookUp(uuid: uuid) }),
      .domainDefineXML { $0.define }, .domainDefineXMLFlags { $0.define }, .domainCreateXML { $0.create },
      .domainUndefine { $0.undefine }, .domainUndefineFlags { $0.undefine }, .domainRename { $0.rename },
      .domainCreate { $0.start }, .domainCreateWithFlags { $0.start }, .domainSuspend { $0.suspend }, .domainResume { $0.resume },
      .domainShutdown { $0.shutDown }, .domainShutdownFlags { $0.shutDown }, .domainReboot { $0.reboot },
      .domainDestroy { $0.destroy }, .domainDestroyFlags { $0.destroy },
      .domainGetInfo(calling: { (driver, domain) throws(VirtError) in try driver.information(domain) }),
      .domainGetState { $0.state }, .domainIsActive { $0.isActive },
      .domainIsPersistent { $0.isPersistent }, .domainIsUpdated { $0.isUpdated }, .domainGetOSType { $0.operatingSystem },
      .domainGetXMLDesc { $0.describe },
      .domainGetAutostart { $0.autostart }, .domainSetAutostart { $0.setAutostart },
      .domainGetMaxMemory { $0.memoryLimit }, .domainSetMaxMemory { $0.setMemoryLimit }, .domainSetMemory { $0.setMemory },
      .domainSetMemoryFlags { $0.setMemory }, .domainGetMaxVcpus { $0.processorLimit }, .domainGetVcpusFlags { $0.processors },
      .domainSetVcpus { $0.setProcessors }, .domainSetVcpusFlags { $0.setProcessors },
      .domainGetMetadata { $0.metadata }, .domainSetMetadata { $0.setMetadata },
    ]
  }

  /// The domain behind a handle.
  func object(_ domain: Domain) throws(VirtError) -> DomainObject {
    let uuid = domain.uuid
    guard let object = world.domains.find(uuid: uuid) else {
      throw VirtError(.noDomain, .test, "there is no domain with UUID", "\(uuid)")
    }
    return object
  }

  /// Does something with what is known of a domain, under its lock.
  func with<Result: Sendable>(
    _ domain: Domain, _ body: (inout DomainRecord) throws(VirtError) -> Result
  ) throws(VirtError) -> Result {
    try object(domain).record.withLock { (record) throws(VirtError) -> Result in try body(&record) }
  }

  /// A handle for a domain.
  func handle(_ object: DomainObject) throws(VirtError) -> Domain {
    let (name, id) = object.record.withLock { ($0.definition.name, $0.id) }
    return try Domain.make(on: connection, name: name, uuid: object.uuid, id: id)
  }

  /// Tells those who listen what happened to a domain.
  func tell(_ object: DomainObject, _ type: DomainEventType, _ detail: Int32) { world.tell(object, type, detail) }
}

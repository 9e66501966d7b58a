internal import CVirt
internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension TestDriver {
  /// What the driver does with storage pools.
  static var poolOperations: [Operation<TestDriver>] {
    [
      .storagePoolDefineXML { $0.definePool }, .storagePoolCreateXML { $0.createPool }, .storagePoolCreate { $0.startPool },
      .storagePoolDestroy { $0.stopPool }, .storagePoolUndefine { $0.undefine }, .storagePoolBuild { $0.buildPool },
      .storagePoolDelete { $0.deletePool }, .storagePoolRefresh { $0.refreshPool }, .storagePoolIsActive { $0.isActive },
      .storagePoolIsPersistent { $0.isPersistent }, .storagePoolGetAutostart { $0.startsWithHost },
      .storagePoolSetAutostart { $0.setPoolStartsWithHost }, .storagePoolGetXMLDesc { $0.describePool },
      .storagePoolGetInfo { $0.poolInfo },
    ]
  }

  /// Does something that needs what a definition wants for itself.
  private func claiming(
    _ definition: StoragePoolDefinition, _ body: () throws(VirtError) -> StoragePool
  ) throws(VirtError) -> StoragePool {
    try world.pools.claiming(definition, conflict: { StoragePool.sourceConflict(definition, $0) }, body)
  }

  private func definePool(_ text: BorrowedText, _ flags: StoragePoolDefineFlags) throws(VirtError) -> StoragePool {
    try accept(flags, only: .validate, in: "storagePoolDefineXML")
    let definition = try read(StoragePool.self, text, isValidated: flags.contains(.validate))
    return try claiming(definition) { () throws(VirtError) in try define(definition) }
  }

  private func createPool(_ text: BorrowedText, _ flags: StoragePoolCreateFlags) throws(VirtError) -> StoragePool {
    try accept(flags, only: [], in: "storagePoolCreateXML")
    let definition = try read(StoragePool.self, text)
    let made = try claiming(definition) { () throws(VirtError) in try create(definition) }
    if let object = world.pools.find(uuid: definition.uuid) { world.pools.show(object) }
    return made
  }

  private func startPool(_ pool: StoragePool, _ flags: StoragePoolCreateFlags) throws(VirtError) {
    try accept(flags, only: [], in: "storagePoolCreate")
    let object = try object(pool)
    try start(pool)
    world.pools.show(object)
  }

  private func stopPool(_ pool: StoragePool) throws(VirtError) {
    let object = try object(pool)
    try stop(pool)
    world.pools.show(object)
    world.pools.claimAgain(object)
  }

  /// The definition of a pool that is active, or is not.
  private func definition(
    _ pool: StoragePool, whenActive isActive: Bool
  ) throws(VirtError) -> StoragePoolDefinition {
    try with(pool) { (record) throws(VirtError) in
      guard record.isActive == isActive else {
        throw StoragePool.refusal(record.definition.name, isActive ? "is not active" : "is active")
      }
      return record.definition
    }
  }

  private func buildPool(_ pool: StoragePool, _ flags: StoragePoolBuildFlags) throws(VirtError) {
    try accept(flags, only: [], in: "storagePoolBuild")
    StoragePool.tell(world.events, try definition(pool, whenActive: false), .created)
  }

  private func deletePool(_ pool: StoragePool, _ flags: StoragePoolDeleteFlags) throws(VirtError) {
    try accept(flags, only: [], in: "storagePoolDelete")
    StoragePool.tell(world.events, try definition(pool, whenActive: false), .deleted)
  }

  private func refreshPool(_ pool: StoragePool, _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "storagePoolRefresh")
    let definition = try definition(pool, whenActive: true)
    guard world.events.wantsStoragePoolRefresh else { return }
    world.events.storagePoolRefresh(ObjectIdentity(definition.name, uuid: definition.uuid))
  }

  private func setPoolStartsWithHost(_ pool: StoragePool, _ starts: Int32) throws(VirtError) {
    try with(pool) { (record) throws(VirtError) in
      guard record.isPersistent else {
        throw VirtError(.invalidArg, .test, "a transient storage pool cannot start with the host:", record.definition.name)
      }
      record.startsWithHost = starts != 0
    }
  }

  private func describePool(_ pool: StoragePool, _ flags: StorageXMLFlags) throws(VirtError) -> HostString {
    try accept(flags, only: .inactive, in: "storagePoolGetXMLDesc")
    let (definition, sizes) = try with(pool) {
      (flags.contains(.inactive) ? $0.configuration : $0.definition, $0.contents.sizes)
    }
    return try HostString(definition.text(sizes))
  }

  private func poolInfo(_ pool: StoragePool) throws(VirtError) -> virStoragePoolInfo {
    let (isActive, sizes) = try with(pool) { ($0.isActive, $0.contents.sizes) }
    return virStoragePoolInfo(
      state: (isActive ? StoragePoolState.running : .inactive).rawValue, capacity: sizes.capacity, allocation: sizes.allocation,
      available: sizes.available)
  }
}

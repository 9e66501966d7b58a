internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension TestDriver {
  /// What the driver does with storage.
  static var storageOperations: [Operation<TestDriver>] {
    poolOperations + poolQueryOperations + volumeOperations + volumeChangeOperations + volumeStreamOperations
  }
}

extension StoragePool: UniqueHandle {}

extension StoragePool: ObjectKind {
  typealias Definition = StoragePoolDefinition
  typealias Contents = StoragePoolContents

  static func registry(of world: World) -> Registry<Record> { world.pools }
  static let noun: StaticString = "storage pool"
  static let domain = ErrorDomain.storage
  static var document: DocumentKind { .storagepool }
  static let missing: (code: ErrorCode, named: StaticString, withUUID: StaticString) = (
    .noStoragePool, "there is no storage pool named", "there is no storage pool with UUID"
  )
  static let refusesToStopTwice = true

  static func read(_ element: XMLElement, _ world: World) throws(VirtError) -> StoragePoolDefinition {
    try StoragePoolDefinition.read(element)
  }

  /// 100 GiB, all free.
  static func newContents() -> StoragePoolContents { StoragePoolContents(capacity: 100 << 30) }

  static func tell(_ events: EventSource, _ definition: StoragePoolDefinition, _ event: ObjectEvent) {
    tell(events, definition, StoragePoolEventLifecycleType(rawValue: event.rawValue))
  }

  /// Tells also of what happens to pools alone.
  static func tell(_ events: EventSource, _ definition: StoragePoolDefinition, _ event: StoragePoolEventLifecycleType) {
    guard events.wantsStoragePoolLifecycle else { return }
    events.storagePoolLifecycle(ObjectIdentity(definition.name, uuid: definition.uuid), event: event.rawValue, detail: 0)
  }

  /// Says that another pool uses what a definition wants for itself.
  static func sourceConflict(_ definition: StoragePoolDefinition, _ other: String) -> VirtError {
    VirtError(.operationFailed, domain, "", "storage pool '\(definition.name)' wants what pool '\(other)' uses")
  }
}

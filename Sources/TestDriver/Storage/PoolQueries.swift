internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension TestDriver {
  /// What the driver says about all storage pools, and how it finds one.
  static var poolQueryOperations: [Operation<TestDriver>] {
    [
      .connectNumOfStoragePools { $0.numberOfActivePools }, .connectNumOfDefinedStoragePools { $0.numberOfInactivePools },
      .connectListStoragePools { $0.activePools }, .connectListDefinedStoragePools { $0.inactivePools },
      .connectListAllStoragePools { $0.list }, .storagePoolLookupByName { $0.lookUp(name:) },
      .storagePoolLookupByUUID { $0.lookUp(uuid:) }, .storagePoolLookupByVolume { $0.lookUp(poolOf:) },
      .storagePoolLookupByTargetPath { $0.lookUp(poolAt:) }, .connectFindStoragePoolSources { $0.findSources },
      .connectGetStoragePoolCapabilities { $0.storageCapabilities },
    ]
  }

  private func numberOfActivePools() throws(VirtError) -> Int32 { count(StoragePool.self, active: true) }
  private func numberOfInactivePools() throws(VirtError) -> Int32 { count(StoragePool.self, active: false) }
  private func activePools(_ most: Int) throws(VirtError) -> HostTexts { try names(StoragePool.self, active: true, most) }
  private func inactivePools(_ most: Int) throws(VirtError) -> HostTexts { try names(StoragePool.self, active: false, most) }

  private func list(_ list: inout HandleList<StoragePool>, _ flags: ConnectListAllStoragePoolsFlags) throws(VirtError) {
    try accept(flags, only: .known, in: "connectListAllStoragePools")
    let kinds = flags.rawValue & StoragePoolKind.allCases.reduce(0) { $0 | $1.flag }
    try self.list(&list, ObjectFilter(flags.rawValue)) { kinds == 0 || kinds & $0.definition.kind.flag != 0 }
  }

  private func lookUp(poolOf volume: StorageVolume) throws(VirtError) -> StoragePool {
    let definition = try pool(of: volume).definition
    return try StoragePool.make(on: connection, name: definition.name, uuid: definition.uuid)
  }

  private func lookUp(poolAt path: BorrowedText) throws(VirtError) -> StoragePool {
    let path = StoragePath.clean(path.string)
    guard let object = world.pools.find(path: path) else {
      throw VirtError(.noStoragePool, .test, "there is no storage pool at", path)
    }
    let definition = object.definition
    return try StoragePool.make(on: connection, name: definition.name, uuid: definition.uuid)
  }

  private func storageCapabilities(_ flags: UInt32) throws(VirtError) -> HostString {
    try acceptNone(flags, in: "connectGetStoragePoolCapabilities")
    return try HostString(StorageCapabilities.text)
  }

  /// Finds what the host pretends to have: two groups of volumes, and a folder that any server exports.
  private func findSources(_ type: BorrowedText, _ asked: BorrowedText?, _ flags: UInt32) throws(VirtError) -> HostString {
    try acceptNone(flags, in: "connectFindStoragePoolSources")
    let type = type.string
    guard type != StoragePoolKind.dir.rawValue else {
      throw VirtError(.internalError, .test, "there are no sources to find for pools of the type", type)
    }
    let host = try asked.flatMap { (text) throws(VirtError) in
      try StoragePoolSource.host(asked: try XMLReader.read(text.bytes, for: .storage), type)
    }
    let sources: [XMLElement]
    switch StoragePoolKind(rawValue: type) {
    case .logical: sources = [source(device: "/dev/sda20", "testvg1"), source(device: "/dev/sda21", "testvg2")]
    case .netfs:
      guard let host else { throw VirtError(.invalidArg, .test, "looking for exported folders needs a <host> to ask") }
      sources = [source([("host", "name", host), ("dir", "path", "/testshare"), ("format", "type", "nfs")])]
    default:
      throw VirtError(.noSupport, .test, "", "sources of pools of the type '\(type)' cannot be looked for")
    }
    var writer = XMLWriter()
    writer.write(XMLElement("sources", elements: sources), depth: 0)
    return try HostString(writer.array)
  }

  private func source(_ parts: [(name: String, attribute: String, value: String)]) -> XMLElement {
    XMLElement("source", [], parts.map { .element(XMLElement($0.name, [XMLAttribute($0.attribute, $0.value)])) })
  }

  private func source(device: String, _ group: String) -> XMLElement {
    XMLElement(
      "source", [],
      [
        .element(XMLElement("device", [XMLAttribute("path", device)])), .element(XMLElement("name", text: group)),
        .element(XMLElement("format", [XMLAttribute("type", "lvm2")])),
      ])
  }
}

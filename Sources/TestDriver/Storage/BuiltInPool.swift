internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension StoragePoolDefinition {
  /// The pool that `test:///default` starts with. Made from values, not from a document.
  static var builtIn: StoragePoolDefinition {
    StoragePoolDefinition(
      name: "default-pool", uuid: UUID(high: 0xd08d_fb28_cb24_e2df, low: 0x6645_0f3f_eb64_b2c4), kind: .dir,
      path: "/default-pool", attributes: [XMLAttribute("type", "dir")],
      parts: [
        XMLElement("source"), XMLElement("target", [], [.element(XMLElement("path", text: "/default-pool"))]),
      ])
  }
}

extension World {
  /// Adds a pool that the world starts with, active.
  func add(pool definition: StoragePoolDefinition, to pools: StoragePoolRegistry? = nil) throws(VirtError) {
    let pools = pools ?? self.pools
    try pools.claiming(definition, conflict: { StoragePool.sourceConflict(definition, $0) }) { () throws(VirtError) in
      try add(StoragePool.self, definition, to: pools)
    }
    if let object = pools.find(uuid: definition.uuid) { pools.show(object) }
  }

  /// Adds the pools of a file, with the volumes in them.
  ///
  /// - Parameter read: Gives what stands in another file when an element names one.
  func addPools(of root: XMLElement, _ read: (XMLElement) throws(VirtError) -> XMLElement) throws(VirtError) {
    for element in root.elements where element.isNamed("pool") {
      let document = try read(element)
      let definition = try StoragePoolDefinition.read(document.filtered { !$0.isNamed("volume") })
      try add(pool: definition)
      guard let object = pools.find(uuid: definition.uuid) else { continue }
      for volume in document.elements where volume.isNamed("volume") {
        let made = try StorageVolumeDefinition.read(try read(volume), in: definition, isPlaced: true)
        try object.record.withLock { (record) throws(VirtError) in
          guard !record.contents.has(made.values.name) else { throw StorageVolume.taken(made.values.name) }
          pools.add(StorageVolumeObject(made, in: definition), to: &record)
        }
      }
    }
  }
}

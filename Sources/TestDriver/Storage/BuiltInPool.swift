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
}

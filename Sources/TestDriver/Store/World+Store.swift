internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension World {
  /// Says whether a store has all that its world began with.
  private static let mark = StoreKey("world", "begun")

  /// Opens a world whose objects are in a store. When it is opened for the first time, they are those that a file describes.
  ///
  /// - Parameter fill: Adds those.
  static func open(
    _ node: Node, _ behaviour: Behaviour?, _ store: any ObjectStore, fill: (World) throws(VirtError) -> Void
  ) throws(VirtError) -> World {
    do throws(VirtError) {
      var contents = try store.load(leaving: StoredParts.left)
      for one in contents.broken { HostServices.log(.warning, "'\(one.place)' \(one.reason); it is not loaded") }
      let mark = contents.objects.first { $0.key == Self.mark }?.bytes
      contents.objects.removeAll { $0.key == Self.mark }
      let isNew = mark == nil && contents.objects.isEmpty && contents.left.isEmpty && contents.broken.isEmpty
      if let mark, mark != Self.complete, mark != Self.completeWithoutParts {
        throw VirtError(
          .operationInvalid, .none, "the store was written by a newer release:", String(decoding: mark, as: UTF8.self))
      }
      let keeper = ObjectKeeper(store)
      let world = try World(node, behaviour: behaviour, keeper: keeper)
      if isNew { try fill(world) } else { try world.load(contents, from: store, keeper) }
      let kept = world.keep(in: keeper)
      if mark != Self.complete { try keeper.keepAll(of: kept, and: [StoreChange(Self.mark, Self.complete)]) }
      return world
    } catch {
      store.close()
      throw error.ofDriver
    }
  }

  /// What the mark says: parts of objects have files of their own, or stand in those of their objects, as in a world file.
  private static let complete = Array("complete, in parts".utf8), completeWithoutParts = Array("complete".utf8)

  /// Adds what a store keeps. What is not understood is set aside.
  private func load(
    _ contents: StoreContents, from store: any ObjectStore, _ keeper: ObjectKeeper
  ) throws(VirtError) {
    var contents = contents
    let parts = StoredParts(&contents)
    func setAside(_ key: StoreKey, _ error: VirtError) throws(VirtError) {
      let place = try store.setAside(key)
      HostServices.log(.warning, "'\(place)' is not understood, and not loaded: \(error.detail)")
    }
    for object in contents.objects.sorted(by: { ($0.key.kind, $0.key.name) < ($1.key.kind, $1.key.name) }) {
      parts.begin(object.key)
      do throws(VirtError) {
        let element = try XMLReader.read(object.bytes, of: object.key.name, for: .test)
        try add(element, as: object.key.kind, parts: parts) { (part) throws(VirtError) in part }
        keeper.know([object])
      } catch {
        parts.refuseOwn(error)
        try setAside(object.key, error)
      }
    }
    parts.refuseRest()
    for (part, owner, stamp) in parts.loaded {
      // Volumes are kept as objects that have parts themselves.
      if part.name.kind == "volume" {
        keeper.know([(part.key, part.bytes)])
      } else {
        keeper.know(part.name, of: owner, part.bytes, stamp: stamp)
      }
    }
    for (key, error) in parts.refused { try setAside(key, error) }
  }

  /// Has a store keep what there is from now on; gives where the objects are.
  private func keep(in keeper: ObjectKeeper) -> [ObjectIndex] {
    keeper.keep("domain", of: domains, parts: DomainForm.form)
    keeper.keep("network", of: networks, form: Network.bytes)
    keeper.keep("interface", of: interfaces, form: Interface.bytes)
    keeper.keep("device", of: nodeDevices, form: NodeDevice.bytes)
    keeper.keep("pool", of: pools, form: StoragePool.bytes)
    keeper.keepVolumes("volume", of: pools, form: VolumeForm.form)
    keeper.keep("secret", of: secrets, form: SecretRecord.bytes)
    keeper.keep("filter", of: filters.filters) { (filter) throws(VirtError) in filter.definition.text }
    keeper.keep("filterbinding", of: filters.bindings) { (binding) throws(VirtError) in binding.definition.text }
    return [domains, networks, interfaces, nodeDevices, pools, secrets, filters.filters, filters.bindings]
  }
}

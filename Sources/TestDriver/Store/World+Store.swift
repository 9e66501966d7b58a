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
      var contents = try store.load()
      for place in contents.broken { HostServices.log(.warning, "'\(place)' is broken, and not loaded") }
      let mark = contents.objects.first { $0.key == Self.mark }?.bytes
      contents.objects.removeAll { $0.key == Self.mark }
      let keeper = ObjectKeeper(store)
      let world = try World(node, behaviour: behaviour, keeper: keeper)
      if mark == beginning || mark == nil && contents.objects.isEmpty && contents.broken.isEmpty {
        // What a first opening left that did not come to its end goes.
        try store.make([StoreChange(Self.mark, beginning)] + contents.objects.map { StoreChange($0.key, nil) })
        try fill(world)
        try keeper.keepAll(of: world.keep(in: keeper))
      } else {
        keeper.know(try world.load(contents.objects, from: store))
        _ = world.keep(in: keeper)
      }
      if mark != complete { try store.make([StoreChange(Self.mark, complete)]) }
      return world
    } catch {
      store.close()
      guard error.domain == .none else { throw error }
      throw VirtError(error.code, .test, "", error.detail, details: error.details)
    }
  }

  private static let beginning = Array("beginning".utf8), complete = Array("complete".utf8)

  /// Adds what a store keeps; gives what of it was understood. The rest is set aside.
  private func load(
    _ objects: [(key: StoreKey, bytes: [UInt8])], from store: any ObjectStore
  ) throws(VirtError) -> [(key: StoreKey, bytes: [UInt8])] {
    var loaded: [(key: StoreKey, bytes: [UInt8])] = []
    for object in objects.sorted(by: { ($0.key.kind, $0.key.name) < ($1.key.kind, $1.key.name) }) {
      do throws(VirtError) {
        let element = try XMLReader.read(object.bytes, of: object.key.name, for: .test)
        try add(element, as: object.key.kind) { (part) throws(VirtError) in part }
        loaded.append(object)
      } catch {
        let place = try store.setAside(object.key)
        HostServices.log(.warning, "'\(place)' is not understood, and not loaded: \(error.detail)")
      }
    }
    return loaded
  }

  /// Has a store keep what there is from now on; gives where the objects are.
  private func keep(in keeper: ObjectKeeper) -> [ObjectIndex] {
    keeper.keep("domain", of: domains, form: DomainForm.bytes)
    keeper.keep("network", of: networks, form: Network.bytes)
    keeper.keep("interface", of: interfaces, form: Interface.bytes)
    keeper.keep("device", of: nodeDevices, form: NodeDevice.bytes)
    keeper.keep("pool", of: pools, form: StoragePool.bytes)
    keeper.keep("secret", of: secrets, form: SecretRecord.bytes)
    keeper.keep("filter", of: filters.filters) { (filter) throws(VirtError) in filter.definition.text }
    keeper.keep("filterbinding", of: filters.bindings) { (binding) throws(VirtError) in binding.definition.text }
    return [domains, networks, interfaces, nodeDevices, pools, secrets, filters.filters, filters.bindings]
  }
}

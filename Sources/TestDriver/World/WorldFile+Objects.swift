internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension World {
  /// Adds the object that an element of a file, or of a store, describes.
  ///
  /// - Parameters:
  ///   - kind: The name of the element in a world file.
  ///   - parts: What a store has of its parts; nil for an element of a file.
  ///   - included: Gives what stands in the file that an element names, or the element.
  func add(
    _ element: XMLElement, as kind: String, parts: StoredParts? = nil,
    _ included: (XMLElement) throws(VirtError) -> XMLElement
  ) throws(VirtError) {
    switch kind {
    case "domain": try addDomain(element, parts)
    case "network": try add(Network.self, element)
    case "interface": try add(Interface.self, element)
    case "device": try addDevice(element)
    case "secret": try addSecret(element)
    case "filter":
      let definition = try FilterDefinition.read(element)
      try element.blamed { () throws(VirtError) in try filters.keep(definition) }
    case "filterbinding":
      let definition = try FilterBindingDefinition.read(element)
      try element.blamed { () throws(VirtError) in try filters.bind(definition) }
    case "pool": try addPool(element, parts, included)
    // A file may hold what is not the driver's; a store is not like that.
    default: if parts != nil { throw VirtError(.xmlError, .test, "nobody knows objects of kind", kind) }
    }
  }

  /// Adds a domain in the state that its document gives it.
  private func addDomain(_ element: XMLElement, _ parts: StoredParts?) throws(VirtError) {
    let present = PresentState(element)
    let definition = try DomainDefinition.read(present.document, context)
    var record = DomainRecord(definition, isPersistent: true)
    var state = DomainState.running
    for element in present.parts where present.state == nil {
      switch element.localName {
      case "transient": record.isPersistent = false
      case "hasmanagedsave": record.hasManagedSave = true
      case "runstate": state = try Self.state(element.text, element)
      case "domainsnapshot":
        let snapshot = try record.addSnapshot(element.renamed("domainsnapshot"), context)
        if element.first("active")?.text == "1" { record.snapshots.forest.makeCurrent(snapshot) }
      default: break
      }
    }
    if let own = present.state {
      try record.take(own, context)
      try record.take(parts, currentOnes: own, context)
      if let number = own["runstate"] { state = try Self.state(number, own) }
    }
    if state == .shutoff, !record.isPersistent {
      throw element.wrong(.xmlError, "a transient domain cannot be off: '\(definition.name)'", .test)
    }
    if state != .shutoff, record.hasManagedSave, present.state == nil {
      throw element.wrong(.xmlError, "a domain whose memory was saved is off: '\(definition.name)'", .test)
    }
    let made = record, reason = try present.state?.number("reason") ?? 0
    guard case .added(let object) = domains.place(definition, make: { DomainObject(made) }, change: { _, _ in .active }) else {
      throw element.wrong(.operationFailed, "another domain has the name or the UUID of '\(definition.name)'")
    }
    if state.isActive, let booted = DomainTransition.of(.start, in: .shutoff) {
      start(object, booted, as: try present.state?.number("id"))
    }
    object.record.withLock { record in
      record.state = state
      record.reason = reason
    }
  }

  private static func state(_ text: String, _ element: XMLElement) throws(VirtError) -> DomainState {
    guard let number = Int32(text), (0...DomainState.pmsuspended.rawValue).contains(number) else {
      throw element.wrong(.xmlError, "there is no such 'runstate': '\(text)'", .test)
    }
    return DomainState(rawValue: number)
  }

  /// Adds a device that the host has, or that somebody made.
  private func addDevice(_ element: XMLElement) throws(VirtError) {
    let present = PresentState(element)
    let definition = try NodeDeviceDefinition.read(present.document)
    let record = try present.state.map { (_) throws(VirtError) in try NodeDevice.record(present, definition, self) }
    try element.blamed { () throws(VirtError) in
      if let record { try add(NodeDevice.self, record) } else { try addDevice(definition) }
    }
  }

  /// Adds a pool, with the volumes in it.
  private func addPool(
    _ element: XMLElement, _ parts: StoredParts?, _ included: (XMLElement) throws(VirtError) -> XMLElement
  ) throws(VirtError) {
    let present = PresentState(element)
    let definition = try StoragePoolDefinition.read(present.document.filtered { !$0.isNamed("volume") })
    let record = try StoragePool.record(present, definition, self)
    try element.blamed { () throws(VirtError) in
      try pools.claiming(definition, conflict: { StoragePool.sourceConflict(definition, $0) }) { () throws(VirtError) in
        try add(StoragePool.self, record)
      }
    }
    guard let object = pools.find(uuid: definition.uuid) else { return }
    pools.show(object)
    for volume in (present.state ?? present.document).elements where volume.isNamed("volume") {
      guard let file = volume["file"] else {
        try add(volume, in: definition, to: object)
        continue
      }
      let whole = try element.blamed { () throws(VirtError) in try included(volume) }
      do throws(VirtError) {
        try add(whole, in: definition, to: object)
      } catch { throw element.wrong(error.code, error.naming(file).detail, error.domain) }
    }
    guard let parts else { return }
    for part in parts.of(parts.owner, "volume") {
      parts.take(part, of: parts.owner) { () throws(VirtError) in
        let volume = try add(try XMLReader.read(part.bytes, of: part.key.name, for: .test), in: definition, to: object)
        var content = SparseContent()
        for piece in parts.of(part.key, "content") {
          parts.take(piece, of: part.key) { () throws(VirtError) in
            let stamp = try piece.content.flatMap { (bytes) throws(VirtError) in try content.put(piece.name.name, bytes) }
            guard let stamp else { throw VirtError(.xmlError, .test, "it is no piece of a volume") }
            return stamp
          }
        }
        let whole = content
        try object.record.withLock { (record) throws(VirtError) in
          try record.contents.change(volume) { state, _ in state.content = whole }
        }
        return nil
      }
    }
  }

  /// Adds a volume to a pool.
  @discardableResult
  private func add(
    _ volume: XMLElement, in pool: StoragePoolDefinition, to object: StoragePoolObject
  ) throws(VirtError) -> StorageVolumeObject {
    let definition = try StorageVolumeDefinition.read(volume, in: pool, isPlaced: true)
    let made = StorageVolumeObject(definition, in: pool)
    try volume.blamed { () throws(VirtError) in
      try object.record.withLock { (record) throws(VirtError) in
        guard !record.contents.has(definition.values.name) else { throw StorageVolume.taken(definition.values.name) }
        pools.add(made, to: &record)
      }
    }
    return made
  }
}

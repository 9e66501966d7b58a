internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine

extension TestDriver {
  func numberOfActive() throws(VirtError) -> Int32 { Int32(clamping: world.domains.activeCount) }

  func numberOfInactive() throws(VirtError) -> Int32 {
    Int32(clamping: world.domains.count - world.domains.activeCount)
  }

  func activeNumbers(_ most: Int) throws(VirtError) -> [Int32] {
    var found: [Int32] = []
    for object in world.domains.all() where found.count < most {
      let id = object.id
      if id >= 0 { found.append(id) }
    }
    return found
  }

  func inactiveNames(_ most: Int) throws(VirtError) -> HostTexts {
    var names = try HostTexts(capacity: min(most, world.domains.count))
    try world.domains.forEachName(active: false) { (name) throws(VirtError) in
      if names.count < most { try names.append(name) }
    }
    return names
  }

  func list(_ list: inout HandleList<Domain>, _ flags: ConnectListAllDomainsFlags) throws(VirtError) {
    try accept(flags, only: .known, in: "connectListAllDomains")
    let filter = DomainFilter(flags)
    let objects = world.domains.all()
    try list.reserve(objects.count)
    for object in objects {
      let shown = object.record.withLock { record in
        filter.showsAll || filter.shows(record) ? (record.definition, record.id) : nil
      }
      guard let (definition, id) = shown else { continue }
      try list.append { () throws(VirtError) in
        try Domain.make(on: connection, name: definition.name, uuid: object.uuid, id: id)
      }
    }
  }

  func lookUp(id: Int32) throws(VirtError) -> Domain {
    guard let object = world.domains.find(id: id) else {
      throw VirtError(.noDomain, .test, "there is no domain with id", "\(id)")
    }
    return try handle(object)
  }

  func lookUp(name: BorrowedText) throws(VirtError) -> Domain {
    guard let domain = world.domains.identify(name: name.bytes) else {
      throw VirtError(.noDomain, .test, "there is no domain named", name.string)
    }
    return try Domain.make(on: connection, name: name, uuid: domain.uuid, id: domain.id)
  }

  func lookUp(uuid: UUID) throws(VirtError) -> Domain {
    guard let object = world.domains.find(uuid: uuid) else {
      throw VirtError(.noDomain, .test, "there is no domain with UUID", "\(uuid)")
    }
    return try handle(object)
  }
}

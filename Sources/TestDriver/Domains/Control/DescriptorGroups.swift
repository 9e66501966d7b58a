internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

/// Named sets of descriptors that connections handed over for disks of domains; each is its connection's.
final class DescriptorGroups: Sendable {
  private struct Name: Hashable, Sendable {
    let domain: UUID
    let name: String
  }
  private let groups = Lock<[Name: (owner: ObjectIdentifier, descriptors: Descriptors)]>([:])

  /// Keeps a set.
  func add(_ descriptors: Descriptors, _ name: String, of domain: UUID, by owner: ObjectIdentifier) throws(VirtError) {
    try groups.withLock { (groups) throws(VirtError) in
      let key = Name(domain: domain, name: name)
      guard groups[key] == nil else {
        throw VirtError(.operationInvalid, .test, "the domain has a group of descriptors with that name:", name)
      }
      groups[key] = (owner, descriptors)
    }
  }

  /// Closes those of a connection.
  func drop(of owner: ObjectIdentifier) {
    groups.withLock { groups in groups = groups.filter { $0.value.owner != owner } }
  }

  /// Whether a domain has a set of that name.
  func has(_ name: String, of domain: UUID) -> Bool {
    groups.withLock { $0[Name(domain: domain, name: name)] != nil }
  }
}

extension World {
  /// Refuses to start a domain with disks whose descriptors nobody handed over.
  func checkDescriptors(_ definition: DomainDefinition) throws(VirtError) {
    for device in definition.values.hardware.devices where device.kind == .disk {
      guard let name = device.element.first("source")?["fdgroup"] else { continue }
      guard descriptors.has(name, of: definition.uuid) else {
        throw VirtError(.invalidArg, .domain, "nobody gave the domain the descriptors", name)
      }
    }
  }
}

extension TestDriver {
  /// Takes copies of descriptors for disks that name the group.
  func associate(
    _ domain: Domain, _ name: BorrowedText, _ descriptors: UnsafeBufferPointer<Int32>, _ flags: DomainFDAssociateFlags
  ) throws(VirtError) {
    try accept(flags, only: .known, in: "domainFDAssociate")
    let object = try object(domain)
    let copies = try Descriptors(copying: descriptors)
    handsOver.withLock { $0 = true }
    try world.descriptors.add(copies, name.string, of: object.uuid, by: ObjectIdentifier(self))
  }
}

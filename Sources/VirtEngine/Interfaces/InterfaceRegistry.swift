internal import VirtCore
package import VirtModel

/// What is known of an interface of the host.
package typealias InterfaceRecord = ObjectRecord<InterfaceDefinition, Void>

/// The host's interfaces of one world, found also by their hardware addresses, which several may share.
///
/// Order of locks: registry, interface, addresses.
package final class InterfaceRegistry: Registry<InterfaceRecord>, @unchecked Sendable {
  private struct Addresses: Sendable {
    var interfaces: [String: [LiveObject<InterfaceRecord>]] = [:]
    /// What an interface is found under.
    var known: [ObjectIdentifier: String] = [:]

    mutating func forget(_ object: LiveObject<InterfaceRecord>) {
      guard let address = known.removeValue(forKey: ObjectIdentifier(object)) else { return }
      interfaces[address]?.removeAll { $0 === object }
      if interfaces[address]?.isEmpty == true { interfaces[address] = nil }
    }
  }

  private let addresses = Lock(Addresses())

  /// No interfaces.
  package init() { super.init(hasUUIDs: false) }

  /// The interfaces that have the address now.
  package func find(address: String) -> [InterfaceDefinition] {
    let address = address.lowercased()
    guard !address.isEmpty else { return [] }
    return addresses.withLock { $0.interfaces[address] ?? [] }.map { $0.definition }
  }

  /// Learns how an interface is now.
  package override func placed(_ object: RegisteredObject) {
    let object = Self.live(object)
    let address = object.definition.mac.lowercased()
    addresses.withLock { addresses in
      guard object.isThere, addresses.known[ObjectIdentifier(object)] != address else { return }
      addresses.forget(object)
      addresses.known[ObjectIdentifier(object)] = address
      addresses.interfaces[address, default: []].append(object)
    }
  }

  /// Takes an interface away.
  package override func remove(_ object: RegisteredObject, _ decide: () -> String?) {
    super.remove(object, decide)
    if !object.isThere { addresses.withLock { $0.forget(Self.live(object)) } }
  }
}

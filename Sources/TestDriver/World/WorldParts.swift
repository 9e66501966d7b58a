internal import Synchronization
internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

/// What a world has besides its domains. A kind of objects is made when somebody first asks for it, with what the world starts
/// with: most programs ask for one or two.
struct WorldParts: ~Copyable, Sendable {
  /// Whether it began with what `test:///default` has.
  let isBuiltIn: Bool
  fileprivate let networks = LazyPart()
  fileprivate let interfaces = LazyPart()
  fileprivate let interfaceChange = LazyPart()
  fileprivate let nodeDevices = LazyPart()
  fileprivate let secrets = LazyPart()
  fileprivate let filters = LazyPart()
  fileprivate let pools = LazyPart()
  fileprivate let lines = LazyPart()
  fileprivate let descriptors = LazyPart()
  fileprivate let settings = LazyPart()

  init(isBuiltIn: Bool) { self.isBuiltIn = isBuiltIn }

  /// What a part starts with in the built-in world, where nothing clashes.
  fileprivate func builtIn<Part>(_ part: Part, _ fill: (Part) throws(VirtError) -> Void) -> Part {
    if isBuiltIn { try? fill(part) }
    return part
  }
}

extension World {
  var networks: Registry<Network.Record> {
    parts.networks.part {
      parts.builtIn(Registry<Network.Record>()) { (networks) throws(VirtError) in try add(Network.self, .builtIn, to: networks) }
    }
  }

  var interfaces: InterfaceRegistry {
    parts.interfaces.part {
      parts.builtIn(InterfaceRegistry()) { (interfaces) throws(VirtError) in
        try add(Interface.self, .builtIn, to: interfaces)
      }
    }
  }

  /// What the interfaces were when a change of them began.
  var interfaceChange: InterfaceChange { parts.interfaceChange.part { InterfaceChange() } }

  var nodeDevices: Registry<NodeDevice.Record> {
    parts.nodeDevices.part {
      parts.builtIn(Registry<NodeDevice.Record>()) { (devices) throws(VirtError) in
        for device in NodeDeviceDefinition.builtIn { try addDevice(device, to: devices) }
      }
    }
  }

  var pools: StoragePoolRegistry { parts.pools.part { newPools } }

  /// Shows the pools to the body, without counting a reference to what all threads look at.
  @inline(__always)
  func withPools<Result>(_ body: (StoragePoolRegistry) -> Result) -> Result { parts.pools.withPart({ newPools }, body) }

  private var newPools: StoragePoolRegistry {
    parts.builtIn(StoragePoolRegistry()) { (pools) throws(VirtError) in try add(pool: .builtIn, to: pools) }
  }

  var secrets: Registry<SecretRecord> { parts.secrets.part { Registry<SecretRecord>() } }
  var filters: Filters { parts.filters.part { Filters() } }
  var lines: Lines { parts.lines.part { Lines() } }
  var descriptors: DescriptorGroups { parts.descriptors.part { DescriptorGroups() } }
  var settings: HostSettings.Shared { parts.settings.part { HostSettings.Shared() } }
}

/// An object that is made when somebody first asks for it. When two threads are first, both get what the faster one made.
private struct LazyPart: ~Copyable, @unchecked Sendable {
  private let place = Atomic<UnsafeMutableRawPointer?>(nil)

  @inline(__always)
  func part<Part: AnyObject & Sendable>(_ make: () -> Part) -> Part {
    Unmanaged<Part>.fromOpaque(place.load(ordering: .acquiring) ?? keep(make())).takeUnretainedValue()
  }

  /// Shows it to the body; the part lives as long as this does.
  @inline(__always)
  func withPart<Part: AnyObject & Sendable, Result>(_ make: () -> Part, _ body: (Part) -> Result) -> Result {
    Unmanaged<Part>.fromOpaque(place.load(ordering: .acquiring) ?? keep(make()))._withUnsafeGuaranteedRef(body)
  }

  @inline(never)
  private func keep(_ made: AnyObject) -> UnsafeMutableRawPointer {
    let new = Unmanaged.passRetained(made).toOpaque()
    let (isFirst, present) = place.compareExchange(expected: nil, desired: new, ordering: .acquiringAndReleasing)
    guard !isFirst, let present else { return new }
    Unmanaged<AnyObject>.fromOpaque(new).release()
    return present
  }

  deinit {
    if let part = place.load(ordering: .acquiring) { Unmanaged<AnyObject>.fromOpaque(part).release() }
  }
}

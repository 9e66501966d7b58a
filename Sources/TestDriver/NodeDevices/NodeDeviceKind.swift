internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension NodeDevice: ObjectKind {
  typealias Definition = NodeDeviceDefinition
  typealias Contents = DeviceState

  static func registry(of world: World) -> Registry<Record> { world.nodeDevices }
  static let noun: StaticString = "node device"
  static let domain = ErrorDomain.nodedev
  static var document: DocumentKind { .nodedev }
  static let missing: (code: ErrorCode, named: StaticString, withUUID: StaticString) = (
    .noNodeDevice, "there is no node device named", "there is no node device with UUID"
  )
  static let refusesToStopTwice = true

  static func read(_ element: XMLElement, _ world: World) throws(VirtError) -> NodeDeviceDefinition {
    try NodeDeviceDefinition.read(element)
  }

  static func newContents() -> DeviceState { DeviceState() }

  static func handle(_ definition: NodeDeviceDefinition, on connection: Connection) throws(VirtError) -> NodeDevice {
    try make(on: connection, identity(definition))
  }

  func find(in registry: Registry<Record>) -> Object? { name.flatMap { registry.find(name: $0.bytes) } }

  static func tell(_ events: EventSource, _ definition: NodeDeviceDefinition, _ event: ObjectEvent) {
    guard events.wantsNodeDeviceLifecycle else { return }
    let number: NodeDeviceEventLifecycleType =
      switch event {
      case .started: .created
      case .stopped: .deleted
      case .defined: .defined
      case .undefined: .undefined
      }
    events.nodeDeviceLifecycle(identity(definition), event: number.rawValue, detail: 0)
  }

  /// Tells those who listen that a device changed.
  static func tellUpdate(_ events: EventSource, _ definition: NodeDeviceDefinition) {
    if events.wantsNodeDeviceUpdate { events.nodeDeviceUpdate(identity(definition)) }
  }

  private static func identity(_ definition: NodeDeviceDefinition) -> ObjectIdentity {
    ObjectIdentity(definition.name, strings: definition.parent.map { [$0] } ?? [])
  }

  /// Says that a call is not for devices of this kind.
  static func unsupported(_ code: ErrorCode, _ name: String, _ what: StaticString) -> VirtError {
    VirtError(code, .nodedev, "", "node device '\(name)' \(what)")
  }
}

/// What is known of a device beside its document.
struct DeviceState: Sendable {
  /// Whether a guest could have it.
  var isDetached = false
  /// The host's driver for it, while it is detached.
  var hostDriver: String?
}

extension World {
  /// Adds a device that the host has. Only the root is there for ever.
  func addDevice(_ definition: NodeDeviceDefinition, to devices: Registry<NodeDevice.Record>? = nil) throws(VirtError) {
    let devices = devices ?? nodeDevices
    try add(NodeDevice.self, definition, to: devices)
    devices.find(name: definition.name)?.record.withLock { record in
      record.isPersistent = definition.parent == nil
      record.startsWithHost = record.isPersistent
    }
  }
}

internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension Network: UniqueHandle {}

extension Network: ObjectKind {
  typealias Definition = NetworkDefinition
  typealias Contents = Ports

  static func registry(of world: World) -> Registry<Record> { world.networks }
  static let noun: StaticString = "network"
  static let domain = ErrorDomain.network
  static var document: DocumentKind { .network }
  static let missing: (code: ErrorCode, named: StaticString, withUUID: StaticString) = (
    .noNetwork, "there is no network named", "there is no network with UUID"
  )
  static let refusesToStopTwice = false

  static func read(_ element: XMLElement, _ world: World) throws(VirtError) -> NetworkDefinition {
    try NetworkDefinition.read(element)
  }

  static func newContents() -> Ports { Ports() }
  static func stopped(_ contents: inout Ports) { contents = Ports() }

  static func tell(_ events: EventSource, _ definition: NetworkDefinition, _ event: ObjectEvent) {
    guard events.wantsNetworkLifecycle else { return }
    events.networkLifecycle(ObjectIdentity(definition.name, uuid: definition.uuid), event: event.rawValue, detail: 0)
  }
}

/// What is plugged into a network.
typealias Ports = [UUID: NetworkPortDefinition]

internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension Interface: ObjectKind {
  typealias Definition = InterfaceDefinition
  typealias Contents = Void

  static func registry(of world: World) -> Registry<Record> { world.interfaces }
  static let noun: StaticString = "interface"
  static let domain = ErrorDomain.interface
  static var document: DocumentKind { .interface }
  static let missing: (code: ErrorCode, named: StaticString, withUUID: StaticString) = (
    .noInterface, "there is no interface named", "there is no interface with UUID"
  )
  static let refusesToStopTwice = true
  static let isRedefinedWhileActive = true
  static let isUndefinedWhileActive = true

  static func read(_ element: XMLElement, _ world: World) throws(VirtError) -> InterfaceDefinition {
    try InterfaceDefinition.read(element)
  }

  static func newContents() {}

  static func handle(_ definition: InterfaceDefinition, on connection: Connection) throws(VirtError) -> Interface {
    try make(on: connection, name: definition.name, mac: definition.mac)
  }

  func find(in registry: Registry<Record>) -> Object? { name.flatMap { registry.find(name: $0.bytes) } }

  /// Nobody can listen.
  static func tell(_ events: EventSource, _ definition: InterfaceDefinition, _ event: ObjectEvent) {}
}

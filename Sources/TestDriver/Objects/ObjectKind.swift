internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

/// A kind of objects with names that are active or not, by the application's handle: what the operations that such kinds share
/// have to know of it. The operations are in the files beside this one.
protocol ObjectKind: Handle {
  /// What documents of the kind become.
  associatedtype Definition: NamedDefinition
  /// What an object keeps beside its definition.
  associatedtype Contents: Sendable

  /// Where a world has its objects.
  static func registry(of world: World) -> Registry<Record>
  /// Says what it is in texts.
  static var noun: StaticString { get }
  /// Who reports what is wrong with a document.
  static var domain: ErrorDomain { get }
  /// The kind of its documents.
  static var document: DocumentKind { get }
  /// The code for an object that is not there, and how the text about a name, and about a UUID, begins.
  static var missing: (code: ErrorCode, named: StaticString, withUUID: StaticString) { get }
  /// Whether stopping what is not active is an error.
  static var refusesToStopTwice: Bool { get }
  /// Whether a new definition of what is active holds at once; for most kinds it waits for the next start.
  static var isRedefinedWhileActive: Bool { get }
  /// Whether what is active can be undefined, which ends it; most kinds refuse.
  static var isUndefinedWhileActive: Bool { get }

  /// Reads a document.
  static func read(_ element: XMLElement, _ world: World) throws(VirtError) -> Definition
  /// What a new object keeps beside its definition.
  static func newContents() -> Contents
  /// Takes away what an object does not keep when it stops; most keep all.
  static func stopped(_ contents: inout Contents)
  /// Makes a handle.
  static func handle(_ definition: Definition, on connection: Connection) throws(VirtError) -> Self
  /// Finds what the handle stands for.
  func find(in registry: Registry<Record>) -> Object?
  /// Tells those who listen what happened.
  static func tell(_ events: EventSource, _ definition: Definition, _ event: ObjectEvent)
}

extension ObjectKind {
  static var isRedefinedWhileActive: Bool { false }
  static var isUndefinedWhileActive: Bool { false }
  static func stopped(_ contents: inout Contents) {}

  typealias Record = ObjectRecord<Definition, Contents>
  typealias Object = LiveObject<Record>

  /// Says that there is no such object.
  static func none(named name: String) -> VirtError { VirtError(missing.code, .test, missing.named, name) }

  /// Says that there is no such object.
  static func none(withUUID uuid: UUID) -> VirtError { VirtError(missing.code, .test, missing.withUUID, "\(uuid)") }

  /// Says why a definition does not fit what is there.
  static func conflict(_ conflict: ObjectIndex.Conflict, _ definition: Definition) -> VirtError {
    switch conflict {
    case .name(let uuid): VirtError(.operationFailed, domain, "", "\(noun) '\(definition.name)' has the UUID \(uuid)")
    case .uuid(let name):
      VirtError(.operationFailed, domain, "", "UUID \(definition.uuid) belongs to \(noun) '\(name)'")
    case .active: refusal(definition.name, "is active", domain)
    }
  }

  /// An error about the state of an object.
  static func refusal(_ name: String, _ state: StaticString, _ domain: ErrorDomain = .test) -> VirtError {
    VirtError(.operationInvalid, domain, "", "\(noun) '\(name)' \(state)")
  }
}

/// What listeners of all kinds hear; the numbers are the API's.
enum ObjectEvent: Int32 {
  case defined, undefined, started, stopped
}

/// A handle with name and UUID; conforming to it is all that a kind with both needs for its handles.
protocol UniqueHandle: Handle {
  var name: BorrowedText? { get }
  var uuid: UUID { get }
  static func make(on connection: Connection, name: some CText, uuid: UUID) throws(VirtError) -> Self
}

extension ObjectKind where Self: UniqueHandle {
  static func handle(_ definition: Definition, on connection: Connection) throws(VirtError) -> Self {
    try make(on: connection, name: definition.name, uuid: definition.uuid)
  }

  func find(in registry: Registry<Record>) -> Object? { registry.find(uuid: uuid) }
}

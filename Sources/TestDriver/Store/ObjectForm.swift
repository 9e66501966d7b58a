internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

/// A kind of objects that a store keeps as it keeps most of them.
protocol StoredKind: ObjectKind {
  /// An object's document.
  static func text(_ definition: Definition, _ contents: Contents) -> [UInt8]
  /// What is kept beside definitions; called under the object's lock.
  static func kept(_ contents: Contents) -> StoredContents
  /// Takes what a state says about that.
  static func take(_ state: XMLElement, _ record: inout Record) throws(VirtError)
}

/// What a store keeps of an object beside its definitions.
struct StoredContents: Sendable {
  var attributes: [(name: String, value: String)] = []
  var documents: [[UInt8]] = []
}

extension StoredKind {
  static func kept(_ contents: Contents) -> StoredContents { StoredContents() }
  static func take(_ state: XMLElement, _ record: inout Record) throws(VirtError) {}

  /// What is kept of an object as it is now; nil for one that is about to go.
  static func bytes(_ object: Object) throws(VirtError) -> [UInt8]? {
    let (record, document, later, contents) = object.record.withLock { record in
      (record, text(record.definition, record.contents), record.next.map { text($0, record.contents) }, kept(record.contents))
    }
    guard record.isActive || record.isPersistent else { return nil }
    var form = StoredForm()
    form.say("active", record.isActive)
    form.say("persistent", record.isPersistent)
    if record.startsWithHost { form.say("autostart", true) }
    for (name, value) in contents.attributes { form.say(name, value) }
    if let later, later != document { form.add(later, in: "next") }
    for document in contents.documents { form.add(document) }
    return try form.bytes(document)
  }

  /// The object that an element of a file describes, which may say how it is at present.
  static func record(_ present: PresentState, _ definition: Definition, _ world: World) throws(VirtError) -> Record {
    var record = Record(definition, isPersistent: true, contents: newContents())
    guard let state = present.state else {
      record.start()
      return record
    }
    record.isPersistent = try state.says("persistent", otherwise: true)
    record.startsWithHost = try state.says("autostart", otherwise: false)
    if try state.says("active", otherwise: true) {
      if let next = state.first("next")?.elements.first(where: { _ in true }) { record.next = try read(next, world) }
      record.start()
    } else if !record.isPersistent {
      throw state.wrong(.xmlError, "\(noun) '\(definition.name)' cannot be transient and not active", .test)
    }
    try take(state, &record)
    return record
  }
}

extension World {
  /// Adds an object that an element of a file describes.
  func add<Kind: StoredKind>(_ kind: Kind.Type, _ element: XMLElement) throws(VirtError) {
    let present = PresentState(element)
    let record = try Kind.record(present, try Kind.read(present.document, self), self)
    try element.blamed { () throws(VirtError) in try add(kind, record) }
  }

  /// Adds an object as it is to be.
  func add<Kind: StoredKind>(_ kind: Kind.Type, _ record: Kind.Record) throws(VirtError) {
    let registry = Kind.registry(of: self)
    let placed = registry.place(record.definition) {
      let object = Kind.Object(record)
      if record.isActive { registry.mark(object, 0) }
      return object
    } change: { _, known in
      known.define(record.definition, atOnce: Kind.isRedefinedWhileActive)
      return nil
    }
    if case .refused(let conflict) = placed { throw Kind.conflict(conflict, record.definition) }
  }
}

extension Network: StoredKind {
  static func text(_ definition: NetworkDefinition, _ contents: Ports) -> [UInt8] { definition.text }

  static func kept(_ contents: Ports) -> StoredContents {
    StoredContents(documents: contents.values.sorted { "\($0.uuid)" < "\($1.uuid)" }.map(\.text))
  }

  static func take(_ state: XMLElement, _ record: inout Record) throws(VirtError) {
    for element in state.elements where element.isNamed("networkport") {
      let port = try NetworkPortDefinition.read(element, plug: nil)
      record.contents[port.uuid] = port
    }
  }
}

extension Interface: StoredKind {
  static func text(_ definition: InterfaceDefinition, _ contents: Void) -> [UInt8] { definition.text }
}

extension NodeDevice: StoredKind {
  static func text(_ definition: NodeDeviceDefinition, _ contents: DeviceState) -> [UInt8] { definition.text }

  static func kept(_ contents: DeviceState) -> StoredContents {
    guard contents.isDetached else { return StoredContents() }
    return StoredContents(attributes: [("detached", "yes")] + (contents.hostDriver.map { [("hostdriver", $0)] } ?? []))
  }

  static func take(_ state: XMLElement, _ record: inout Record) throws(VirtError) {
    guard try state.says("detached", otherwise: false) else { return }
    record.contents = DeviceState(isDetached: true, hostDriver: state["hostdriver"])
  }
}

extension StoragePool: StoredKind {
  static func text(_ definition: StoragePoolDefinition, _ contents: StoragePoolContents) -> [UInt8] {
    // How much its volumes take is found out anew.
    definition.text(.init(capacity: contents.sizes.capacity, allocation: 0))
  }
}

/// What a store keeps of a volume: its document, and the pieces of what was written to it.
enum VolumeForm {
  static func form(_ object: StorageVolumeObject, _ kept: Set<UInt64>) throws(VirtError) -> KeptForm? {
    let state = object.state.withLock { $0 }
    let pieces = state.content.pieces.map { piece in
      let name = KeptPart.Name("content", piece.name)
      if kept.contains(piece.stamp) { return KeptPart(name, piece.stamp, nil) }
      return KeptPart(name, piece.stamp) { () throws(VirtError) in try piece.bytes() }
    }
    // What the content takes is known by the content.
    return KeptForm(state.definition.text, parts: pieces)
  }
}

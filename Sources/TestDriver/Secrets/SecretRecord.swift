internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

/// What is known of a secret.
struct SecretRecord: LiveRecord {
  /// What its document says.
  var definition: SecretDefinition
  /// Its value; nil before it is set.
  var value: [UInt8]?
}

extension SecretDefinition {
  /// The secret for handles and events.
  var identity: ObjectIdentity { ObjectIdentity(usage.id, uuid: uuid, number: usage.kind.rawValue) }
}

extension World {
  /// Keeps a secret's definition; its value stays.
  func keep(_ definition: SecretDefinition) throws(VirtError) {
    let placed = secrets.place(definition) {
      LiveObject(SecretRecord(definition: definition))
    } change: { _, record in
      guard definition.isPrivate || !record.definition.isPrivate else { return .active }
      record.definition = definition
      return nil
    }
    guard case .refused(let conflict) = placed else { return }
    let what =
      switch conflict {
      case .name(let uuid): "secret \(uuid) is for that already"
      case .uuid: "secret \(definition.uuid) is for something else"
      case .active: "secret \(definition.uuid) is private and stays so"
      }
    throw VirtError(.internalError, .secret, "", what)
  }

  /// Adds the secret that an element of a file describes. The text of a <value> in it is its value, or its bytes in base 64.
  func addSecret(_ element: XMLElement) throws(VirtError) {
    let present = PresentState(element)
    let definition = try SecretDefinition.read(present.document.filtered { !$0.isNamed("value") })
    var value = present.document.first("value").map { Array($0.text.utf8) }
    if let state = present.state {
      value = try state.first("value").map { (value) throws(VirtError) in
        guard let bytes = Base64.bytes(value.text) else { throw value.wrong(.xmlError, "this is no text in base 64", .test) }
        return bytes
      }
    }
    try element.blamed { () throws(VirtError) in try keep(definition) }
    secrets.find(uuid: definition.uuid)?.record.withLock { $0.value = value }
  }
}

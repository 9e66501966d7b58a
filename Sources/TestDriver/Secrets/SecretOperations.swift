internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension TestDriver {
  /// What the driver does with secrets. The rules are those of the reference's driver for secrets.
  static var secretOperations: [Operation<TestDriver>] {
    [
      .connectNumOfSecrets { $0.numberOfSecrets }, .connectListSecrets { $0.secretUUIDs }, .connectListAllSecrets { $0.list },
      .secretLookupByUUID { $0.lookUpSecret }, .secretLookupByUsage { $0.lookUpSecret }, .secretDefineXML { $0.defineSecret },
      .secretUndefine { $0.undefine }, .secretGetXMLDesc { $0.describe }, .secretGetValue { $0.value },
      .secretSetValue { $0.setValue },
    ]
  }

  private func numberOfSecrets() throws(VirtError) -> Int32 { Int32(clamping: world.secrets.count) }

  private func secretUUIDs(_ most: Int) throws(VirtError) -> [String] { world.secrets.all().prefix(most).map { "\($0.uuid)" } }

  private func list(_ list: inout HandleList<Secret>, _ flags: ConnectListAllSecretsFlags) throws(VirtError) {
    try accept(flags, only: .known, in: "connectListAllSecrets", for: .secret)
    let pairs: [ConnectListAllSecretsFlags] = [[.ephemeral, .noEphemeral], [.private, .noPrivate]]
    for secret in world.secrets.all() {
      let definition = secret.definition
      let own: ConnectListAllSecretsFlags = [
        definition.isEphemeral ? .ephemeral : .noEphemeral, definition.isPrivate ? .private : .noPrivate,
      ]
      guard pairs.allSatisfy({ flags.isDisjoint(with: $0) || !flags.intersection($0).isDisjoint(with: own) }) else { continue }
      try list.append { () throws(VirtError) in try Secret.make(on: connection, definition.identity) }
    }
  }

  private func lookUpSecret(_ uuid: UUID) throws(VirtError) -> Secret {
    try Secret.make(on: connection, try secret(uuid).definition.identity)
  }

  private func lookUpSecret(_ kind: Int32, _ id: BorrowedText) throws(VirtError) -> Secret {
    guard let key = SecretUsage.key(kind, id.string), let found = world.secrets.find(name: key) else {
      throw VirtError(.noSecret, .secret, "there is no secret for", id.string)
    }
    return try Secret.make(on: connection, found.definition.identity)
  }

  private func secret(_ uuid: UUID) throws(VirtError) -> LiveObject<SecretRecord> {
    guard let found = world.secrets.find(uuid: uuid) else {
      throw VirtError(.noSecret, .secret, "there is no secret with UUID", "\(uuid)")
    }
    return found
  }

  private func defineSecret(_ text: BorrowedText, _ flags: SecretDefineFlags) throws(VirtError) -> Secret {
    try accept(flags, only: .known, in: "secretDefineXML", for: .secret)
    let definition = try SecretDefinition.read(
      try document(text, .secret, for: .secret, isValidated: flags.contains(.validate)))
    try world.keep(definition)
    tell(definition, .defined)
    return try Secret.make(on: connection, definition.identity)
  }

  private func undefine(_ item: Secret) throws(VirtError) {
    let secret = try secret(item.uuid)
    let definition = secret.definition
    world.secrets.remove(secret)
    tell(definition, .undefined)
  }

  private func tell(_ definition: SecretDefinition, _ event: SecretEventLifecycleType) {
    guard world.events.wantsSecretLifecycle else { return }
    world.events.secretLifecycle(definition.identity, event: event.rawValue, detail: 0)
  }

  private func describe(_ item: Secret, _ flags: UInt32) throws(VirtError) -> HostString {
    try acceptNone(flags, in: "secretGetXMLDesc", for: .secret)
    return try HostString(try secret(item.uuid).definition.text)
  }

  private func value(_ item: Secret, _ flags: UInt32) throws(VirtError) -> [UInt8] {
    try acceptNone(flags, in: "secretGetValue", for: .secret)
    return try secret(item.uuid).record.withLock { (record) throws(VirtError) -> [UInt8] in
      guard !record.definition.isPrivate else {
        throw VirtError(.invalidSecret, .secret, "the value is private of secret", "\(record.definition.uuid)")
      }
      guard let value = record.value else {
        throw VirtError(.noSecret, .secret, "there is no value of secret", "\(record.definition.uuid)")
      }
      return value
    }
  }

  private func setValue(_ item: Secret, _ value: UnsafeRawBufferPointer, _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "secretSetValue", for: .secret)
    let copy = Array(value)
    let definition = try secret(item.uuid).record.withLock { record in
      record.value = copy
      return record.definition
    }
    if world.events.wantsSecretValueChanged { world.events.secretValueChanged(definition.identity) }
  }
}

import Testing
import VirtCore
import VirtEngine
import VirtModel
import VirtXML

/// A definition with nothing but what a registry looks at.
private struct Named: NamedDefinition, Equatable {
  var name: String
  var uuid: UUID = .random()
  var version = 1
}

/// The same for a kind without UUIDs.
private struct NamedOnly: NamedDefinition {
  static var hasUUID: Bool { false }
  var name: String
  var uuid: UUID { .zero }
}

private typealias Record = ObjectRecord<Named, Int>

private func add(_ definition: Named, to registry: Registry<Record>) -> Registry<Record>.Placed {
  registry.place(definition) {
    LiveObject(Record(definition, isPersistent: true, contents: 0))
  } change: { _, record in
    record.define(definition)
    return nil
  }
}

@Suite struct RegistryTests {
  @Test func knowsKindsWithoutUUIDsByName() throws {
    let registry = Registry<ObjectRecord<NamedOnly, Void>>()
    for number in 0..<100 {
      let definition = NamedOnly(name: "object-\(number % 50)")
      let placed = registry.place(definition) {
        LiveObject(ObjectRecord(definition, isPersistent: true, contents: ()))
      } change: { _, _ in
        nil
      }
      switch placed {
      case .added: #expect(number < 50)
      case .known(let object): #expect(number >= 50 && object === registry.find(name: definition.name))
      case .refused: Issue.record("refused \(number)")
      }
    }
    #expect(registry.count == 50 && registry.all().count == 50 && registry.find(uuid: .zero) == nil)
    registry.remove(try #require(registry.find(name: "object-7")))
    #expect(registry.find(name: "object-7") == nil && registry.count == 49)
  }

  @Test func saysWhyADefinitionDoesNotFit() throws {
    let registry = Registry<Record>()
    let one = Named(name: "one")
    guard case .added(let object) = add(one, to: registry) else { throw VirtError(.internalError, .none) }
    guard case .refused(.name(let uuid)) = add(Named(name: "one"), to: registry) else { throw VirtError(.internalError, .none) }
    #expect(uuid == one.uuid)
    guard case .refused(.uuid(let name)) = add(Named(name: "two", uuid: one.uuid), to: registry) else {
      throw VirtError(.internalError, .none)
    }
    #expect(name == "one" && registry.count == 1)
    guard case .known(let same) = add(one, to: registry) else { throw VirtError(.internalError, .none) }
    #expect(same === object)
  }

  @Test func countsWhatIsActiveOnceWhateverHappens() throws {
    let registry = Registry<Record>()
    guard case .added(let object) = add(Named(name: "one"), to: registry), case .added = add(Named(name: "two"), to: registry)
    else {
      throw VirtError(.internalError, .none)
    }
    registry.mark(object, 0)
    registry.mark(object, 0)
    #expect(registry.activeCount == 1)
    var names: [String] = []
    try registry.forEachName(active: true) { names.append(String(decoding: $0, as: UTF8.self)) }
    try registry.forEachName(active: false) { names.append(String(decoding: $0, as: UTF8.self)) }
    #expect(names == ["one", "two"])
    registry.remove(object) { _ in false }
    #expect(registry.count == 2)
    registry.remove(object)
    // Who still holds it can start it; nobody counts that.
    registry.mark(object, 0)
    registry.remove(object)
    #expect(registry.count == 1 && registry.activeCount == 0 && object.id == -1 && registry.find(name: "one") == nil)
  }

  @Test func staysWholeWhenThreadsAddAndRemove() async {
    let registry = Registry<Record>()
    let definitions = (0..<64).map { Named(name: "object-\($0)") }
    await withTaskGroup { group in
      for start in 0..<4 {
        group.addTask {
          for step in 0..<2000 {
            let definition = definitions[(step * 7 + start * 13) % definitions.count]
            switch add(definition, to: registry) {
            case .added(let object), .known(let object):
              object.record.withLock { _ in registry.mark(object, 0) }
              if step % 3 == 0 { registry.remove(object) }
            case .refused: Issue.record("refused \(definition.name)")
            }
          }
        }
      }
    }
    #expect(registry.all().count == registry.count && registry.activeCount == registry.all().filter { $0.id == 0 }.count)
    for object in registry.all() { registry.remove(object) }
    #expect(registry.count == 0 && registry.activeCount == 0)
  }
}

@Suite struct ObjectRecordTests {
  private let one = Named(name: "one"), other: Named
  init() { other = Named(name: "one", uuid: one.uuid, version: 2) }

  @Test func returnsToItsConfiguration() {
    var record = Record(one, isPersistent: true, contents: 0)
    record.create(other)
    record.start()
    #expect(record.definition == other && record.configuration == one)
    record.stop()
    #expect(record.definition == one && record.configuration == one && !record.isActive)
  }

  @Test func takesANewDefinitionWithTheNextStart() {
    var record = Record(one, isPersistent: false, contents: 0)
    record.start()
    record.define(other)
    #expect(record.definition == one && record.configuration == other && record.isPersistent)
    record.define(other, atOnce: true)
    #expect(record.definition == other)
    record.stop()
    #expect(record.definition == other)
  }

  @Test func changesWhatIsMeant() throws {
    var record = Record(one, isPersistent: true, contents: 0)
    func raise(_ definition: Named) -> Named {
      Named(name: definition.name, uuid: definition.uuid, version: definition.version + 10)
    }
    record.change(live: false, configuration: true, raise)
    #expect(record.definition.version == 11)
    record.start()
    record.change(live: true, configuration: false, raise)
    #expect(record.definition.version == 21 && record.configuration.version == 11)
    record.change(live: false, configuration: true, raise)
    #expect(record.definition.version == 21 && record.configuration.version == 21)
    record.change(live: true, configuration: true, raise)
    #expect(record.definition.version == 31 && record.configuration.version == 31)
    #expect(throws: VirtError.self) {
      try record.change(live: true, configuration: true) { (definition) throws(VirtError) -> Named in
        if definition.version == 31 { throw VirtError(.internalError, .none) }
        return raise(definition)
      }
    }
    #expect(record.definition.version == 31 && record.configuration.version == 31)
  }

  @Test func filtersByPairsOfFlags() {
    var record = Record(one, isPersistent: true, contents: 0)
    record.start()
    for flags in UInt32(0)..<64 {
      let own: UInt32 = 0b10_0110
      let expected = [UInt32(0b11), 0b1100, 0b11_0000].allSatisfy { pair in flags & pair == 0 || flags & pair & own != 0 }
      #expect(ObjectFilter(flags).shows(record) == expected)
    }
  }
}

import Testing
import VirtCore
import VirtEngine
import VirtModel
import VirtXML

private let context = ModelContext(architecture: "x86_64")

private func definition(_ name: String, _ uuid: UUID = .random()) -> DomainDefinition {
  DomainDefinition(
    DomainValues(type: "test", name: name, uuid: uuid, memory: 1, currentMemory: 1, processors: 1, hardware: .plain(context)))
}

private func add(_ definition: DomainDefinition, to registry: DomainRegistry) -> DomainObject? {
  guard
    case .added(let object) = registry.place(
      definition, make: { DomainObject(DomainRecord(definition, isPersistent: true)) }, change: { _, _ in nil })
  else { return nil }
  return object
}

private func identify(_ name: String, in registry: DomainRegistry) -> DomainRegistry.Identity? {
  var name = name
  return name.withUTF8 { registry.identify(name: $0) }
}

@Suite struct DomainRegistryTests {
  @Test func findsByEachKey() throws {
    let registry = DomainRegistry()
    var objects: [DomainObject] = []
    for number in 0..<1000 { objects.append(try #require(add(definition("domain-\(number)"), to: registry))) }
    for (number, object) in objects.enumerated() {
      #expect(identify("domain-\(number)", in: registry)?.uuid == object.uuid)
      #expect(registry.find(uuid: object.uuid) === object)
    }
    #expect(identify("domain-", in: registry) == nil && identify("", in: registry) == nil && registry.count == 1000)
    for object in objects.enumerated() where object.offset % 3 != 0 { registry.remove(object.element) }
    for (number, object) in objects.enumerated() {
      #expect((identify("domain-\(number)", in: registry) != nil) == (number % 3 == 0))
      #expect((registry.find(uuid: object.uuid) != nil) == (number % 3 == 0))
    }
    #expect(registry.count == 334 && registry.all().count == 334)
  }

  @Test func numbersWhatRuns() throws {
    let registry = DomainRegistry()
    let one = try #require(add(definition("one"), to: registry)), two = try #require(add(definition("two"), to: registry))
    registry.renumber(one, from: -1, to: 5)
    #expect(registry.find(id: 5) === one && one.id == 5 && registry.activeCount == 1 && two.id == -1)
    var idle: [String] = []
    try registry.forEachName(active: false) { idle.append(String(decoding: $0, as: UTF8.self)) }
    #expect(idle == ["two"])
    registry.renumber(one, from: 5, to: -1)
    #expect(registry.find(id: 5) == nil && registry.activeCount == 0)
  }

  @Test func refusesWhatDoesNotFit() throws {
    let registry = DomainRegistry()
    let first = definition("one")
    let object = try #require(add(first, to: registry))
    guard case .refused(.name) = place(definition("one"), in: registry) else { return #expect(Bool(false), "a name twice") }
    guard case .refused(.uuid("one")) = place(definition("two", first.uuid), in: registry) else {
      return #expect(Bool(false), "a UUID twice")
    }
    guard case .known(let same) = place(definition("one", first.uuid), in: registry) else {
      return #expect(Bool(false), "the same again")
    }
    #expect(same === object)
    _ = try #require(add(definition("other"), to: registry))
    #expect(!registry.rename(object, to: "other") { _ in } && registry.rename(object, to: "new") { _ in })
    #expect(identify("one", in: registry) == nil && identify("new", in: registry)?.uuid == object.uuid)
  }

  private func place(_ definition: DomainDefinition, in registry: DomainRegistry) -> DomainRegistry.Placed {
    registry.place(definition, make: { DomainObject(DomainRecord(definition, isPersistent: true)) }, change: { _, _ in nil })
  }

  @Test func keepsNothingOfWhatIsGone() {
    weak var gone: DomainObject?
    do {
      let registry = DomainRegistry()
      gone = add(definition("one"), to: registry)
      #expect(gone != nil)
    }
    #expect(gone == nil)
  }
}

@Suite struct DomainTransitionTests {
  @Test(arguments: [DomainAction.suspend, .resume, .shutDown, .destroy, .reboot])
  func needsARunningDomain(_ action: DomainAction) {
    #expect(DomainTransition.of(action, in: .shutoff) == nil)
  }

  @Test func goesThroughALife() throws {
    var record = DomainRecord(definition("one"), isPersistent: true)
    for (action, state) in [
      (DomainAction.start, DomainState.running), (.suspend, .paused), (.resume, .running), (.reboot, .running),
      (.destroy, .shutoff),
    ] {
      record.apply(try #require(DomainTransition.of(action, in: record.state))) { 3 }
      #expect(record.state == state && record.id == (record.isActive ? 3 : -1))
    }
    #expect(record.next == nil)
  }
}

import Glibc
import Testing
import VirtCore
import VirtEngine
import VirtModel

/// What tests define: a name, and something that changes.
private struct Thing: NamedDefinition {
  let name: String
  let uuid: UUID
}

/// A thing without UUID.
private struct Nameless: NamedDefinition {
  static var hasUUID: Bool { false }
  let name: String
  var uuid: UUID { .zero }
}

private struct Record<Definition: NamedDefinition>: LiveRecord {
  var definition: Definition
  var value: UInt8 = 0
}

/// A store that fails when it is told to, and counts what it is asked for.
private final class Fragile: ObjectStore {
  let inner = MemoryStore()
  let fails = Lock(false)
  let changes = Lock<[StoreKey]>([])

  func load() throws(VirtError) -> StoreContents { try inner.load() }
  func make(_ changes: [StoreChange]) throws(VirtError) {
    if fails.withLock({ $0 }) { throw VirtError(.systemError, .none, "no room in", "the store") }
    self.changes.withLock { $0 += changes.map(\.key) }
    try inner.make(changes)
  }
  func setAside(_ key: StoreKey) throws(VirtError) -> String { try inner.setAside(key) }
  func close() {}

  var kept: [StoreKey: [UInt8]] {
    get throws { Dictionary(uniqueKeysWithValues: try inner.load().objects.map { ($0.key, $0.bytes) }) }
  }
  func taken() -> [StoreKey] {
    changes.withLock { changes in
      defer { changes = [] }
      return changes
    }
  }
}

@Suite struct ObjectKeeperTests {
  private let store = Fragile()
  private let keeper: ObjectKeeper
  private let things = Registry<Record<Thing>>()
  private let nameless = Registry<Record<Nameless>>()

  init() {
    keeper = ObjectKeeper(store)
    keeper.keep("thing", of: things) { (object) throws(VirtError) in [object.record.withLock { $0.value }] }
    keeper.keep("nameless", of: nameless) { (object) throws(VirtError) in [object.record.withLock { $0.value }] }
  }

  private func place(_ thing: Thing) {
    _ = things.place(thing) {
      LiveObject(Record(definition: thing))
    } change: { _, record in
      record.value += 1
      return nil
    }
  }

  private func place(_ thing: Nameless) {
    _ = nameless.place(thing) {
      LiveObject(Record(definition: thing))
    } change: { _, record in
      record.value += 1
      return nil
    }
  }

  private func key(_ thing: Thing) -> StoreKey { StoreKey("thing", "\(thing.uuid)") }

  @Test func keepsWhatACallHadInItsHands() throws {
    let one = Thing(name: "one", uuid: .random()), two = Thing(name: "two", uuid: .random())
    keeper.begin()
    place(one)
    place(two)
    place(Nameless(name: "three"))
    #expect(try store.kept.isEmpty)
    try keeper.end()
    #expect(try store.kept == [key(one): [0], key(two): [0], StoreKey("nameless", "three"): [0]])
    #expect(store.taken().count == 3)
    // Looking alone writes nothing.
    keeper.begin()
    #expect(things.find(name: "one") != nil && things.find(uuid: two.uuid) != nil && nameless.find(name: "three") != nil)
    try keeper.end()
    #expect(store.taken().isEmpty)
    // Any way to an object leads to its change.
    keeper.begin()
    things.find(name: "one")?.record.withLock { $0.value = 7 }
    nameless.find(name: "three")?.record.withLock { $0.value = 8 }
    try keeper.end()
    #expect(try store.kept == [key(one): [7], key(two): [0], StoreKey("nameless", "three"): [8]])
    // What is gone is kept no more, what came again is new.
    keeper.begin()
    things.remove(try #require(things.find(uuid: one.uuid)))
    nameless.remove(try #require(nameless.find(name: "three")))
    place(Nameless(name: "three"))
    try keeper.end()
    #expect(try store.kept == [key(two): [0], StoreKey("nameless", "three"): [0]])
    // Outside of calls nothing is noted.
    place(two)
    keeper.begin()
    try keeper.end()
    #expect(try store.kept[key(two)] == [0])
  }

  @Test func renamesInPlace() throws {
    let one = Thing(name: "one", uuid: .random())
    keeper.begin()
    place(one)
    try keeper.end()
    keeper.begin()
    let object = try #require(things.all().first)
    let isRenamed = things.rename(object, to: "other") { record in
      record.definition = Thing(name: "other", uuid: one.uuid)
      record.value = 3
    }
    try keeper.end()
    #expect(try isRenamed && store.kept == [key(one): [3]])
  }

  @Test func saysThatAChangeIsInMemoryOnlyAndTriesAgain() throws {
    let one = Thing(name: "one", uuid: .random()), two = Thing(name: "two", uuid: .random())
    store.fails.withLock { $0 = true }
    keeper.begin()
    place(one)
    let error = #expect(throws: VirtError.self) { try keeper.end() }
    #expect(error?.code == .systemError && error?.detail == "the change is in memory only: no room in 'the store'")
    #expect(things.find(uuid: one.uuid) != nil)
    #expect(try store.kept.isEmpty)
    // The next call brings it along.
    store.fails.withLock { $0 = false }
    keeper.begin()
    place(two)
    try keeper.end()
    #expect(try store.kept == [key(one): [0], key(two): [0]])
    // And so does the end.
    store.fails.withLock { $0 = true }
    keeper.begin()
    place(one)
    #expect(throws: VirtError.self) { try keeper.end() }
    store.fails.withLock { $0 = false }
    keeper.close()
    #expect(try store.kept == [key(one): [1], key(two): [0]])
  }

  @Test func knowsWhatIsThere() throws {
    let one = Thing(name: "one", uuid: .random())
    place(one)
    keeper.know([(key(one), [0])])
    try keeper.keepAll(of: [things, nameless])
    #expect(store.taken().isEmpty)
    keeper.know([(key(one), [1])])
    try keeper.keepAll(of: [things, nameless])
    #expect(store.taken() == [key(one)])
  }

  /// Threads that change the same objects: whoever ends finds its change kept.
  @Test func keepsTheLastOfManyChanges() async throws {
    let shared = (0..<4).map { Thing(name: "\($0)", uuid: .random()) }
    for thing in shared { place(thing) }
    let keeper = keeper, things = things, store = store
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for worker in 0..<8 {
        group.addTask {
          for turn in 0..<200 {
            let thing = shared[(worker + turn) % shared.count]
            keeper.begin()
            let value = things.find(uuid: thing.uuid)?.record.withLock { record in
              record.value &+= 1
              return record.value
            }
            try keeper.end()
            let kept = try store.kept[StoreKey("thing", "\(thing.uuid)")]
            // Others may have changed it since, at most once each and turn.
            guard let value, let last = kept?.first, last &- value < 128 else { return false }
          }
          return true
        }
      }
      for try await isRight in group { #expect(isRight) }
    }
    for thing in shared {
      let value = try #require(things.find(uuid: thing.uuid)).record.withLock { $0.value }
      #expect(try store.kept[key(thing)] == [value])
    }
  }
}

import Glibc
import Synchronization
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
  /// Parts by name, with their stamps.
  var parts: [String: (stamp: UInt64, value: UInt8)] = [:]

  mutating func set(_ part: String, _ value: UInt8?) { parts[part] = value.map { (ChangeStamp.next(), $0) } }

  func form(_ kept: Set<UInt64>) -> KeptForm {
    var made: [KeptPart] = []
    for (name, (stamp, value)) in parts {
      let name = KeptPart.Name("part", name)
      made.append(kept.contains(stamp) ? KeptPart(name, stamp, nil) : KeptPart(name, stamp) { () throws(VirtError) in [value] })
    }
    return KeptForm([value], parts: made)
  }
}

/// A store that fails when it is told to, and counts what it is asked for.
private final class Fragile: ObjectStore {
  let inner = MemoryStore()
  let fails = Lock(false)
  let changes = Lock<[StoreKey]>([])
  let transactions = Atomic<Int>(0)

  func load(leaving kinds: Set<String>) throws(VirtError) -> StoreContents { try inner.load(leaving: kinds) }
  func make(_ changes: [StoreChange]) throws(VirtError) {
    if fails.withLock({ $0 }) { throw VirtError(.systemError, .none, "no room in", "the store") }
    self.changes.withLock { $0 += changes.map(\.key) }
    transactions.add(1, ordering: .relaxed)
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
    keeper.keep("thing", of: things, parts: { (object, kept) throws(VirtError) in object.record.withLock { $0.form(kept) } })
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

  private func key(_ thing: Thing, _ part: String) -> StoreKey { StoreKey("part", "\(thing.uuid)/\(part)") }

  /// Makes one call that changes a thing.
  private func change(_ thing: Thing, _ body: (inout Record<Thing>) -> Void) throws {
    keeper.begin()
    things.find(uuid: thing.uuid)?.record.withLock { body(&$0) }
    try keeper.end()
  }

  @Test func writesThePartsThatChanged() throws {
    let one = Thing(name: "one", uuid: .random()), two = Thing(name: "two", uuid: .random())
    keeper.begin()
    place(one)
    place(two)
    try keeper.end()
    try change(one) { record in for part in ["a", "b", "c", "a/b", ""] { record.set(part, 1) } }
    #expect(try store.kept.count == 7 && store.kept[key(one, "a/b")] == [1])
    _ = store.taken()
    try change(one) { $0.set("b", 2) }
    #expect(store.taken() == [key(one, "b")])
    try change(one) { record in
      record.set("c", nil)
      record.set("d", 3)
      record.value = 9
    }
    #expect(Set(store.taken()) == [key(one), key(one, "c"), key(one, "d")])
    // All of it at once.
    let before = store.transactions.load(ordering: .relaxed)
    try change(one) { record in
      for part in Array(record.parts.keys) { record.set(part, 4) }
      record.value = 10
    }
    #expect(store.transactions.load(ordering: .relaxed) == before + 1 && store.taken().count == 6)
    #expect(
      try store.kept == [key(two): [0], key(one): [10]].merging(["a", "b", "d", "a/b", ""].map { (key(one, $0), [4]) }) { $1 })
    // With their object they go, and what comes again under its name has none of them.
    keeper.begin()
    things.remove(try #require(things.find(uuid: one.uuid)))
    try keeper.end()
    #expect(try store.kept == [key(two): [0]])
    keeper.begin()
    place(one)
    try keeper.end()
    #expect(try store.kept == [key(two): [0], key(one): [0]])
  }

  @Test func bringsPartsAlongThatCouldNotBeWritten() throws {
    let one = Thing(name: "one", uuid: .random())
    keeper.begin()
    place(one)
    try keeper.end()
    try change(one) { $0.set("a", 1) }
    store.fails.withLock { $0 = true }
    #expect(throws: VirtError.self) { try change(one) { $0.set("a", 2) } }
    #expect(throws: VirtError.self) { try change(one) { $0.set("b", 1) } }
    #expect(throws: VirtError.self) { try change(one) { $0.set("c", 1) } }
    #expect(throws: VirtError.self) { try change(one) { $0.set("c", nil) } }
    #expect(try store.kept == [key(one): [0], key(one, "a"): [1]])
    store.fails.withLock { $0 = false }
    _ = store.taken()
    keeper.begin()
    place(Nameless(name: "other"))
    try keeper.end()
    #expect(Set(store.taken()) == [key(one, "a"), key(one, "b"), StoreKey("nameless", "other")])
    #expect(try store.kept[key(one, "a")] == [2])
  }

  @Test func knowsPartsThatAreThere() throws {
    let one = Thing(name: "one", uuid: .random())
    place(one)
    let object = try #require(things.find(uuid: one.uuid))
    object.record.withLock { record in for part in ["same", "other", "exactly"] { record.set(part, 5) } }
    let stamp = object.record.withLock { $0.parts["exactly"]?.stamp }
    keeper.know([(key(one), [0])])
    keeper.know(.init("part", "same"), of: key(one), [5], stamp: nil)
    keeper.know(.init("part", "other"), of: key(one), [6], stamp: nil)
    keeper.know(.init("part", "exactly"), of: key(one), [7], stamp: stamp)
    keeper.know(.init("part", "gone"), of: key(one), [5], stamp: nil)
    try keeper.keepAll(of: [things])
    #expect(Set(store.taken()) == [key(one, "other"), key(one, "gone")])
    try keeper.keepAll(of: [things])
    #expect(store.taken().isEmpty)
  }

  /// Threads that change parts of the same objects, and objects that come and go: what is there in the end is what is kept.
  @Test func agreesWithMemoryWhateverThreadsDo() async throws {
    let shared = (0..<3).map { Thing(name: "\($0)", uuid: .random()) }
    let keeper = keeper, things = things, store = store
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<8 {
        group.addTask {
          var generator = SystemRandomNumberGenerator()
          for turn in 0..<300 {
            let thing = shared[Int.random(in: 0..<3, using: &generator)]
            keeper.begin()
            let part = "\(Int.random(in: 0..<6, using: &generator))"
            if let object = things.find(uuid: thing.uuid) {
              if turn % 10 == 9 {
                things.remove(object)
              } else {
                object.record.withLock { $0.set(part, Bool.random() ? UInt8(worker) : nil) }
              }
            } else {
              _ = things.place(thing, make: { LiveObject(Record(definition: thing)) }, change: { _, _ in nil })
            }
            // Some of it cannot be written at first.
            if worker == 0 { store.fails.withLock { $0 = turn % 7 == 0 } }
            do throws(VirtError) { try keeper.end() } catch {}
          }
        }
      }
      try await group.waitForAll()
    }
    store.fails.withLock { $0 = false }
    keeper.begin()
    try keeper.end()
    keeper.close()
    var expected: [StoreKey: [UInt8]] = [:]
    for object in things.all() {
      let record = object.record.withLock { $0 }
      expected[key(record.definition)] = [record.value]
      for (name, part) in record.parts { expected[key(record.definition, name)] = [part.value] }
    }
    #expect(try store.kept == expected)
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

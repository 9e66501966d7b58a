import Testing
import VirtCore
import VirtEngine
import VirtModel

/// Tables compared with dictionaries, after random operations.
@Suite struct TableTests {
  /// Names of all lengths, of which many begin alike: what a table compares eight bytes at a time.
  private static func name(_ number: Int) -> String {
    String(repeating: "name", count: number % 23).prefix(number % 70) + "\(number)" + String(repeating: "é", count: number % 3)
  }

  private static func found(_ name: String, in table: borrowing NameTable) -> RegisteredObject? {
    var name = name
    return name.withUTF8 { table.withFound($0) { copy $0 } }
  }

  @Test func namesAreThoseOfADictionary() {
    var generator = SeededGenerator()
    var table = NameTable()
    var model: [String: RegisteredObject] = [:]
    for step in 0..<20000 {
      // It grows, shrinks, and grows again.
      let name = Self.name(Int.random(in: 0..<(step / 5000 % 2 == 0 ? 2000 : 200), using: &generator))
      switch Int.random(in: 0..<3, using: &generator) {
      case 0 where model[name] == nil:
        let object = RegisteredObject(uuid: .zero)
        table.insert(name, object)
        model[name] = object
      case 1:
        // Another's name stays where it is.
        table.remove(name, RegisteredObject(uuid: .zero))
        let isThere = table.contains(name)
        #expect(isThere == (model[name] != nil), "seed \(generator.seed)")
        if let object = model.removeValue(forKey: name) { table.remove(name, object) }
      default: break
      }
      let found = Self.found(name, in: table)
      #expect(found === model[name], "seed \(generator.seed)")
    }
    let count = table.count
    #expect(count == model.count)
    var shown: [String: RegisteredObject] = [:]
    table.forEach { shown[String(decoding: $0, as: UTF8.self)] = $1 }
    #expect(shown.mapValues(ObjectIdentifier.init) == model.mapValues(ObjectIdentifier.init), "seed \(generator.seed)")
  }

  @Test func namesOfAllLengthsDiffer() {
    var table = NameTable()
    var objects: [String: RegisteredObject] = [:]
    for length in 0..<200 {
      for last in ["a", "b", ""] where length > 0 || last.isEmpty {
        let name = String(repeating: "x", count: length) + last
        if objects[name] != nil { continue }
        objects[name] = RegisteredObject(uuid: .zero)
        objects[name].map { table.insert(name, $0) }
      }
    }
    for (name, object) in objects {
      let found = Self.found(name, in: table)
      #expect(found === object)
    }
    let isThere = table.contains(String(repeating: "x", count: 300))
    #expect(!isThere)
  }

  @Test func holdsItsObjectsAndLetsGo() {
    weak var left: RegisteredObject?
    do {
      var table = NameTable()
      do {
        let object = RegisteredObject(uuid: .zero), other = RegisteredObject(uuid: .zero)
        left = object
        table.insert("one", object)
        table.insert("other", other)
        table.remove("other", other)
      }
      let count = table.count
      #expect(left != nil && count == 1)
    }
    #expect(left == nil)
  }

  private struct Thing: NamedDefinition {
    let name: String
    let uuid: UUID
  }

  private typealias Things = Registry<ObjectRecord<Thing, Void>>

  private static func place(_ thing: Thing, in things: Things) -> Things.Placed {
    things.place(thing) {
      LiveObject(ObjectRecord(thing, isPersistent: true, contents: ()))
    } change: { _, record in
      record.define(thing)
      return nil
    }
  }

  @Test func indexIsThatOfTwoDictionaries() throws {
    var generator = SeededGenerator()
    let things = Things()
    let uuids = (0..<300).map { _ in UUID.random() }
    var names: [String: UUID] = [:]
    var objects: [UUID: LiveObject<ObjectRecord<Thing, Void>>] = [:]
    for _ in 0..<10000 {
      let name = Self.name(Int.random(in: 0..<300, using: &generator)), uuid = uuids[Int.random(in: 0..<300, using: &generator)]
      let hint: Comment = "seed \(generator.seed), \(name)"
      let known = names.first { $0.value == uuid }?.key
      switch Int.random(in: 0..<4, using: &generator) {
      case 0:
        if let object = objects[uuid] { things.remove(object) }
        objects[uuid] = nil
        if let known { names[known] = nil }
      case 1:
        guard let object = objects[uuid], let known else { continue }
        let isDone = things.rename(object, to: name) { $0.define(Thing(name: name, uuid: uuid)) }
        #expect(isDone == (names[name] == nil), hint)
        if isDone {
          names[known] = nil
          names[name] = uuid
        }
      default:
        switch Self.place(Thing(name: name, uuid: uuid), in: things) {
        case .added(let object):
          #expect(known == nil && names[name] == nil && objects[uuid] == nil, hint)
          objects[uuid] = object
          names[name] = uuid
        case .known(let object): #expect(known == name && objects[uuid] === object, hint)
        case .refused(.name(let owner)): #expect(known == nil && names[name] == owner, hint)
        case .refused(.uuid(let other)): #expect(known == other && other != name, hint)
        case .refused(.active): Issue.record(hint)
        }
      }
      #expect(things.find(name: name) === names[name].flatMap { objects[$0] }, hint)
      #expect(things.find(uuid: uuid) === objects[uuid], hint)
    }
    #expect(things.count == names.count && Set(things.all().map(\.uuid)) == Set(objects.keys))
  }
}

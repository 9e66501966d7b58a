import Glibc
import Testing
import VirtCore
import VirtEngine
import VirtModel

/// Where the table stands as text, for the tests of whole programs; `VIRT_RECORD=1` writes it anew.
private let recorded = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/EndToEndTests/lifecycle.tsv"

@Suite struct DomainMoveTests {
  @Test func theTextIsThatOfTheTable() throws {
    if getenv("VIRT_RECORD") != nil {
      let file = try #require(fopen(recorded, "w"))
      fputs(DomainMove.text, file)
      fclose(file)
    }
    let file = try #require(fopen(recorded, "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    #expect(String(decoding: bytes[..<count], as: UTF8.self) == DomainMove.text)
  }

  @Test(arguments: DomainAction.allCases)
  func recordsGoWhereTheTableSays(_ action: DomainAction) throws {
    let context = ModelContext(architecture: "x86_64")
    let values = DomainValues(
      type: "test", name: "one", uuid: .random(), memory: 1, currentMemory: 1, processors: 1, hardware: .plain(context))
    let definition = DomainDefinition(values)
    for state in DomainState.allStates {
      var record = DomainRecord(definition, isPersistent: true)
      record.state = state
      if state.isActive { record.id = 7 }
      guard let transition = DomainTransition.of(action, in: state) else {
        #expect(throws: VirtError.self) { try record.allow(action) }
        #expect(DomainMove.of(action).refusal.code != .ok)
        continue
      }
      try record.allow(action)
      record.apply(transition) { 8 }
      #expect(record.state == transition.state ?? state)
      #expect(record.id == (record.isActive ? (state.isActive ? 7 : 8) : -1))
      #expect(record.next == nil || record.isActive)
    }
  }

  @Test func everyStateIsActiveOrNot() {
    for state in DomainState.allStates {
      #expect(DomainStates.active.contains(DomainStates(state)) == state.isActive)
      #expect(DomainStates.inactive.contains(DomainStates(state)) != state.isActive)
    }
  }
}

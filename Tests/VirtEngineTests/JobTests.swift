import Testing
import VirtCore
import VirtEngine
import VirtModel
import VirtXML

@Suite struct BlockJobTests {
  private let chain: DiskChain = {
    var chain = DiskChain(XMLElement("disk", [XMLAttribute("type", "file")]))
    chain.layers = ["top", "middle", "base"].map { .init(file: $0, format: nil) }
    return chain
  }()

  private func left(_ purpose: BlockJob.Purpose) -> [String] {
    BlockJob(purpose, size: 1, bandwidth: 0).result(chain).layers.compactMap(\.path)
  }

  @Test func leavesTheChainThatItIsFor() {
    #expect(left(.pull(base: nil)) == ["top"])
    #expect(left(.pull(base: 2)) == ["top", "base"])
    #expect(left(.pull(base: 1)) == ["top", "middle", "base"])
    #expect(left(.commit(top: 0, base: 2)) == ["base"])
    #expect(left(.commit(top: 1, base: 2)) == ["top", "base"])
    #expect(left(.copy(.init(file: "copy", format: nil))) == ["copy"])
  }

  @Test func standsAChainThatBecameShorter() {
    #expect(left(.commit(top: 0, base: 7)) == ["top", "middle", "base"])
    #expect(left(.pull(base: 9)) == ["top"])
  }

  @Test(arguments: [0, 1, 2, 3, 4, 5, 7, 1 << 30, UInt64.max])
  func endsOnce(_ size: UInt64) {
    var job = BlockJob(.pull(base: nil), size: size, bandwidth: 0)
    var ends = 0
    for _ in 0..<10 where job.step() { ends += 1 }
    #expect(ends == 1 && job.isReady && job.done == job.size)
  }

  @Test func tellsItsKind() {
    let kinds = [BlockJob.Purpose.pull(base: nil), .commit(top: 0, base: 1), .commit(top: 1, base: 2)].map {
      BlockJob($0, size: 1, bandwidth: 0).type
    }
    #expect(kinds == [.pull, .activeCommit, .commit])
  }
}

@Suite struct DomainJobTests {
  @Test(arguments: [0, 1, 3, 5, UInt64.max])
  func comesToItsEnd(_ size: UInt64) {
    var job = DomainJob(.backup, size: size, start: 5, endsByItself: true)
    for _ in 0..<10 { job.step() }
    #expect(job.done == size)
    job.end(.completed, now: 3)
    #expect(job.duration == 0 && job.type == .completed)
  }
}

@Suite struct MovingTests {
  @Test func knowsWhereMovesLead() {
    let paused = DomainTransition.of(.arrive, in: .shutoff)
    #expect(paused?.state == .paused && paused?.event?.detail == DomainEventStartedDetailType.migrated.rawValue)
    #expect(DomainTransition.of(.goOnAfterArrival, in: .paused)?.state == .running)
    #expect(DomainTransition.of(.stayPausedAfterArrival, in: .paused)?.state == .paused)
    #expect(DomainTransition.of(.leave, in: .paused)?.reason == DomainShutoffReason.migrated.rawValue)
    #expect(DomainTransition.of(.goOnAfterAll, in: .paused)?.reason == DomainRunningReason.migrationCanceled.rawValue)
    #expect(DomainTransition.of(.failArrival, in: .paused)?.reason == DomainShutoffReason.failed.rawValue)
    #expect(DomainTransition.of(.pauseToLeave, in: .paused) == nil)
  }

  @Test(arguments: [DomainAction.save, .crash, .leave, .failArrival, .pauseToLeave, .goOnAfterAll, .goOnAfterArrival])
  func needsADomainThatRuns(_ action: DomainAction) {
    #expect(DomainTransition.of(action, in: .shutoff) == nil)
  }

  @Test(arguments: [DomainAction.restore, .arrive])
  func needsADomainThatDoesNotRun(_ action: DomainAction) {
    for state in [DomainState.running, .paused, .blocked] { #expect(DomainTransition.of(action, in: state) == nil) }
  }
}

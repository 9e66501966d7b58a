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

  /// It never goes back, never beyond its end, and is ready with the last step and not before.
  @Test(arguments: [1, 2, 3, 4, 5, 7, 8, 1000, 1001, 1002, 1003, 1 << 40, UInt64.max - 1, UInt64.max])
  func comesStepByStepToItsEnd(_ size: UInt64) {
    var job = BlockJob(.copy(.init(file: "copy", format: nil)), size: size, bandwidth: 0)
    var done: [UInt64] = [job.done]
    #expect(job.done == 0 && !job.isReady && job.size == size)
    while !job.isReady, done.count < 10 {
      let isLast = job.step()
      #expect(isLast == job.isReady && job.isReady == (job.done == size))
      done.append(job.done)
    }
    #expect(zip(done, done.dropFirst()).allSatisfy { $0 < $1 } && done.last == size)
    // Four steps, or one for each byte.
    #expect(UInt64(done.count - 1) == min(size, 4))
    #expect(!job.step() && job.done == size)
  }

  @Test func mirrorsUntilItIsToldToEnd() {
    #expect(BlockJob(.copy(.init(file: "copy", format: nil)), size: 1, bandwidth: 0).isMirror)
    #expect(BlockJob(.commit(top: 0, base: 1), size: 1, bandwidth: 0).isMirror)
    #expect(!BlockJob(.commit(top: 1, base: 2), size: 1, bandwidth: 0).isMirror)
    #expect(!BlockJob(.pull(base: nil), size: 1, bandwidth: 0).isMirror)
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

@Suite struct MigrationLimitsTests {
  /// What was set for a domain's moves stays when it stops; what goes on does not.
  @Test func outliveTheGuest() throws {
    let context = ModelContext(architecture: "x86_64")
    let values = DomainValues(
      type: "test", name: "one", uuid: .random(), memory: 1, currentMemory: 1, processors: 1, hardware: .plain(context))
    var record = DomainRecord(DomainDefinition(values), isPersistent: true)
    #expect(record.migration.downtime == 300 && record.migration.cache == 64 << 20 && !record.migration.wasRunning)
    #expect(record.migration.speed == record.migration.speedAfterwards && record.migration.speed > 1 << 50)
    record.apply(try #require(DomainTransition.of(.start, in: .shutoff))) { 1 }
    record.migration.speed = 7
    record.migration.downtime = 8
    record.job = DomainJob(.migrationOut, size: 1, start: 0, endsByItself: false)
    record.blockJobs["vda"] = BlockJob(.pull(base: nil), size: 1, bandwidth: 0)
    record.thresholds["vda"] = 5
    record.diskSizes["vda"] = 9
    record.apply(try #require(DomainTransition.of(.destroy, in: .running))) { 2 }
    #expect(record.migration.speed == 7 && record.migration.downtime == 8 && record.diskSizes == ["vda": 9])
    #expect(record.job == nil && record.blockJobs.isEmpty && record.thresholds.isEmpty && record.id == -1)
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

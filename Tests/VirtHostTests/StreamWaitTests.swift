import Glibc
import Synchronization
import Testing

@testable import VirtHost

/// A call on a thread of its own, and what it gave.
private final class Call: @unchecked Sendable {
  private var thread = pthread_t()
  private let body: () -> Int32
  private let code = Atomic<Int32>(-1)

  init(_ body: @escaping () -> Int32) {
    self.body = body
    let me = Unmanaged.passRetained(self).toOpaque()
    pthread_create(
      &thread, nil,
      { me in
        guard let me else { return nil }
        let call = Unmanaged<Call>.fromOpaque(me).takeRetainedValue()
        call.code.store(call.body(), ordering: .releasing)
        return nil
      }, me)
  }

  /// Waits for its end.
  func end() -> Int32 {
    pthread_join(thread, nil)
    return code.load(ordering: .acquiring)
  }
}

/// A driver that has nothing until something is put there.
private final class Pipe: Sendable {
  let content = Atomic<Int>(0)
  let asked = Atomic<Int>(0)

  func take(_ result: UnsafeMutablePointer<Int32>) -> Int32 {
    asked.add(1, ordering: .acquiringAndReleasing)
    while true {
      let there = content.load(ordering: .acquiring)
      guard there > 0 else {
        result.pointee = -2
        return 0
      }
      if content.compareExchange(expected: there, desired: there - 1, ordering: .acquiringAndReleasing).exchanged {
        result.pointee = 1
        return 0
      }
    }
  }

  /// Waits until it was asked so often.
  func wait(_ times: Int) {
    while asked.load(ordering: .acquiring) < times { sched_yield() }
  }
}

/// Where a driver's answer stands.
private final class Answer: @unchecked Sendable {
  let place = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
  var value: Int32 { place.pointee }

  init() { place.initialize(to: 0) }
  deinit { place.deallocate() }
}

private let readable: Int32 = 1, writable: Int32 = 2

@Suite struct StreamWaitTests {
  private let wait = StreamWait()
  private let pipe = Pipe()

  private func reading() -> Call {
    Call { [wait, pipe] in
      let answer = Answer()
      let code = wait.call(readable, answer.place) { pipe.take(answer.place) }
      return code == 0 ? answer.value : code
    }
  }

  @Test func givesAtOnceWhatIsThere() {
    pipe.content.store(1, ordering: .releasing)
    let answer = Answer()
    #expect(wait.call(readable, answer.place) { pipe.take(answer.place) } == 0 && answer.value == 1)
    // A driver's error is its answer, and so is one without a result.
    #expect(wait.call(readable, answer.place) { 38 } == 38)
    answer.place.pointee = -2
    #expect(wait.call(readable, nil) { 0 } == 0)
  }

  @Test func waitsUntilItIsToldOf() {
    let call = reading()
    pipe.wait(1)
    // Of something else.
    wait.tell(writable)
    pipe.content.store(1, ordering: .releasing)
    wait.tell(readable)
    #expect(call.end() == 1 && pipe.asked.load(ordering: .acquiring) >= 2)
  }

  @Test func believesADriverThatIsReadyAndHasNothing() {
    wait.tell(readable)
    let answer = Answer()
    #expect(wait.call(readable, answer.place) { pipe.take(answer.place) } == 0 && answer.value == -2)
    #expect(pipe.asked.load(ordering: .acquiring) == 1)
  }

  @Test func asksAgainWhenItIsToldMeanwhile() {
    // The news comes between the driver's answer and the waiting.
    let answer = Answer()
    var isFirst = true
    let code = wait.call(readable, answer.place) {
      if isFirst {
        isFirst = false
        answer.place.pointee = -2
        wait.tell(readable)
        return 0
      }
      answer.place.pointee = 5
      return 0
    }
    #expect(code == 0 && answer.value == 5)
  }

  @Test func sendsAllAwayAtTheEnd() {
    let calls = (0..<8).map { _ in reading() }
    pipe.wait(8)
    wait.end()
    for call in calls { #expect(call.end() > 0) }
    // Nobody is in a call then, and nobody comes in.
    wait.drain()
    let before = pipe.asked.load(ordering: .acquiring)
    #expect(reading().end() > 0 && pipe.asked.load(ordering: .acquiring) == before)
  }

  /// Threads that read and one that writes: everything is read once, and nobody waits for ever.
  @Test func losesNothingBetweenThreads() {
    let each = 500, readers = 4
    let got = Atomic<Int>(0)
    let calls = (0..<readers).map { _ in
      Call { [wait, pipe] in
        for _ in 0..<each {
          let answer = Answer()
          // Ready, but others were quicker: it is asked for again.
          repeat {
            guard wait.call(readable, answer.place, { pipe.take(answer.place) }) == 0 else { return 1 }
          } while answer.value == -2
        }
        return 0
      }
    }
    for _ in 0..<each * readers {
      pipe.content.add(1, ordering: .acquiringAndReleasing)
      wait.tell(readable)
      if Int.random(in: 0..<8) == 0 { wait.tell(0) }
    }
    while pipe.content.load(ordering: .acquiring) > 0 {
      wait.tell(readable)
      sched_yield()
    }
    for call in calls { got.add(Int(call.end()), ordering: .relaxed) }
    #expect(got.load(ordering: .relaxed) == 0 && pipe.content.load(ordering: .acquiring) == 0)
  }
}

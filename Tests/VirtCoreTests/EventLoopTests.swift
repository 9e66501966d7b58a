import CVirtRuntime
import Glibc
import Testing

@testable import VirtCore

/// What callbacks note down; `opaque` of the watches in these tests.
private final class Record {
  var timers: [Int32] = []
  var events: [Int32] = []
  var freed = 0
  var action: (() -> Void)?

  var opaque: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }
}

private func record(_ opaque: UnsafeMutableRawPointer?) -> Record {
  Unmanaged<Record>.fromOpaque(opaque.unsafelyUnwrapped).takeUnretainedValue()
}

private let onTimer: @convention(c) (Int32, UnsafeMutableRawPointer?) -> Void = { id, opaque in
  record(opaque).timers.append(id)
  record(opaque).action?()
}
private let onEvent: @convention(c) (Int32, Int32, Int32, UnsafeMutableRawPointer?) -> Void = {
  _, descriptor, events, opaque in
  record(opaque).events.append(events)
  var byte: UInt8 = 0
  if events & EventLoop.readable != 0 { _ = read(descriptor, &byte, 1) }
  record(opaque).action?()
}
private let onFree: @convention(c) (UnsafeMutableRawPointer?) -> Void = { record($0).freed += 1 }

@Suite(.serialized) struct EventLoopTests {
  private let loop = EventLoop.shared

  private func pipe() throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    try #require(Glibc.pipe(&ends) == 0)
    return (ends[0], ends[1])
  }

  @Test func timersFireAndStop() throws {
    let record = Record()
    let timer = try #require(loop.addTimer(0, onTimer, record.opaque, onFree))
    #expect(loop.runOnce() && loop.runOnce())
    #expect(record.timers == [timer, timer])
    loop.updateTimer(timer, -1)
    #expect(loop.removeTimer(timer))
    #expect(!loop.removeTimer(timer))
    #expect(record.freed == 0)
    #expect(loop.runOnce())
    #expect(record.freed == 1)
    #expect(record.timers.count == 2)
  }

  @Test func timersFireInOrder() throws {
    let record = Record()
    let late = try #require(loop.addTimer(20, onTimer, record.opaque, nil))
    let early = try #require(loop.addTimer(5, onTimer, record.opaque, nil))
    while record.timers.count < 4 { #expect(loop.runOnce()) }
    #expect(record.timers.first == early)
    #expect(loop.removeTimer(late) && loop.removeTimer(early))
  }

  @Test func handlesFire() throws {
    let record = Record()
    let ends = try pipe()
    let watch = try #require(loop.addHandle(ends.read, EventLoop.readable, onEvent, record.opaque, onFree))
    write(ends.write, "xy", 2)
    #expect(loop.runOnce() && loop.runOnce())
    #expect(record.events == [EventLoop.readable, EventLoop.readable])
    close(ends.write)
    #expect(loop.runOnce())
    #expect(record.events.last == EventLoop.hangup)
    #expect(loop.removeHandle(watch))
    #expect(!loop.removeHandle(watch))
    #expect(loop.runOnce())
    #expect(record.freed == 1)
    close(ends.read)
  }

  @Test func whatIsRemovedInACallbackDoesNotFire() throws {
    let record = Record()
    let first = try pipe(), second = try pipe()
    let watches = [first, second].compactMap {
      loop.addHandle($0.read, EventLoop.readable, onEvent, record.opaque, onFree)
    }
    record.action = { for watch in watches { _ = EventLoop.shared.removeHandle(watch) } }
    write(first.write, "x", 1)
    write(second.write, "x", 1)
    #expect(loop.runOnce())
    #expect(record.events.count == 1)
    #expect(record.freed == 2)
  }

  @Test func callbacksMayRunTheLoop() throws {
    let record = Record()
    let ends = try pipe()
    let watch = try #require(loop.addHandle(ends.read, EventLoop.readable, onEvent, record.opaque, onFree))
    let timer = try #require(loop.addTimer(0, onTimer, record.opaque, onFree))
    record.action = {
      record.action = nil
      _ = EventLoop.shared.removeHandle(watch)
      _ = EventLoop.shared.runOnce()
      #expect(record.freed == 0)
    }
    #expect(loop.runOnce())
    #expect(record.freed == 1)
    #expect(record.timers.count == 2)
    #expect(loop.removeTimer(timer))
    #expect(loop.runOnce())
  }

  @Test func otherThreadsWakeTheLoop() async throws {
    let stop = Record()
    let idle = try #require(loop.addTimer(60_000, onTimer, stop.opaque, nil))
    let started = EventLoop.now()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          for _ in 0..<300 {
            let record = Record()
            guard let timer = EventLoop.shared.addTimer(-1, onTimer, record.opaque, nil) else { continue }
            EventLoop.shared.updateTimer(timer, 1000)
            EventLoop.shared.updateTimer(timer, -1)
            _ = EventLoop.shared.removeTimer(timer)
          }
          EventLoop.shared.updateTimer(idle, 0)
        }
      }
      while stop.timers.isEmpty { #expect(loop.runOnce()) }
    }
    #expect(EventLoop.now() - started < 30_000_000_000)
    #expect(loop.removeTimer(idle))
  }

  @Test func numbersAreNotReusedSoon() throws {
    let record = Record()
    var seen: Set<Int32> = []
    for _ in 0..<1000 {
      let timer = try #require(loop.addTimer(-1, onTimer, record.opaque, nil))
      #expect(seen.insert(timer).inserted)
      #expect(loop.removeTimer(timer))
    }
  }

  @Test func manyTimersKeepTheirOrder() {
    var heap = TimerHeap()
    var generator = SystemRandomNumberGenerator()
    for index in 0..<1000 as Range<Int32> {
      heap.insert(TimerHeap.Entry(deadline: Int64.random(in: 0..<500, using: &generator), timer: index))
    }
    var last = TimerHeap.Entry(deadline: -1, timer: 0)
    while let entry = heap.first {
      #expect(!(entry < last))
      last = entry
      heap.removeFirst()
    }
    #expect(heap.count == 0)
  }
}

import Testing

@testable import VirtCore

@Suite struct LockTests {
  @Test func oneThreadAtATime() async {
    final class Box: Sendable { let lock = Lock(0) }
    let box = Box()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask { for _ in 0..<10_000 { box.lock.withLock { $0 += 1 } } }
      }
    }
    #expect(box.lock.withLock { $0 } == 80_000)
  }

  @Test func errorsPassThroughAndRelease() {
    let lock = Lock([1])
    #expect(throws: VirtError.self) {
      try lock.withLock { value throws(VirtError) in
        value.append(2)
        throw VirtError(.internalError, .none, "stop")
      }
    }
    #expect(lock.withLock { $0 } == [1, 2])
  }
}

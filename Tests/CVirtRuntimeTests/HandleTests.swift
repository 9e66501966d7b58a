import CVirtRuntime
import Testing

/// Tests that share the pool and the error handlers, hence take turns.
@Suite(.serialized) enum RuntimeTests {}

/// Class numbers as the boundary has them; the run-time itself knows no class.
let connectionClass: UInt16 = 1
let domainClass: UInt16 = 2
let snapshotClass: UInt16 = 3

/// A connection with one reference.
func makeConnection() throws -> UnsafeMutablePointer<virt_connection> {
  try #require(virt_connection_make(connectionClass, 0, 0))
}

/// A handle with one reference.
func makeHandle(
  _ connection: UnsafeMutablePointer<virt_connection>, class classId: UInt16 = domainClass, name: String = "guest",
  parent: UnsafeMutableRawPointer? = nil
) throws -> UnsafeMutableRawPointer {
  try #require(
    name.withCString { name in
      var identity = virt_identity()
      identity.size = MemoryLayout<virt_identity>.size
      identity.name = name
      identity.id = -1
      return virt_handle_make(classId, connection, parent, &identity)
    })
}

/// The name a handle carries.
func name(of handle: UnsafeMutableRawPointer) -> String {
  String(cString: virt_identity_of(handle).pointee.name)
}

extension RuntimeTests {
  @Suite struct HandleTests {
    @Test func knowsItsClassAndItsTexts() throws {
      let connection = try makeConnection()
      for length in [0, 1, 40, 63, 64, 500, 1023, 1024, 1100, 5000, 100_000] {
        let text = String(repeating: "n", count: length)
        let handle = try makeHandle(connection, name: text)
        #expect(virt_is(handle, domainClass))
        #expect(!virt_is(handle, connectionClass))
        #expect(!virt_is(handle, snapshotClass))
        #expect(name(of: handle) == text)
        #expect(virt_connection_of(handle) == connection)
        #expect(virt_handle_release(handle) == 0)
      }
      #expect(!virt_is(nil, domainClass))
      #expect(virt_handle_release(connection) == 0)
    }

    @Test func keepsAllThreeTexts() throws {
      let connection = try makeConnection()
      for length in [3, 3000] {
        let texts = ["a", "b", "c"].map { String(repeating: $0, count: length) }
        let handle = texts[0].withCString { first in
          texts[1].withCString { second in
            texts[2].withCString { third in
              var identity = virt_identity()
              identity.name = first
              identity.strings = (second, third)
              identity.number = 7
              return virt_handle_make(domainClass, connection, nil, &identity)
            }
          }
        }
        let made = try #require(handle)
        let identity = virt_identity_of(made).pointee
        #expect(
          [identity.name, identity.strings.0, identity.strings.1].map { $0.map { String(cString: $0) } ?? "" } == texts)
        #expect(identity.number == 7)
        virt_handle_release(made)
      }
      virt_handle_release(connection)
    }

    @Test func refusesStaleAndDoublyFreedHandles() throws {
      let connection = try makeConnection()
      let handle = try makeHandle(connection)
      #expect(virt_handle_reference(handle))
      #expect(virt_handle_release(handle) == 1)
      #expect(virt_handle_release(handle) == 0)
      #expect(!virt_is(handle, domainClass))
      #expect(virt_handle_release(handle) == -1)
      #expect(!virt_handle_reference(handle))
      virt_handle_release(connection)
      #expect(!virt_is(connection, connectionClass))
      #expect(virt_handle_release(connection) == -1)
    }

    @Test func aPlainCopyOfAHandleIsNone() throws {
      let connection = try makeConnection()
      let handle = try makeHandle(connection)
      let copy = UnsafeMutableRawPointer.allocate(byteCount: 1024, alignment: 64)
      defer { copy.deallocate() }
      copy.copyMemory(from: handle, byteCount: MemoryLayout<virt_handle>.size)
      #expect(!virt_is(copy, domainClass))
      for filling: UInt8 in [0, 0xff, 0x55] {
        copy.initializeMemory(as: UInt8.self, repeating: filling, count: 1024)
        #expect(!(0..<20).contains { virt_is(copy, $0) })
      }
      virt_handle_release(handle)
      virt_handle_release(connection)
    }

    @Test func holdsItsConnectionAndItsParent() throws {
      let before = virt_handle_count()
      let connection = try makeConnection()
      let domain = try makeHandle(connection)
      let snapshot = try makeHandle(connection, class: snapshotClass, parent: domain)
      #expect(virt_handle_release(domain) == 1)
      #expect(virt_handle_release(connection) == 2)
      #expect(virt_is(domain, domainClass))
      #expect(virt_is(connection, connectionClass))
      #expect(virt_parent_of(snapshot) == domain)
      #expect(virt_handle_release(snapshot) == 0)
      #expect(!virt_is(domain, domainClass))
      #expect(!virt_is(connection, connectionClass))
      #expect(virt_handle_count() == before)
    }

    @Test func releasesItsWordOnce() throws {
      let connection = try makeConnection()
      let handle = try makeHandle(connection)
      let count = UnsafeMutablePointer<Int>.allocate(capacity: 2)
      count.initialize(repeating: 0, count: 2)
      defer { count.deallocate() }
      let release: @convention(c) (UnsafeMutableRawPointer?) -> Void = {
        $0?.assumingMemoryBound(to: Int.self).pointee += 1
      }
      #expect(virt_handle_set_word(handle, nil, count, release))
      #expect(!virt_handle_set_word(handle, nil, count + 1, release))
      #expect(virt_handle_set_word(handle, count, count + 1, release))
      #expect((count[0], count[1]) == (1, 0))
      virt_handle_release(handle)
      #expect((count[0], count[1]) == (1, 1))
      virt_handle_release(connection)
    }

    @Test func circulatesBetweenThreads() async throws {
      let before = virt_handle_count()
      nonisolated(unsafe) let connection = try makeConnection()
      let rounds = 200
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<8 {
          group.addTask {
            for round in 0..<rounds {
              var handles: [UnsafeMutableRawPointer] = []
              for index in 0..<50 {
                guard let handle = try? makeHandle(connection, name: "guest-\(round)-\(index)") else { continue }
                handles.append(handle)
              }
              for (index, handle) in handles.enumerated() {
                if !virt_is(handle, domainClass) || name(of: handle) != "guest-\(round)-\(index)" {
                  Issue.record("a live handle changed")
                }
                virt_handle_release(handle)
              }
            }
          }
        }
      }
      #expect(virt_handle_release(connection) == 0)
      #expect(virt_handle_count() == before)
    }
  }
}

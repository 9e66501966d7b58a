import CVirtRuntime
import Testing

/// The fields of an error, as Swift values.
struct Fields: Equatable {
  var code: Int32
  var domain: Int32
  var level: UInt32
  var strings: [String?]
  var integers: [Int32]

  init(_ code: virErrorNumber, _ domain: virErrorDomain, _ strings: [String?], _ integers: [Int32] = [-1, -1]) {
    self.code = Int32(bitPattern: code.rawValue)
    self.domain = Int32(bitPattern: domain.rawValue)
    level = VIR_ERR_ERROR.rawValue
    self.strings = strings
    self.integers = integers
  }

  init(_ error: virError) {
    code = error.code
    domain = error.domain
    level = error.level.rawValue
    strings = [error.str1, error.str2, error.str3].map { $0.map { String(cString: $0) } }
    integers = [error.int1, error.int2]
  }

  /// Of this thread's error.
  static var last: Fields? {
    var copy = virError()
    guard virt_body_virCopyLastError(&copy) != 0 else { return nil }
    defer { virt_body_virResetError(&copy) }
    return Fields(copy)
  }
}

/// This thread's message.
var lastMessage: String { String(cString: virt_body_virGetLastErrorMessage()) }

let invalidArgument = Int32(bitPattern: VIR_ERR_INVALID_ARG.rawValue)

extension RuntimeTests {
  @Suite struct ErrorTests {
    /// Errors in tests go to a handler that says nothing.
    init() {
      virt_body_virSetErrorFunc(nil) { _, _ in }
      virt_error_reset()
    }

    @Test func startsWithoutAnError() {
      #expect(virt_body_virGetLastError() == nil)
      #expect(virt_body_virGetLastErrorCode() == 0)
      #expect(virt_body_virGetLastErrorDomain() == 0)
      #expect(lastMessage == "no error")
      #expect(virt_body_virCopyLastError(nil) == -1)
    }

    @Test func usualFormCarriesPatternAndDetail() {
      virt_error_raise(invalidArgument, 20, "what was wrong")
      #expect(Fields.last?.strings[1] == "what was wrong")
      #expect(Fields.last?.strings[0]?.hasSuffix(": %s") == true)
      #expect(lastMessage.hasSuffix(": what was wrong"))
      #expect(Fields.last?.integers == [-1, -1])
      virt_error_raise(invalidArgument, 20, nil)
      #expect(Fields.last?.strings[1] == nil)
      #expect(Fields.last?.strings[0] == lastMessage)
    }

    @Test func aNameStandsInQuotes() {
      virt_error_raise_about(42, 12, "no domain named", 15, "nope", 4)
      #expect(Fields.last?.strings[1] == "no domain named 'nope'")
      virt_error_raise_about(42, 12, "", 0, "nope", 4)
      #expect(Fields.last?.strings[1] == "nope")
    }

    @Test func raisingFromTheErrorItselfIsSafe() {
      virt_error_raise(1, 0, String(repeating: "x", count: 5000))
      let message = virt_body_virGetLastErrorMessage()
      virt_error_raise(1, 0, message)
      #expect(lastMessage.utf8.count > 5000)
    }

    @Test func cutsEndlessDetails() {
      virt_error_raise(1, 0, String(repeating: "x", count: 1 << 20))
      #expect(lastMessage.utf8.count < 1 << 17)
      virt_error_reset()
      virt_error_raise(1, 0, "short")
      #expect(lastMessage.hasSuffix("short"))
    }

    @Test func systemErrorsCarryTheNumber() {
      virt_error_raise_system(9, 2, "cannot open it")
      #expect(Fields.last?.integers == [2, -1])
      #expect(lastMessage.hasSuffix("cannot open it: No such file or directory"))
    }

    @Test func savedErrorsAreCopies() throws {
      virt_error_raise(1, 0, "first")
      let saved = try #require(virt_body_virSaveLastError())
      virt_error_raise(1, 0, "second")
      #expect(String(cString: saved.pointee.message).hasSuffix("first"))
      virt_body_virFreeError(saved)
      virt_body_virFreeError(nil)
      virt_body_virResetError(nil)
      virt_body_virResetError(virt_body_virGetLastError())
      #expect(virt_body_virGetLastError() == nil)
    }

    @Test func takenErrorsComeBack() {
      virt_error_raise(1, 7, "kept")
      let before = Fields.last
      let taken = virt_error_take()
      #expect(virt_body_virGetLastError() == nil)
      virt_error_raise(2, 0, "meanwhile")
      virt_error_restore(taken)
      #expect(Fields.last == before)
      virt_error_reset()
      virt_error_restore(virt_error_take())
      #expect(virt_body_virGetLastError() == nil)
    }

    @Test func connectionsKeepTheirOwnCopy() throws {
      let connection = try makeConnection()
      let pointer = OpaquePointer(connection)
      virt_error_raise(1, 7, "of the connection")
      virt_error_dispatch(connection)
      let error = Fields.last
      virt_error_reset()
      var copy = virError()
      #expect(virt_body_virConnCopyLastError(pointer, &copy) == 1)
      #expect(Fields(copy) == error)
      virt_body_virResetError(&copy)
      virt_body_virConnResetLastError(pointer)
      #expect(virt_body_virConnCopyLastError(pointer, &copy) == 0)
      #expect(virt_body_virConnCopyLastError(nil, &copy) == -1)
      #expect(virt_body_virConnCopyLastError(pointer, nil) == -1)
      #expect(virt_body_virConnGetLastError(nil) == nil)
      let domain = try makeHandle(connection)
      #expect(virt_body_virConnGetLastError(OpaquePointer(domain)) == nil)
      virt_body_virConnSetErrorFunc(OpaquePointer(domain), nil, nil)
      virt_body_virConnSetErrorFunc(nil, nil, nil)
      virt_body_virConnResetLastError(nil)
      virt_handle_release(domain)
      virt_handle_release(connection)
    }

    @Test func handlersAreCalledOnceAndTheConnectionsFirst() throws {
      let connection = try makeConnection()
      let counts = UnsafeMutablePointer<Int>.allocate(capacity: 2)
      counts.initialize(repeating: 0, count: 2)
      defer { counts.deallocate() }
      let handler: virErrorFunc = { opaque, error in
        opaque?.assumingMemoryBound(to: Int.self).pointee += 1
        if error != virt_body_virGetLastError() { opaque?.assumingMemoryBound(to: Int.self).pointee += 100 }
      }
      virt_body_virSetErrorFunc(counts, handler)
      virt_body_virConnSetErrorFunc(OpaquePointer(connection), counts + 1, handler)
      virt_error_raise(1, 0, "x")
      virt_error_dispatch(connection)
      virt_error_dispatch(connection)
      #expect((counts[0], counts[1]) == (0, 1))
      virt_error_raise(1, 0, "x")
      virt_error_dispatch(nil)
      #expect((counts[0], counts[1]) == (1, 1))
      virt_body_virSetErrorFunc(nil) { _, _ in }
      virt_handle_release(connection)
    }

    @Test func eachThreadHasItsOwn() async {
      await withTaskGroup(of: Bool.self) { group in
        for number in 1...16 as ClosedRange<Int32> {
          group.addTask {
            var right = true
            for round in 0..<500 {
              virt_error_reset()
              virt_error_raise(number, number, "thread \(number) round \(round)")
              right = right && Fields.last?.code == number && lastMessage.hasSuffix("thread \(number) round \(round)")
              virt_error_reset()
            }
            return right
          }
        }
        for await right in group { #expect(right) }
      }
    }
  }
}

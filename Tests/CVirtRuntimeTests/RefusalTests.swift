import CVirtRuntime
import Testing

extension RuntimeTests {
  /// Codes, domains, strings and integers of refusals are the reference's.
  @Suite struct RefusalTests {
    let connection: UnsafeMutablePointer<virt_connection>

    init() throws {
      virt_body_virSetErrorFunc(nil) { _, _ in }
      virt_error_reset()
      connection = try makeConnection()
    }

    /// A function as generated code describes it; its name must outlive the error.
    private func refused(_ body: (UnsafePointer<virt_function>) -> Void) -> Fields? {
      virt_error_reset()
      var function = virt_function(name: functionName.utf8Start.asCString, error_domain: 20, operation: 1)
      body(&function)
      return Fields.last
    }

    private let functionName: StaticString = "virDomainCall"
    private let argument: StaticString = "count"

    @Test func arguments() {
      let expected = Fields(VIR_ERR_INVALID_ARG, VIR_FROM_DOMAIN, ["virDomainCall", "count", nil], [0, 0])
      #expect(refused { virt_refuse_null(connection, $0, argument.utf8Start.asCString) } == expected)
      for rule in 0...14 as ClosedRange<UInt32> {
        #expect(
          refused { virt_refuse_value(connection, $0, argument.utf8Start.asCString, virt_rule(rawValue: rule), 5) }
            == expected)
        #expect(lastMessage.contains("virDomainCall") && lastMessage.contains("'count'"))
      }
      #expect(refused { virt_refuse_value(nil, $0, argument.utf8Start.asCString, VIRT_RULE_MOST, 5) } == expected)
      #expect(lastMessage == "virDomainCall: argument 'count' must be at most 5")
    }

    @Test func flags() {
      let expected = Fields(VIR_ERR_INVALID_ARG, VIR_FROM_DOMAIN, ["virDomainCall", "ctl", nil], [0, 0])
      #expect(refused { virt_refuse_flags(connection, $0, "A", "B") } == expected)
      #expect(refused { virt_refuse_flag_alone(connection, $0, "A", "B") } == expected)
      #expect(
        refused { virt_refuse_flag_read_only(connection, $0, "A") }?.code == Int32(VIR_ERR_OPERATION_DENIED.rawValue))
    }

    @Test func modes() {
      connection.pointee.mode = UInt32(VIRT_MODE_READ_ONLY)
      #expect(refused { virt_refuse_mode(connection, $0) }?.code == Int32(VIR_ERR_OPERATION_DENIED.rawValue))
      connection.pointee.mode = UInt32(VIRT_MODE_FORKED)
      #expect(refused { virt_refuse_mode(connection, $0) }?.code == Int32(VIR_ERR_INVALID_CONN.rawValue))
      #expect(connection.pointee.error.code == Int32(VIR_ERR_OPERATION_DENIED.rawValue))
      connection.pointee.mode = UInt32(VIRT_MODE_CLOSED)
      #expect(refused { virt_refuse_mode(connection, $0) }?.code == Int32(VIR_ERR_INVALID_CONN.rawValue))
    }

    @Test func sizesAndAbsence() {
      #expect(refused { virt_refuse_overflow(connection, $0, 1 << 60) }?.code == Int32(VIR_ERR_OVERFLOW.rawValue))
      #expect(
        refused { virt_refuse_product(connection, $0, 1 << 30, 1 << 30) }?.code == Int32(VIR_ERR_OVERFLOW.rawValue))
      let unsupported = refused { virt_refuse_unsupported(connection, $0) }
      #expect(unsupported?.code == Int32(VIR_ERR_NO_SUPPORT.rawValue))
      #expect(unsupported?.strings[1] == "virDomainCall")
      #expect(unsupported?.integers == [-1, -1])
    }

    @Test func silentFailuresGetAnError() {
      #expect(refused { virt_call_failed(connection, $0, 3) }?.strings[1] == "virDomainCall")
      #expect(refused { virt_call_failed(connection, $0, 55) }?.code == Int32(VIR_ERR_INTERNAL_ERROR.rawValue))
      let raised = refused {
        virt_error_raise(42, 12, "not there")
        virt_call_failed(connection, $0, 1)
      }
      #expect(raised?.code == 42)
      #expect(connection.pointee.error.code == 42)
    }
  }
}

extension UnsafePointer<UInt8> {
  /// The same bytes as C characters.
  var asCString: UnsafePointer<CChar> { UnsafeRawPointer(self).assumingMemoryBound(to: CChar.self) }
}

public import CVirt
internal import CVirtDriverKit
public import VirtCore

/// A named value of one of the API's types: a tuning knob or a figure.
public struct TypedParameter: Sendable, Equatable {
  /// A value and its type.
  public enum Value: Sendable, Equatable {
    /// A signed 32-bit number.
    case int(Int32)
    /// An unsigned 32-bit number.
    case uint(UInt32)
    /// A signed 64-bit number.
    case llong(Int64)
    /// An unsigned 64-bit number.
    case ullong(UInt64)
    /// A floating-point number.
    case double(Double)
    /// A truth value.
    case boolean(Bool)
    /// A text.
    case string(String)
  }

  /// The key; at most 79 bytes.
  public var name: String
  /// The value.
  public var value: Value

  /// Names a value.
  public init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }

  /// Reads the caller's parameters.
  ///
  /// - Throws: `VIR_ERR_INVALID_ARG` at the first one of no known type, whatever the count says.
  public static func read(_ items: UnsafePointer<virTypedParameter>?, _ count: Int) throws(VirtError) -> [TypedParameter] {
    guard let items, count > 0 else { return [] }
    var parameters: [TypedParameter] = []
    for index in 0..<count {
      guard let parameter = TypedParameter(items + index) else {
        throw VirtError(.invalidArg, .none, "a parameter has no type that there is:", "\(items[index].type)")
      }
      parameters.append(parameter)
    }
    return parameters
  }

  private init?(_ item: UnsafePointer<virTypedParameter>) {
    let union = item.pointee.value
    switch UInt32(bitPattern: item.pointee.type) {
    case VIR_TYPED_PARAM_INT.rawValue: value = .int(union.i)
    case VIR_TYPED_PARAM_UINT.rawValue: value = .uint(union.ui)
    case VIR_TYPED_PARAM_LLONG.rawValue: value = .llong(union.l)
    case VIR_TYPED_PARAM_ULLONG.rawValue: value = .ullong(union.ul)
    case VIR_TYPED_PARAM_DOUBLE.rawValue: value = .double(union.d)
    case VIR_TYPED_PARAM_BOOLEAN.rawValue: value = .boolean(union.b != 0)
    case VIR_TYPED_PARAM_STRING.rawValue: value = .string(union.s.map { String(cString: $0) } ?? "")
    default: return nil
    }
    name = withUnsafeBytes(of: item.pointee.field) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}

/// Typed parameters in the host's memory, on their way to the caller.
public struct HostParameters: ~Copyable {
  fileprivate var list = virt_driver_parameters()

  /// No parameters yet.
  public init() {}

  /// Copies parameters.
  init(_ parameters: [TypedParameter]) throws(VirtError) {
    for parameter in parameters { try append(parameter.name, parameter.value) }
  }

  deinit {
    var list = self.list
    virt_kit_parameters_clear(&list)
  }

  /// Adds a value under a key of at most 79 bytes.
  public mutating func append(_ name: String, _ value: TypedParameter.Value) throws(VirtError) {
    switch value {
    case .int(var value): try add(name, VIR_TYPED_PARAM_INT, &value)
    case .uint(var value): try add(name, VIR_TYPED_PARAM_UINT, &value)
    case .llong(var value): try add(name, VIR_TYPED_PARAM_LLONG, &value)
    case .ullong(var value): try add(name, VIR_TYPED_PARAM_ULLONG, &value)
    case .double(var value): try add(name, VIR_TYPED_PARAM_DOUBLE, &value)
    case .boolean(let flag):
      var value: CChar = flag ? 1 : 0
      try add(name, VIR_TYPED_PARAM_BOOLEAN, &value)
    case .string(let text):
      let outcome = text.withCString { text -> Result<Void, VirtError> in
        do throws(VirtError) { return .success(try add(name, VIR_TYPED_PARAM_STRING, text)) } catch { return .failure(error) }
      }
      try outcome.get()
    }
  }

  private mutating func add(
    _ name: String, _ type: virTypedParameterType, _ value: UnsafeRawPointer
  ) throws(VirtError) {
    // A text passed as it is would be copied.
    let code = name.withCString { virt_kit_parameters_add(&list, $0, Int32(type.rawValue), value) }
    guard code == 0 else { throw VirtError(.init(rawValue: code), .none, "cannot answer with the parameter", name) }
  }

  /// Gives array and number away.
  consuming func give<Count: FixedWidthInteger>(
    _ items: UnsafeMutablePointer<UnsafeMutablePointer<virTypedParameter>?>?, _ count: UnsafeMutablePointer<Count>?
  ) {
    guard let items else {
      _ = consume self
      return
    }
    items.pointee = list.items
    count?.pointee = Count(truncatingIfNeeded: list.count)
    discard self
  }

  /// Fills the caller's array as far as it goes; with no room it gives the number alone.
  mutating func fill(_ items: UnsafeMutablePointer<virTypedParameter>?, _ count: UnsafeMutablePointer<Int32>?, _ flags: UInt32) {
    guard let count else { return }
    // Whoever calls this library knows texts; the flag says so to those who cannot see that.
    virt_kit_parameters_fill(&list, items, count, flags | VIR_TYPED_PARAM_STRING_OKAY.rawValue)
  }
}

/// Shows typed parameters to C for the duration of the call; none when there is no memory.
func withParameters(
  _ parameters: [TypedParameter], _ body: (UnsafeMutablePointer<virTypedParameter>?, Int32) -> Void
) {
  do throws(VirtError) {
    let list = try HostParameters(parameters)
    list.withItems(body)
  } catch { body(nil, 0) }
}

extension HostParameters {
  /// Shows array and number.
  borrowing func withItems(_ body: (UnsafeMutablePointer<virTypedParameter>?, Int32) -> Void) {
    body(list.items, list.count)
  }
}

/// What `connectGetAllDomainStats` answers for one domain; takes over the handle's reference.
public func hostStatistics(
  of domain: Domain, _ parameters: consuming HostParameters
) throws(VirtError) -> UnsafeMutablePointer<virDomainStatsRecord> {
  var record = virDomainStatsRecord()
  record.dom = domain.pointer
  parameters.give(&record.params, &record.nparams)
  return try hostStruct(record)
}

/// Releases answers that will not be given.
public func releaseStatistics(_ records: [UnsafeMutablePointer<virDomainStatsRecord>?]) {
  for case let record? in records {
    var list = virt_driver_parameters()
    list.items = record.pointee.params
    list.count = record.pointee.nparams
    virt_kit_parameters_clear(&list)
    record.pointee.dom.map { Domain($0).release() }
    virt_kit_release(record)
  }
}

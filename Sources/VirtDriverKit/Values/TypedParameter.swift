public import CVirt
public import VirtCore

/// A named value of one of the API's types: a tuning knob or a figure.
public struct TypedParameter: Sendable, Equatable {
  /// A value and its type.
  @frozen public enum Value: Sendable, Equatable {
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

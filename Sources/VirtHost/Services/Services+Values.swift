internal import CVirt
internal import CVirtRuntime
internal import Glibc
internal import VirtCore

extension Services {
  typealias ParametersAdd =
    @convention(c) (UnsafeMutablePointer<virt_driver_parameters>?, UnsafePointer<CChar>?, Int32, UnsafeRawPointer?) -> Int32
  typealias ParametersFill =
    @convention(c) (UnsafeMutablePointer<virt_driver_parameters>?, virTypedParameterPtr?, UnsafeMutablePointer<Int32>?, UInt32) ->
    Void
  typealias ParametersClear = @convention(c) (UnsafeMutablePointer<virt_driver_parameters>?) -> Void

  /// Typed parameters.
  static var values: [virt_driver_service] {
    [
      entry(VIRT_SERVICE_PARAMETERS_ADD, { Services.add($0, $1, $2, $3) } as ParametersAdd),
      entry(VIRT_SERVICE_PARAMETERS_FILL, { Services.fill($0, $1, $2, $3) } as ParametersFill),
      entry(VIRT_SERVICE_PARAMETERS_CLEAR, { list in if let list { Services.clear(list) } } as ParametersClear),
    ]
  }

  static func add(
    _ list: UnsafeMutablePointer<virt_driver_parameters>?, _ name: UnsafePointer<CChar>?, _ type: Int32, _ value: UnsafeRawPointer?
  ) -> Int32 {
    guard let list, let name, let value else { return ErrorCode.invalidArg.rawValue }
    let length = strlen(name)
    if length >= Int(VIR_TYPED_PARAM_FIELD_LENGTH) {
      VirtError(.internalError, .none, "the name of a typed parameter is too long:", String(cString: name)).raise()
      return ErrorCode.internalError.rawValue
    }
    if list.pointee.count >= list.pointee.capacity {
      let capacity = max(2, Int(list.pointee.capacity) * 2)
      guard let grown = realloc(list.pointee.items, capacity * MemoryLayout<virTypedParameter>.stride) else {
        virt_error_raise_memory(0)
        return ErrorCode.noMemory.rawValue
      }
      list.pointee.items = grown.assumingMemoryBound(to: virTypedParameter.self)
      list.pointee.capacity = Int32(clamping: capacity)
    }
    let item = list.pointee.items + Int(list.pointee.count)
    item.initialize(to: virTypedParameter())
    withUnsafeMutableBytes(of: &item.pointee.field) { $0.copyMemory(from: UnsafeRawBufferPointer(start: name, count: length)) }
    item.pointee.type = type
    switch UInt32(bitPattern: type) {
    case VIR_TYPED_PARAM_INT.rawValue: item.pointee.value.i = value.loadUnaligned(as: Int32.self)
    case VIR_TYPED_PARAM_UINT.rawValue: item.pointee.value.ui = value.loadUnaligned(as: UInt32.self)
    case VIR_TYPED_PARAM_LLONG.rawValue: item.pointee.value.l = value.loadUnaligned(as: Int64.self)
    case VIR_TYPED_PARAM_ULLONG.rawValue: item.pointee.value.ul = value.loadUnaligned(as: UInt64.self)
    case VIR_TYPED_PARAM_DOUBLE.rawValue: item.pointee.value.d = value.loadUnaligned(as: Double.self)
    case VIR_TYPED_PARAM_BOOLEAN.rawValue: item.pointee.value.b = value.load(as: CChar.self)
    case VIR_TYPED_PARAM_STRING.rawValue: item.pointee.value.s = strdup(value.assumingMemoryBound(to: CChar.self))
    default:
      VirtError(.internalError, .none, "", "a typed parameter has the unknown type \(type)").raise()
      return ErrorCode.internalError.rawValue
    }
    list.pointee.count += 1
    return 0
  }

  private static func fill(
    _ list: UnsafeMutablePointer<virt_driver_parameters>?, _ items: virTypedParameterPtr?, _ count: UnsafeMutablePointer<Int32>?,
    _ flags: UInt32
  ) {
    guard let list, let count else { return }
    defer { clear(list) }
    let total = list.pointee.count
    guard count.pointee > 0, let items else {
      count.pointee = total
      return
    }
    let moved = min(count.pointee, total)
    for index in 0..<Int(moved) {
      items[index] = list.pointee.items[index]
      list.pointee.items[index].type = 0
    }
    count.pointee = moved
  }

  private static func clear(_ list: UnsafeMutablePointer<virt_driver_parameters>) {
    virt_parameters_free(list.pointee.items, list.pointee.count)
    list.pointee = virt_driver_parameters()
  }
}

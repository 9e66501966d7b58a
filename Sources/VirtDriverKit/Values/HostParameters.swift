public import CVirt
internal import CVirtDriverKit
public import VirtCore

/// Typed parameters in the host's memory, on their way to the caller.
public struct HostParameters: ~Copyable {
  @usableFromInline var list = virt_driver_parameters()
  private let expected: Int32

  /// No parameters yet.
  ///
  /// - Parameter capacity: How many there will be, if that is known.
  public init(capacity: Int = 2) { expected = Int32(clamping: max(1, capacity)) }

  /// Copies parameters.
  init(_ parameters: [TypedParameter]) throws(VirtError) {
    self.init(capacity: parameters.count)
    for parameter in parameters { try append(parameter.name, parameter.value) }
  }

  deinit {
    var list = self.list
    virt_kit_parameters_clear(&list)
  }

  /// Adds a value under a key of at most 79 bytes.
  public mutating func append(_ name: String, _ value: TypedParameter.Value) throws(VirtError) {
    var name = name
    let outcome = name.withUTF8 { name -> Result<Void, VirtError> in
      do throws(VirtError) { return .success(try append(key: name, value)) } catch { return .failure(error) }
    }
    try outcome.get()
  }

  /// Adds a value under a key that stands in the program; at most 79 bytes.
  @inlinable @inline(__always)
  public mutating func append(constant name: StaticString, _ value: TypedParameter.Value) throws(VirtError) {
    try append(key: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount), value)
  }

  /// Adds an integer under a key that stands in the program; at most 79 bytes. Quicker than `append(constant:_:)`, which asks
  /// for the kind of value and is too large to be inlined often.
  @inlinable @inline(__always)
  public mutating func append(constant name: StaticString, integer value: Int32) throws(VirtError) {
    let key = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    try place(key, VIR_TYPED_PARAM_INT).pointee.value.i = value
  }

  /// Adds a value under a key with a number in it: what stands before the number, and what follows. At most 79 bytes.
  public mutating func append(
    _ group: StaticString, _ number: Int, _ what: StaticString, _ value: TypedParameter.Value
  ) throws(VirtError) {
    let key = NumberedKey(group, number, what)
    let outcome = key.withBytes { name -> Result<Void, VirtError> in
      do throws(VirtError) { return .success(try append(key: name, value)) } catch { return .failure(error) }
    }
    try outcome.get()
  }

  // Inlined, so that of a value whose type is known nothing but its store is left.
  @inlinable @inline(__always)
  mutating func append(key: UnsafeBufferPointer<UInt8>, _ value: TypedParameter.Value) throws(VirtError) {
    switch value {
    case .int(let value): try place(key, VIR_TYPED_PARAM_INT).pointee.value.i = value
    case .uint(let value): try place(key, VIR_TYPED_PARAM_UINT).pointee.value.ui = value
    case .llong(let value): try place(key, VIR_TYPED_PARAM_LLONG).pointee.value.l = value
    case .ullong(let value): try place(key, VIR_TYPED_PARAM_ULLONG).pointee.value.ul = value
    case .double(let value): try place(key, VIR_TYPED_PARAM_DOUBLE).pointee.value.d = value
    case .boolean(let value): try place(key, VIR_TYPED_PARAM_BOOLEAN).pointee.value.b = value ? 1 : 0
    case .string(let value): try place(key, VIR_TYPED_PARAM_STRING).pointee.value.s = hostText(value)
    }
  }

  /// Adds a key whose value is zero.
  @inlinable @inline(__always)
  mutating func place(
    _ key: UnsafeBufferPointer<UInt8>, _ type: virTypedParameterType
  ) throws(VirtError) -> UnsafeMutablePointer<virTypedParameter> {
    if list.count == list.capacity || key.count >= MemoryLayout.size(ofValue: virTypedParameter().field) {
      try makeRoom(for: key)
    }
    guard let items = list.items else { throw VirtError(.noMemory, .none) }
    // What lies behind the last one is zero.
    let item = items + Int(list.count)
    list.count &+= 1
    item.pointee.type = Int32(bitPattern: type.rawValue)
    if let bytes = key.baseAddress { UnsafeMutableRawPointer(item).copyMemory(from: bytes, byteCount: key.count) }
    return item
  }

  // Apart, because it is seldom: most lists know how long they will be.
  @inline(never) @usableFromInline
  mutating func makeRoom(for key: UnsafeBufferPointer<UInt8>) throws(VirtError) {
    guard key.count < MemoryLayout.size(ofValue: virTypedParameter().field) else {
      throw VirtError(.internalError, .none, "the name of a typed parameter is too long:", String(decoding: key, as: UTF8.self))
    }
    let (capacity, overflow) = list.capacity.multipliedReportingOverflow(by: 2)
    let wanted = max(capacity, expected)
    let size = Int(wanted) * MemoryLayout<virTypedParameter>.stride
    guard !overflow, let memory = virt_kit_allocate(size) else { throw VirtError(.noMemory, .none) }
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    let items = memory.bindMemory(to: virTypedParameter.self, capacity: Int(wanted))
    if let old = list.items {
      items.moveInitialize(from: old, count: Int(list.count))
      virt_kit_release(old)
    }
    list.items = items
    list.capacity = wanted
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
  do throws(VirtError) { return try hostStruct(record) } catch {
    clear(record)
    throw error
  }
}

/// Releases answers that will not be given.
public func releaseStatistics(_ records: [UnsafeMutablePointer<virDomainStatsRecord>?]) {
  for case let record? in records {
    clear(record.pointee)
    virt_kit_release(record)
  }
}

/// Releases what an answer holds.
private func clear(_ record: virDomainStatsRecord) {
  var list = virt_driver_parameters(items: record.params, count: record.nparams, capacity: record.nparams)
  virt_kit_parameters_clear(&list)
  record.dom.map { Domain($0).release() }
}

internal import CVirt
internal import CVirtDispatch
internal import CVirtRuntime
internal import Glibc
internal import VirtCore

/// A plugin that was found, and after its first use what it registered. Lives as long as the process.
final class Driver: @unchecked Sendable {
  let path: String
  let note: DriverNote
  /// The name as drivers and connections read it.
  let cName: UnsafePointer<CChar>?
  /// The file as it was when its note was read.
  private let device: dev_t
  private let inode: ino_t

  /// Written once under the load lock; then read by anybody.
  private(set) var operations: [Operation] = []
  private(set) var isLoaded = false
  private(set) var refusal: String?

  /// A connection's table as far as the driver decides it, by operation id: its own functions, with a state that is not
  /// NULL, and what answers instead of the others, without one. Lives for ever.
  private(set) var template: UnsafePointer<virt_row>?
  /// The ids of its own functions in that table.
  private(set) var own: [UInt32] = []

  /// Bits of those that never wait, by id; nil when there are none. Lives for ever.
  private(set) var nonblocking: UnsafePointer<UInt64>?

  /// The place of one operation in the driver's list, by operation id.
  struct Operation {
    /// What the driver has; nil when it has nothing.
    var function: virt_operation_function?
    /// `VIRT_DRIVER_OPERATION_…` bits.
    var flags: UInt32 = 0
  }

  init(path: String, note: DriverNote, status: stat) {
    self.path = path
    self.note = note
    device = status.st_dev
    inode = status.st_ino
    cName = UnsafePointer(strdup(note.name))
  }

  /// Loads the plugin and negotiates with it, once. Holds the load lock.
  ///
  /// - Returns: Why it cannot be used; nil when it can.
  func load() -> String? {
    if isLoaded || refusal != nil { return refusal }
    refusal = tryLoad()
    if let refusal { Log.warning("driver", "\(path): \(refusal)") } else { isLoaded = true }
    return refusal
  }

  private func tryLoad() -> String? {
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) else {
      return dlerror().map { String(cString: $0) } ?? "it cannot be loaded"
    }
    guard let symbol = dlsym(handle, "virt_driver_negotiate") else { return "it does not export virt_driver_negotiate" }
    var status = stat()
    if let file = virt_object_path(symbol), stat(file, &status) == 0, status.st_dev != device || status.st_ino != inode {
      return "another file was loaded in its place"
    }
    let negotiate = unsafeBitCast(
      symbol, to: (@convention(c) (UnsafePointer<virt_driver_host>, UnsafeMutablePointer<virt_driver_reply>) -> Int32).self)
    var host = virt_driver_host()
    host.size = MemoryLayout<virt_driver_host>.size
    host.minor_least = 0
    host.minor_most = UInt32(VIRT_DRIVER_ABI_MINOR)
    host.api_version = UInt32(virt_library_version())
    host.services = Services.array
    host.context = Unmanaged.passUnretained(self).toOpaque()
    var reply = virt_driver_reply()
    reply.size = MemoryLayout<virt_driver_reply>.size
    if negotiate(&host, &reply) != 0 {
      return "it refused: \(reply.error.map { String(cString: $0) } ?? "without saying why")"
    }
    if reply.minor > UInt32(VIRT_DRIVER_ABI_MINOR) { return "it wants to speak driver ABI minor \(reply.minor)" }
    return register(reply.operations)
  }

  private func register(_ array: virt_driver_array) -> String? {
    guard let items = array.items else { return array.count == 0 ? nil : "its list of operations is missing" }
    guard Int(array.stride) >= MemoryLayout<virt_driver_operation>.size, array.count <= 4096 else {
      return "its list of operations has a wrong shape"
    }
    operations = Array(repeating: Operation(), count: Int(virt_connection_operation_count))
    for index in 0..<Int(array.count) {
      let item = items.loadUnaligned(fromByteOffset: index * Int(array.stride), as: virt_driver_operation.self)
      guard item.id > 0, item.id < virt_connection_operation_count, let function = item.function else { continue }
      guard operations[Int(item.id)].function == nil else { return "it registers operation \(item.id) twice" }
      operations[Int(item.id)] = Operation(function: function, flags: item.flags)
    }
    template = makeTemplate()
    nonblocking = makeBits()
    return nil
  }

  private func makeTemplate() -> UnsafePointer<virt_row>? {
    guard let entries = virt_connection_operation(0) else { return nil }
    let rows = UnsafeMutablePointer<virt_row>.allocate(capacity: operations.count)
    for (id, operation) in operations.enumerated() {
      let entry = entries[id]
      let isPrimary = note.groups & (1 << UInt32(entry.group)) != 0
      let own = isPrimary ? operation.function : nil
      if own != nil { self.own.append(UInt32(id)) }
      (rows + id).initialize(
        to: virt_row(function: own ?? entry.missing, state: own == nil ? nil : Unmanaged.passUnretained(self).toOpaque()))
    }
    return UnsafePointer(rows)
  }

  private func makeBits() -> UnsafePointer<UInt64>? {
    let wanted = own.filter { operations[Int($0)].flags & UInt32(VIRT_DRIVER_OPERATION_NONBLOCKING) != 0 }
    if wanted.isEmpty { return nil }
    let words = operations.count / 64 + 1
    let bits = UnsafeMutablePointer<UInt64>.allocate(capacity: words)
    bits.initialize(repeating: 0, count: words)
    for id in wanted { bits[Int(id / 64)] |= 1 << UInt64(id % 64) }
    return UnsafePointer(bits)
  }

  /// The function of an operation, if the driver has it.
  func function(_ id: UInt32) -> virt_operation_function? {
    Int(id) < operations.count ? operations[Int(id)].function : nil
  }
}

/// Any operation, before it is cast to what its id means.
typealias virt_operation_function = @convention(c) () -> Void

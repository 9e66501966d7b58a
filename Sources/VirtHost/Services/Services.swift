internal import CVirt
internal import CVirtRuntime
internal import VirtCore

/// What the host offers to drivers, as one table that lives for ever.
enum Services {
  /// The table as drivers receive it.
  static var array: virt_driver_array {
    virt_driver_array(
      items: UnsafeRawPointer(table.baseAddress), count: UInt32(table.count),
      stride: UInt32(MemoryLayout<virt_driver_service>.stride))
  }

  nonisolated(unsafe) private static let table: UnsafeMutableBufferPointer<virt_driver_service> = {
    let all = errors + handles + values + process + connections + events
    let table = UnsafeMutableBufferPointer<virt_driver_service>.allocate(capacity: all.count)
    for (index, service) in all.enumerated() { table[index] = service }
    return table
  }()

  /// One entry; the function has the type that the id stands for.
  static func entry<Function>(_ id: Int32, _ function: Function) -> virt_driver_service {
    virt_driver_service(id: UInt32(id), revision: 1, function: unsafeBitCast(function, to: (@convention(c) () -> Void).self))
  }

  static func entry<Function>(_ id: UInt32, _ function: Function) -> virt_driver_service {
    virt_driver_service(id: id, revision: 1, function: unsafeBitCast(function, to: (@convention(c) () -> Void).self))
  }
}

internal import CVirt
internal import Glibc
internal import VirtCore
internal import VirtDriverKit

extension TestDriver {
  /// What the driver says about itself and its host.
  static var hostOperations: [Operation<TestDriver>] {
    [
      .connectGetType { $0.type }, .connectGetVersion { $0.version }, .connectGetHostname { $0.hostname },
      .connectIsAlive { $0.isAlive }, .connectIsSecure { $0.isSecure }, .connectIsEncrypted { $0.isEncrypted },
      .connectGetCapabilities { $0.capabilities }, .connectGetMaxVcpus { $0.processorLimit },
      .connectGetSysinfo { $0.systemInformation },
      .nodeGetInfo { $0.nodeInformation }, .nodeGetCPUMap { $0.processorMap }, .nodeGetFreeMemory { $0.freeMemory },
      .nodeGetCellsFreeMemory { $0.freeMemoryOfCells }, .nodeGetSecurityModel { $0.securityModel },
    ]
  }

  private func type() throws(VirtError) -> BorrowedText? {
    BorrowedText(UnsafeRawPointer(Self.name.utf8Start).assumingMemoryBound(to: CChar.self))
  }
  private static let name: StaticString = "TEST"

  private func version() throws(VirtError) -> UInt { 2 }

  private func hostname() throws(VirtError) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
      buffer.initialize(repeating: 0)
      guard let base = buffer.baseAddress, gethostname(base, 255) == 0 else { return "localhost" }
      return String(cString: base)
    }
  }

  private func isAlive() throws(VirtError) -> Bool { true }
  private func isSecure() throws(VirtError) -> Bool { true }
  private func isEncrypted() throws(VirtError) -> Bool { false }

  private func capabilities() throws(VirtError) -> HostString { try HostString(Capabilities.text) }

  private func processorLimit(_ type: BorrowedText?) throws(VirtError) -> Int32 { Int32(Node.processorLimit) }

  private func systemInformation(_ flags: UInt32) throws(VirtError) -> HostString {
    try acceptNone(flags, in: "connectGetSysinfo")
    return try HostString(Capabilities.systemInformation)
  }

  private func nodeInformation() throws(VirtError) -> virNodeInfo {
    let node = world.node
    var info = virNodeInfo()
    withUnsafeMutableBytes(of: &info.model) { target in
      for (index, byte) in node.model.utf8.prefix(target.count - 1).enumerated() { target[index] = byte }
    }
    info.memory = UInt(node.memory)
    info.cpus = node.processors
    info.mhz = node.frequency
    info.nodes = node.nodes
    info.sockets = node.sockets
    info.cores = node.cores
    info.threads = node.threads
    return info
  }

  private func processorMap(_ flags: UInt32) throws(VirtError) -> (cpumap: [UInt8], online: UInt32, count: Int32) {
    try acceptNone(flags, in: "nodeGetCPUMap")
    return ([0b0001_0101], 3, 8)
  }

  private func freeMemory() throws(VirtError) -> UInt64 {
    let settings = world.settings.present
    return Node.cells.enumerated().reduce(0) { $0 + ($1.element.free - min($1.element.free, settings.taken($1.offset))) }
  }

  private func freeMemoryOfCells(_ count: Int, _ start: Int32) throws(VirtError) -> [UInt64] {
    guard let first = Int(exactly: start), first >= 0, first < Node.cells.count else {
      throw VirtError(.invalidArg, .test, "the host has no such cell:", "\(start)")
    }
    return Node.cells[first...].prefix(count).map(\.memory)
  }

  private func securityModel() throws(VirtError) -> virSecurityModel {
    var model = virSecurityModel()
    withUnsafeMutableBytes(of: &model.model) { $0.copyBytes(from: "testSecurity".utf8) }
    return model
  }
}

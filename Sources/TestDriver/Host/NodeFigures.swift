internal import CVirt
internal import VirtCore
internal import VirtDriverKit

extension TestDriver {
  /// How busy the host is.
  static var nodeOperations: [Operation<TestDriver>] {
    [
      .nodeGetCPUStats { $0.nodeProcessorFigures }, .nodeGetMemoryStats { $0.nodeMemoryFigures },
      .nodeGetFreePages { $0.freePages },
    ]
  }

  /// The same for every processor, and for all together.
  private func nodeProcessorFigures(_ number: Int32, _ flags: UInt32) throws(VirtError) -> [virNodeCPUStats] {
    try acceptNone(flags, in: "nodeGetCPUStats")
    let known: [(String, UInt64)] = [
      ("user", 9_797_400_000), ("kernel", 34_678_723_400_000), ("idle", 87_264_900_000), ("iowait", 763_600_000),
    ]
    return known.map { name, value in
      var figure = virNodeCPUStats()
      withUnsafeMutableBytes(of: &figure.field) { $0.copyBytes(from: name.utf8) }
      figure.value = value
      return figure
    }
  }

  /// KiB, of one cell or of the host.
  private func nodeMemoryFigures(_ cell: Int32, _ flags: UInt32) throws(VirtError) -> [virNodeMemoryStats] {
    try acceptNone(flags, in: "nodeGetMemoryStats")
    guard cell == -1 || Node.cells.indices.contains(Int(cell)) else {
      throw VirtError(.invalidArg, .test, "the host has no such cell:", "\(cell)")
    }
    let cells = cell == -1 ? Node.cells : [Node.cells[Int(cell)]]
    let total = cells.reduce(0) { $0 + $1.memory }, free = cells.reduce(0) { $0 + $1.free }
    let known: [(String, UInt64)] = [("total", total), ("free", free)] + (cell == -1 ? [("buffers", 0), ("cached", 0)] : [])
    return known.map { name, value in
      var figure = virNodeMemoryStats()
      withUnsafeMutableBytes(of: &figure.field) { $0.copyBytes(from: name.utf8) }
      figure.value = value
      return figure
    }
  }

  /// Ordinary pages are free, and large ones that were reserved.
  private func freePages(
    _ sizes: UnsafeBufferPointer<UInt32>, _ start: Int32, _ count: UInt32, _ room: Int, _ flags: UInt32
  ) throws(VirtError) -> [UInt64] {
    try acceptNone(flags, in: "nodeGetFreePages")
    guard start >= 0, Node.cells.indices.contains(Int(start)) else {
      throw VirtError(.invalidArg, .test, "the host has no such cell:", "\(start)")
    }
    var answer: [UInt64] = []
    let settings = world.settings.present
    for (number, cell) in Node.cells.enumerated().dropFirst(Int(start)).prefix(Int(clamping: count)) {
      for size in sizes {
        guard size > 0, answer.count < room else {
          throw VirtError(.invalidArg, .test, "there are no pages of that size:", "\(size)")
        }
        answer.append(
          UInt64(size) == cell.pageSize
            ? (cell.free - min(cell.free, settings.taken(number))) / cell.pageSize : settings.pages[number][size] ?? 0)
      }
    }
    return answer
  }
}

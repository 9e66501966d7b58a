/// The host that the test driver pretends to run on.
struct Node: Sendable {
  /// Processor model; at most 31 bytes reach programs.
  var model = "i686"
  /// KiB.
  var memory: UInt64 = 3_145_728
  /// How many processors work.
  var processors: UInt32 = 16
  /// MHz.
  var frequency: UInt32 = 1400
  /// NUMA cells.
  var nodes: UInt32 = 2
  /// Sockets per cell, cores per socket, threads per core.
  var sockets: UInt32 = 2
  var cores: UInt32 = 2
  var threads: UInt32 = 2

  /// A cell's processors, memory and what of it is free, both in KiB.
  struct Cell: Sendable {
    var processors: Range<Int>
    var memory: UInt64
    var free: UInt64
    /// Size of its ordinary pages, in KiB.
    var pageSize: UInt64
  }

  /// The cells.
  static let cells = [
    Cell(processors: 0..<8, memory: 2_097_152, free: 1_048_576, pageSize: 4),
    Cell(processors: 8..<16, memory: 4_194_304, free: 2_097_152, pageSize: 8),
  ]
  /// The most processors a domain can have.
  static let processorLimit: UInt32 = 32
}

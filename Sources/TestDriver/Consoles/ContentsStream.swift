internal import VirtCore
internal import VirtDriverKit

/// The far end of a stream that carries something to the program, all of which is there.
final class ContentsStream: VirtStream {
  static let operations: [Operation<ContentsStream>] = [
    .streamRecv { $0.receive }, .streamRecvFlags { $0.receive }, .streamFinish { $0.end }, .streamAbort { $0.end },
  ]

  private let bytes: [UInt8]
  private let position = Lock(0)

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Lets a program read bytes from its stream.
  static func give(_ bytes: [UInt8], to stream: VirtDriverKit.Stream) throws(VirtError) {
    try stream.attach(ContentsStream(bytes))
    stream.ready([.readable])
  }

  private func receive(_ data: UnsafeMutableRawBufferPointer, _ flags: StreamRecvFlagsValues) throws(VirtError) -> Int32 {
    try receive(data)
  }

  private func receive(_ data: UnsafeMutableRawBufferPointer) throws(VirtError) -> Int32 {
    position.withLock { position in
      let given = min(data.count, bytes.count - position, Int(Int32.max))
      data.copyBytes(from: bytes[position..<position + given])
      position += given
      return Int32(clamping: given)
    }
  }

  private func end() throws(VirtError) {}
}

internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine

/// The far end of a console or channel: a guest that says back what it is told.
///
/// Never waits: what comes back is what the same program sent, so that an empty stream gives -2 also where it may wait.
final class EchoStream: VirtStream {
  static let operations: [Operation<EchoStream>] = [
    .streamSend { $0.send }, .streamRecv { $0.receive }, .streamRecvFlags { $0.receive },
    .streamFinish { $0.end }, .streamAbort { $0.end },
  ]

  /// How much the guest remembers.
  private static let room = 65536

  private struct State {
    var bytes: [UInt8] = []
    /// Where the first byte that is not read yet is.
    var start = 0
    var isOver = false
  }

  private let stream: VirtDriverKit.Stream
  private let domain: DomainObject
  private let state = Lock(State())

  init(_ stream: VirtDriverKit.Stream, to domain: DomainObject) {
    self.stream = stream
    self.domain = domain
  }

  /// Whether somebody talks to the guest here.
  var isOpen: Bool { domain.id >= 0 && state.withLock { !$0.isOver } }

  /// Has the guest say a line, if there is room for all of it.
  func say(_ text: String) {
    let line = Array(text.utf8) + [0x0d, 0x0a]
    state.withLock { state in
      if line.count <= Self.room - (state.bytes.count - state.start) { state.bytes += line }
    }
    announce()
  }

  /// Hangs up on the program.
  func hangUp() {
    state.withLock { $0.isOver = true }
    announce()
  }

  /// Tells what the stream is ready for.
  func announce() {
    stream.ready(
      state.withLock { state -> StreamEventType in
        if state.isOver { return [.readable, .hangup] }
        let waiting = state.bytes.count - state.start
        return waiting == 0 ? .writable : waiting < Self.room ? [.readable, .writable] : .readable
      })
  }

  private func send(_ data: UnsafeRawBufferPointer) throws(VirtError) -> Int32 {
    guard isOpen else { throw VirtError(.operationFailed, .streams, "nobody is at the other end any more") }
    let taken = state.withLock { state in
      let taken = min(data.count, Self.room - (state.bytes.count - state.start))
      state.bytes.append(contentsOf: data.prefix(taken))
      return taken
    }
    announce()
    return taken > 0 || data.isEmpty ? Int32(clamping: taken) : -2
  }

  private func receive(_ data: UnsafeMutableRawBufferPointer, _ flags: StreamRecvFlagsValues) throws(VirtError) -> Int32 {
    try receive(data)
  }

  private func receive(_ data: UnsafeMutableRawBufferPointer) throws(VirtError) -> Int32 {
    let isOpen = self.isOpen
    let given = state.withLock { state in
      let given = min(data.count, state.bytes.count - state.start)
      data.copyBytes(from: state.bytes[state.start..<state.start + given])
      state.start += given
      if state.start == state.bytes.count || state.start >= Self.room {
        state.bytes.removeFirst(state.start)
        state.start = 0
      }
      return given
    }
    announce()
    return given > 0 || data.isEmpty || !isOpen ? Int32(clamping: given) : -2
  }

  private func end() throws(VirtError) { state.withLock { $0.isOver = true } }
}

extension VirtDriverKit.Stream {
  /// Tells what the stream is ready for.
  func ready(_ events: StreamEventType) { ready(Int32(bitPattern: events.rawValue)) }
}

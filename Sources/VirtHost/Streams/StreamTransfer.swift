internal import CVirt
internal import CVirtDispatch
internal import CVirtRuntime
internal import Glibc
internal import VirtCore

/// The four functions that carry a whole stream: loops between the program's callback and the stream's operations.
struct StreamTransfer {
  let stream: virStreamPtr
  let connection: UnsafeMutablePointer<virt_connection>
  let function: UnsafePointer<virt_function>

  /// Bytes carried at a time.
  static let chunk = 262_120

  /// Checks the handle; nil after refusing.
  init?(_ stream: virStreamPtr?, _ function: UnsafePointer<virt_function>) {
    guard let connection = enter(stream, VIRT_CLASS_STREAM, function), let stream else { return nil }
    (self.stream, self.connection, self.function) = (stream, connection, function)
  }

  /// Whether calls may wait, as carrying a whole stream does; else refuses and ends the stream.
  func mayWait(_ text: StaticString) -> Bool {
    if StreamState.of(stream)?.mayWait == true { return true }
    VirtError(.operationInvalid, .streams, text).raise()
    virt_error_dispatch(connection)
    _ = abort()
    return false
  }

  /// An operation failed: tells it, ends the stream, and is -1.
  func failed(_ code: Int32) -> Int32 {
    virt_call_failed(connection, function, code)
    return abort()
  }

  /// Ends the stream early, keeping the error; -1.
  func abort() -> Int32 {
    let kept = virt_error_take()
    _ = streamOperation(stream, VIRT_OPERATION_streamAbort, VirtStreamPlain.self) { $0($1, stream) }
    virt_error_reset()
    virt_error_restore(kept)
    return -1
  }

  /// A callback of the program refused to go on.
  func refusedByProgram() -> Int32 {
    if virt_error_code() == 0 {
      virt_error_raise_system(ErrorDomain.streams.rawValue, errno != 0 ? errno : EIO, "the stream's callback failed")
    }
    virt_error_dispatch(connection)
    return abort()
  }

  /// Sends everything the source gives; holes too when `holes` is given.
  func send(
    _ source: virStreamSourceFunc, _ holes: (hole: virStreamSourceHoleFunc, skip: virStreamSourceSkipFunc)?,
    _ opaque: UnsafeMutableRawPointer?
  ) -> Int32 {
    guard mayWait("a stream that does not wait has no source") else { return -1 }
    let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: Self.chunk)
    defer { buffer.deallocate() }
    while true {
      var isInData: Int32 = 1
      var section: Int64 = Int64(Self.chunk)
      if let holes {
        if holes.hole(stream, &isInData, &section, opaque) < 0 { return refusedByProgram() }
        if isInData == 0 && section > 0 {
          let code = streamOperation(stream, VIRT_OPERATION_streamSendHole, VirtStreamSendHole.self) { $0($1, stream, section, 0) }
          if code != 0 { return failed(code) }
          if holes.skip(stream, section, opaque) < 0 { return refusedByProgram() }
          continue
        }
      }
      let wanted = Int(clamping: min(section > 0 ? section : Int64(Self.chunk), Int64(Self.chunk)))
      let got = source(stream, buffer, wanted, opaque)
      if got < 0 { return refusedByProgram() }
      if got == 0 { return 0 }
      var offset = 0
      while offset < Int(got) && Int(got) <= wanted {
        var done: Int32 = 0
        let code = streamOperation(stream, VIRT_OPERATION_streamSend, VirtStreamSend.self) {
          $0($1, stream, buffer + offset, Int(got) - offset, &done)
        }
        if code != 0 { return failed(code) }
        if done <= 0 { return refusedByProgram() }
        offset += Int(done)
      }
    }
  }

  /// Gives everything the stream carries to the sink; holes too when `hole` is given.
  func receive(_ sink: virStreamSinkFunc, _ hole: virStreamSinkHoleFunc?, _ opaque: UnsafeMutableRawPointer?) -> Int32 {
    guard mayWait("a stream that does not wait has no sink") else { return -1 }
    let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: Self.chunk)
    defer { buffer.deallocate() }
    let flags = hole == nil ? 0 : UInt32(VIR_STREAM_RECV_STOP_AT_HOLE.rawValue)
    while true {
      var got: Int32 = 0
      let code = streamOperation(stream, VIRT_OPERATION_streamRecvFlags, VirtStreamReceive.self) {
        $0($1, stream, buffer, Self.chunk, flags, &got)
      }
      if code != 0 { return failed(code) }
      if got == -3, let hole {
        var length: Int64 = 0
        let code = streamOperation(stream, VIRT_OPERATION_streamRecvHole, VirtStreamHole.self) { $0($1, stream, &length, 0) }
        if code != 0 { return failed(code) }
        if hole(stream, length, opaque) < 0 { return refusedByProgram() }
        continue
      }
      if got < 0 || Int(got) > Self.chunk { return refusedByProgram() }
      if got == 0 { return 0 }
      var offset = 0
      while offset < Int(got) {
        let taken = sink(stream, buffer + offset, Int(got) - offset, opaque)
        if taken < 0 || Int(taken) > Int(got) - offset { return refusedByProgram() }
        offset += Int(taken)
      }
    }
  }
}

private enum Names {
  nonisolated(unsafe) static let sendAll = Functions.descriptor("virStreamSendAll", .streams)
  nonisolated(unsafe) static let recvAll = Functions.descriptor("virStreamRecvAll", .streams)
  nonisolated(unsafe) static let sparseSendAll = Functions.descriptor("virStreamSparseSendAll", .streams)
  nonisolated(unsafe) static let sparseRecvAll = Functions.descriptor("virStreamSparseRecvAll", .streams)
}

@c(virt_body_virStreamSendAll)
func streamSendAll(_ stream: virStreamPtr?, _ handler: virStreamSourceFunc?, _ opaque: UnsafeMutableRawPointer?) -> Int32 {
  guard let transfer = StreamTransfer(stream, Names.sendAll) else { return -1 }
  guard let handler else {
    refuseNull(transfer.connection, Names.sendAll, "handler")
    return transfer.abort()
  }
  return transfer.send(handler, nil, opaque)
}

@c(virt_body_virStreamRecvAll)
func streamRecvAll(_ stream: virStreamPtr?, _ handler: virStreamSinkFunc?, _ opaque: UnsafeMutableRawPointer?) -> Int32 {
  guard let transfer = StreamTransfer(stream, Names.recvAll) else { return -1 }
  guard let handler else {
    refuseNull(transfer.connection, Names.recvAll, "handler")
    return transfer.abort()
  }
  return transfer.receive(handler, nil, opaque)
}

@c(virt_body_virStreamSparseSendAll)
func streamSparseSendAll(
  _ stream: virStreamPtr?, _ handler: virStreamSourceFunc?, _ holeHandler: virStreamSourceHoleFunc?,
  _ skipHandler: virStreamSourceSkipFunc?,
  _ opaque: UnsafeMutableRawPointer?
) -> Int32 {
  guard let transfer = StreamTransfer(stream, Names.sparseSendAll) else { return -1 }
  guard let handler, let holeHandler, let skipHandler else {
    refuseNull(
      transfer.connection, Names.sparseSendAll, handler == nil ? "handler" : holeHandler == nil ? "holeHandler" : "skipHandler")
    return transfer.abort()
  }
  return transfer.send(handler, (holeHandler, skipHandler), opaque)
}

@c(virt_body_virStreamSparseRecvAll)
func streamSparseRecvAll(
  _ stream: virStreamPtr?, _ handler: virStreamSinkFunc?, _ holeHandler: virStreamSinkHoleFunc?, _ opaque: UnsafeMutableRawPointer?
) -> Int32 {
  guard let transfer = StreamTransfer(stream, Names.sparseRecvAll) else { return -1 }
  guard let handler, let holeHandler else {
    refuseNull(transfer.connection, Names.sparseRecvAll, handler == nil ? "handler" : "holeHandler")
    return transfer.abort()
  }
  return transfer.receive(handler, holeHandler, opaque)
}

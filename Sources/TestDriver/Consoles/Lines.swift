internal import VirtCore
internal import VirtEngine

/// Who talks to which device of which domain: one at a time.
final class Lines: Sendable {
  /// A device to talk to.
  struct Line: Hashable, Sendable {
    /// The domain's UUID.
    let domain: UUID
    /// The number of the device; nil for a console that no device stands for.
    let device: Int?
  }

  private struct End {
    weak var stream: EchoStream?
  }
  private let ends = Lock<[Line: End]>([:])

  /// Gives the line to a stream.
  ///
  /// - Parameter force: Whether who has it now loses it.
  /// - Throws: `VIR_ERR_OPERATION_FAILED` when it is taken.
  func take(_ line: Line, by stream: EchoStream, force: Bool) throws(VirtError) {
    let former = try ends.withLock { (ends) throws(VirtError) -> EchoStream? in
      let former = ends[line]?.stream
      if let former, former.isOpen, !force {
        throw VirtError(.operationFailed, .test, "somebody else talks to the guest there")
      }
      ends = ends.filter { $0.value.stream != nil }
      ends[line] = End(stream: stream)
      return former
    }
    former?.hangUp()
  }

  /// Has a guest tell everybody who listens to it what happened to it.
  func say(_ text: String, by domain: DomainObject) {
    let listeners = ends.withLock { ends in ends.filter { $0.key.domain == domain.uuid }.compactMap(\.value.stream) }
    for listener in listeners { listener.say(text) }
  }
}

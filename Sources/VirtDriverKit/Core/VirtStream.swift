internal import CVirt
internal import CVirtDriverKit
public import VirtCore

/// The far end of a stream: an object that answers the stream's operations, attached to the stream that an operation
/// received.
public protocol VirtStream: AnyObject, Sendable {
  /// What the stream can do.
  static var operations: [Operation<Self>] { get }
}

/// The laid-out operations of stream classes, by class.
private let streamTables = ProcessLock<[ObjectIdentifier: ProviderTable]>([:])

extension Stream {
  /// Gives the stream its far end, which it owns until it ends.
  public func attach<Far: VirtStream>(_ far: Far) throws(VirtError) {
    let table = streamTables.withLock { tables in
      if let known = tables[ObjectIdentifier(Far.self)] { return known }
      let made = ProviderTable(Far.operations, count: VIRT_STREAM_OPERATION_COUNT, own: [], isStream: true)
      tables[ObjectIdentifier(Far.self)] = made
      return made
    }
    var operations = table.operations
    let state = ProviderState.make(far, table, ConnectionWatches.find(connection))
    let code = virt_kit_stream_attach(pointer, &operations, state) { state in
      if let state { _ = ProviderState.end(state) }
    }
    guard code == 0 else {
      _ = ProviderState.end(state)
      throw VirtError(.init(rawValue: code), .streams, "the stream is in use")
    }
  }

  /// Tells what the stream is ready for now: all `virStreamEventType` bits that hold. Only queues.
  public func ready(_ events: Int32) { virt_kit_stream_ready(pointer, events) }
}

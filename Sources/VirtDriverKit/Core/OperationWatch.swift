internal import CVirt
internal import CVirtDriverKit
public import VirtCore

/// What sees calls of a driver before and after its methods, on one connection and its streams.
///
/// A connection without one pays nothing for it.
public protocol OperationWatch: AnyObject, Sendable {
  /// Whether it wants to see calls of an operation; asked when the connection is opened or the stream attached.
  func watches(_ operation: WatchedOperation) -> Bool
  /// Sees a call before the driver does, on the caller's thread. It may wait, and throw instead of the driver. False answers
  /// the call with success, without the driver: for operations without results.
  func begin(_ operation: WatchedOperation, _ subject: CallSubject) throws(VirtError) -> Bool
  /// Sees it afterwards. What it throws is the answer of a call that succeeded; a handle that the call made is released then.
  func end(_ operation: WatchedOperation, _ subject: CallSubject, succeeded: Bool) throws(VirtError)
}

/// An operation of connections or streams.
public struct WatchedOperation: Hashable, Sendable {
  /// The number, `VIRT_OPERATION_…`.
  public let id: UInt32
  /// Whether it is one of a stream.
  public let isStream: Bool

  /// Names one.
  public init(_ id: UInt32, isStream: Bool = false) {
    self.id = id
    self.isStream = isStream
  }

  /// Its name in the description.
  public var name: String? {
    HostServices.name(isStream ? VIRT_DRIVER_NAME_STREAM_OPERATION : VIRT_DRIVER_NAME_OPERATION, id)
  }

  /// All of connections and streams.
  public static var all: [WatchedOperation] {
    (0..<VIRT_OPERATION_COUNT).map { WatchedOperation($0) }
      + (0..<VIRT_STREAM_OPERATION_COUNT).map { WatchedOperation($0, isStream: true) }
  }
}

/// What a call is about. Good for the duration of the call.
public enum CallSubject: @unchecked Sendable {
  /// Nothing that the arguments tell.
  case none
  /// The object behind a handle.
  case handle(OpaquePointer?)
  /// A text, such as a name or a document.
  case text(UnsafePointer<CChar>?)

  /// The name of the object, or the text.
  public var name: String? {
    switch self {
    case .none: nil
    case .handle(let handle):
      handle.flatMap { virt_kit_handle_identity(UnsafeRawPointer($0)).pointee.name }.map { String(cString: $0) }
    case .text(let text): text.map { String(cString: $0) }
    }
  }
}

/// The boxes of a provider that somebody watches.
final class WatchedBodies: @unchecked Sendable {
  let watch: any OperationWatch
  let isStream: Bool
  /// All boxes.
  let all: UnsafePointer<UnsafeRawPointer?>
  /// Those that nobody watches.
  private let rest: UnsafeMutablePointer<UnsafeRawPointer?>

  init(_ watch: any OperationWatch, _ table: ProviderTable) {
    self.watch = watch
    isStream = table.isStream
    all = table.bodies
    rest = .allocate(capacity: table.count)
    rest.initialize(from: table.bodies, count: table.count)
    for id in 0..<table.count where watch.watches(WatchedOperation(UInt32(id), isStream: table.isStream)) { rest[id] = nil }
  }

  deinit { rest.deallocate() }

  var shown: UnsafePointer<UnsafeRawPointer?> { UnsafePointer(rest) }
}

/// How a watch answered.
struct WatchedAnswer {
  /// Whether the call goes to the driver under a watch.
  var isWatched = false
  /// Else the code that it answers.
  var code: Int32 = 0
}

/// The box of an operation that is watched or absent, after the watch has seen the call.
@inline(never)
func beginWatched(
  _ state: UnsafeMutablePointer<ProviderState>, _ id: UInt32, _ subject: CallSubject, _ answer: inout WatchedAnswer
) -> UnsafeRawPointer? {
  guard let watched = state.pointee.watched?.takeUnretainedValue(), let box = watched.all[Int(id)] else {
    answer.code = refuseCall()
    return nil
  }
  do throws(VirtError) {
    guard try watched.watch.begin(WatchedOperation(id, isStream: watched.isStream), subject) else { return nil }
    answer.isWatched = true
    return box
  } catch {
    answer.code = raise(error)
    return nil
  }
}

/// Lets the watch see how a call ended.
@inline(never)
func endWatched(
  _ state: UnsafeMutablePointer<ProviderState>, _ id: UInt32, _ subject: CallSubject,
  _ made: UnsafeMutablePointer<OpaquePointer?>?, _ code: Int32
) -> Int32 {
  guard let watched = state.pointee.watched?.takeUnretainedValue() else { return code }
  do throws(VirtError) {
    try watched.watch.end(WatchedOperation(id, isStream: watched.isStream), subject, succeeded: code == 0)
    return code
  } catch {
    guard code == 0 else { return code }
    if let handle = made?.pointee {
      virt_kit_handle_release(UnsafeMutableRawPointer(handle))
      made?.pointee = nil
    }
    return raise(error)
  }
}

/// The watches of connections, for streams that belong to them.
enum ConnectionWatches {
  private static let watches = ProcessLock<[OpaquePointer: any OperationWatch]>([:])

  /// The watch of a connection.
  static func find(_ connection: Connection) -> (any OperationWatch)? { watches.withLock { $0[connection.pointer] } }

  /// Remembers it.
  static func set(_ watch: any OperationWatch, of connection: Connection) {
    watches.withLock { $0[connection.pointer] = watch }
  }

  /// Forgets it; a watch is that of one connection.
  static func forget(_ watch: any OperationWatch) {
    watches.withLock { watches in
      let own = watches.first { $0.value === watch }
      if let own { watches[own.key] = nil }
    }
  }
}

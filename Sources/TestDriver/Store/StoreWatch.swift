internal import CVirt
internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine

/// Keeps what calls change: a call ends when that is in the store.
final class StoreWatch: OperationWatch {
  private let keeper: ObjectKeeper
  private let behaviour: Behaviour?
  private let reading = Set(WatchedOperation.reading)

  /// - Parameter behaviour: What else watches calls: it comes first, and last.
  init(_ keeper: ObjectKeeper, _ behaviour: Behaviour?) {
    self.keeper = keeper
    self.behaviour = behaviour
  }

  /// The operations that end streams.
  private static let endings = [VIRT_OPERATION_streamFinish, VIRT_OPERATION_streamAbort]

  private func keeps(_ operation: WatchedOperation) -> Bool {
    operation.isStream ? Self.endings.contains(operation.id) : !reading.contains(operation)
  }

  func watches(_ operation: WatchedOperation) -> Bool { keeps(operation) || behaviour?.watches(operation) == true }

  func begin(_ operation: WatchedOperation, _ subject: CallSubject) throws(VirtError) -> Bool {
    if let behaviour, behaviour.watches(operation), try !behaviour.begin(operation, subject) { return false }
    if keeps(operation) { keeper.begin() }
    return true
  }

  func end(_ operation: WatchedOperation, _ subject: CallSubject, succeeded: Bool) throws(VirtError) {
    if keeps(operation) { try keeper.keep() }
    if let behaviour, behaviour.watches(operation) { try behaviour.end(operation, subject, succeeded: succeeded) }
  }
}

extension ObjectKeeper {
  /// Ends a call of this thread, with the errors of the driver.
  func keep() throws(VirtError) {
    do throws(VirtError) { try end() } catch { throw error.ofDriver }
  }
}

extension VirtError {
  /// The error of something below that knows no driver, as one of this driver.
  var ofDriver: VirtError { domain == .none ? VirtError(code, .test, "", detail, details: details) : self }
}

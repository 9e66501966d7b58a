public import VirtCore

/// A hypervisor driver: one object per connection.
///
/// The host calls any operation from any thread, several at once, also on one connection: what the object holds is either
/// immutable or behind a lock.
public protocol VirtDriver: AnyObject, Sendable {
  /// What the driver can do. What is not listed answers "not supported".
  static var operations: [Operation<Self>] { get }

  /// Opens a connection. Nil declines: the host asks the next driver whose rules fit. An error ends the search.
  static func open(_ request: OpenRequest) throws(VirtError) -> Self?

  /// The URI to open when the caller gives none, or nil. Asked only when the driver's note says `propose=yes`.
  static func proposeURI() throws(VirtError) -> String?

  /// What sees this connection's calls before and after the driver's methods; asked once, when it has been opened. Nil, and
  /// nothing is paid for it, unless a driver has one. It must be this connection's own.
  var watch: (any OperationWatch)? { get }

  /// Ends the connection; called once, after the last operation returned.
  func close()
}

extension VirtDriver {
  /// Proposes nothing.
  public static func proposeURI() throws(VirtError) -> String? { nil }

  /// Nobody watches.
  public var watch: (any OperationWatch)? { nil }

  /// Ends the connection without further ado.
  public func close() {}
}

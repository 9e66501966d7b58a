internal import CVirt
internal import CVirtDriverKit
internal import Glibc
public import VirtCore

/// A request to open a connection. Good for the duration of the call only; `connection` as long as the driver's object.
public struct OpenRequest {
  private let request: UnsafePointer<virt_driver_open>
  /// The connection that is being made. Keep it: handles are made on it, events attached to it.
  public let connection: Connection

  init?(_ request: UnsafePointer<virt_driver_open>) {
    guard request.pointee.size >= MemoryLayout<virt_driver_open>.size, let connection = request.pointee.connection else {
      return nil
    }
    self.request = request
    self.connection = Connection(connection)
  }

  private func text(_ pointer: UnsafePointer<CChar>?) -> String? { pointer.map { String(cString: $0) } }

  /// The whole URI.
  public var uri: String { text(request.pointee.uri) ?? "" }
  /// The scheme without transport. All parts are decoded.
  public var scheme: String { text(request.pointee.scheme) ?? "" }
  /// What stands behind the plus sign of the scheme.
  public var transport: String? { text(request.pointee.transport) }
  /// User of the server part.
  public var user: String? { text(request.pointee.user) }
  /// Host of the server part, without brackets.
  public var server: String? { text(request.pointee.server) }
  /// Port of the server part.
  public var port: Int32? { request.pointee.port == 0 ? nil : request.pointee.port }
  /// The path; empty when absent.
  public var path: String { text(request.pointee.path) ?? "" }
  /// The fragment.
  public var fragment: String? { text(request.pointee.fragment) }
  /// `virConnectFlags`, as the caller gave them; the host enforces read-only itself.
  public var flags: UInt32 { request.pointee.flags }
  /// Whether the connection is opened to fill groups that another driver lacks.
  public var isCompanion: Bool { request.pointee.role == VIRT_DRIVER_ROLE_COMPANION }
  /// Groups that are wanted: bit n is the group with number n.
  public var groups: UInt32 { request.pointee.groups }

  /// The pairs of the query, in the order of the URI.
  public var query: [(name: String, value: String)] {
    let array = request.pointee.query
    guard let items = array.items else { return [] }
    return (0..<Int(array.count)).map { index in
      let pair = (items + index * Int(array.stride)).assumingMemoryBound(to: virt_driver_pair.self).pointee
      return (text(pair.name) ?? "", text(pair.value) ?? "")
    }
  }

  /// Asks whoever opens the connection for one credential. Only during `open`, holding no lock.
  ///
  /// `prompt` is shown to a person, `challenge` tells a program what it is for. A passphrase may be asked for as a prompt
  /// without echo, where the program offers only that. Throws `.invalidArg` when the program offers no way to ask and
  /// `.authFailed` when it cannot be asked for this kind or declined.
  public func credential(
    _ kind: ConnectCredentialType, prompt: String, challenge: String
  ) throws(VirtError) -> String {
    let (code, answer): (Int32, String?) = prompt.withCString { prompt in
      challenge.withCString { challenge in
        var wanted = virConnectCredential(
          type: kind.rawValue, prompt: prompt, challenge: challenge, defresult: nil, result: nil, resultlen: 0)
        let code = virt_kit_credentials(connection.pointer, &wanted, 1)
        defer { free(wanted.result) }
        return (code, wanted.result.map { String(cString: $0) })
      }
    }
    guard code == 0 else {
      throw VirtError(.init(rawValue: code), .auth, "the connection needs credentials, and the program did not give:", prompt)
    }
    return answer ?? ""
  }
}

internal import CVirt
internal import CVirtDispatch
internal import CVirtRuntime
internal import Glibc
internal import VirtCore

/// Opens connections: finds the URI, then the driver.
enum Opening {
  /// Opens a connection.
  ///
  /// - Returns: The handle; nil after raising the error.
  static func open(_ name: UnsafePointer<CChar>?, _ authentication: UnsafePointer<virConnectAuth>?, _ flags: UInt32)
    -> virConnectPtr?
  {
    do throws(VirtError) {
      return try connect(name, authentication, flags)
    } catch {
      error.raise()
      virt_error_dispatch(nil)
      return nil
    }
  }

  private static func connect(
    _ name: UnsafePointer<CChar>?, _ authentication: UnsafePointer<virConnectAuth>?, _ flags: UInt32
  ) throws(VirtError) -> virConnectPtr? {
    if virt_process_is_lent() {
      throw VirtError(.internalError, .none, "a program with more rights than its user may not open connections")
    }
    let address = try address(name, flags)
    let isReadOnly = flags & UInt32(VIR_CONNECT_RO.rawValue) != 0
    guard let connection = virt_connection_make(UInt16(VIRT_CLASS_CONNECTION), isReadOnly ? UInt32(VIRT_MODE_READ_ONLY) : 0, flags)
    else { return nil }
    Log.debug("connection", "opens '\(String(cString: address.text))'")
    for driver in address.candidates {
      Log.debug("connection", "asks the driver \(driver.note.name), \(driver.path)")
      if let reason = DriverRegistry.shared.load(driver) {
        virt_handle_release(connection)
        throw VirtError(.internalError, .none, "", "the driver \(driver.path) cannot be used: \(reason)")
      }
      switch attempt(driver, address, connection, authentication) {
      case .accepted: return OpaquePointer(connection)
      case .declined: Log.debug("connection", "the driver \(driver.note.name) declines")
      case .failed:
        virt_error_dispatch(nil)
        let kept = virt_error_take()
        virt_handle_release(connection)
        virt_error_restore(kept)
        return nil
      }
    }
    virt_handle_release(connection)
    throw nobody(String(cString: address.text))
  }

  /// The drivers that fit the URI a name leads to.
  private static func address(_ name: UnsafePointer<CChar>?, _ flags: UInt32) throws(VirtError) -> Address {
    if let name, let known = AddressBook.find(name) { return known }
    let text = try resolve(name.map { String(cString: $0) } ?? "", flags)
    let uri = try URI(parsing: text)
    if uri.scheme.isEmpty { throw VirtError(.noConnect, .none, "the URI has no scheme:", text) }
    try checkSlashes(uri, text)
    let candidates = DriverRegistry.shared.candidates(for: uri).map { $0.driver }
    guard let address = Address(uri, text: text, candidates: candidates) else {
      throw VirtError(.noMemory, .none)
    }
    // What may be an alias is looked up each time: the configuration may change.
    if !mayBeAlias(text) { AddressBook.keep(address) }
    return address
  }

  private enum Outcome { case accepted, declined, failed }

  private static func attempt(
    _ driver: Driver, _ address: Address, _ connection: UnsafeMutablePointer<virt_connection>,
    _ authentication: UnsafePointer<virConnectAuth>?
  ) -> Outcome {
    let host = HostConnection(connection: connection, driver: driver, address: address)
    connection.pointee.host = Unmanaged.passRetained(host).toOpaque()
    connection.pointee.driver_name = driver.cName
    connection.pointee.uri = UnsafePointer(address.text)
    host.authentication = authentication
    let code = host.open()
    host.authentication = nil
    if code == 0 {
      virt_error_reset()
      connection.pointee.host_release = { HostConnection.release($0) }
      return .accepted
    }
    connection.pointee.host = nil
    connection.pointee.driver_name = nil
    connection.pointee.uri = nil
    Unmanaged.passUnretained(host).release()
    if code == VIRT_DRIVER_DECLINED {
      virt_error_reset()
      return .declined
    }
    if virt_error_code() == 0 {
      VirtError(.internalError, .none, "the driver failed to open without saying why:", driver.note.name).raise()
    }
    return .failed
  }

  /// Whether a name can stand in the configuration as that of an alias: URIs cannot.
  private static func mayBeAlias(_ name: String) -> Bool { !name.utf8.contains(UInt8(ascii: ":")) }

  /// The URI a name leads to: itself, an alias, a default, or what a driver proposes.
  private static func resolve(_ name: String, _ flags: UInt32) throws(VirtError) -> String {
    if name == "xen" || name == "xen://" { return "xen:///system" }
    if !name.isEmpty, !mayBeAlias(name) { return name }
    let configuration = try Configuration.client()
    if !name.isEmpty {
      if flags & UInt32(VIR_CONNECT_NO_ALIASES.rawValue) == 0, let found = try configuration.uri(ofAlias: name) { return found }
      return name
    }
    if let wanted = getenv("LIBVIRT_DEFAULT_URI"), wanted.pointee != 0 { return String(cString: wanted) }
    if let wanted = try configuration.text("uri_default"), !wanted.isEmpty { return wanted }
    for driver in DriverRegistry.shared.proposers() where DriverRegistry.shared.load(driver) == nil {
      if let proposed = propose(driver) { return proposed }
    }
    throw unreachable("no URI was given, and no driver here proposes one")
  }

  private static func propose(_ driver: Driver) -> String? {
    guard let function = driver.function(UInt32(VIRT_OPERATION_connectProposeURI)) else { return nil }
    var text: UnsafeMutablePointer<CChar>?
    let code = unsafeBitCast(function, to: OperationTypes.ProposeURI.self)(nil, &text)
    virt_error_reset()
    defer { free(text) }
    guard code == 0, let text else { return nil }
    return String(cString: text)
  }

  /// Hypervisors whose URIs always have a path: a server called like one of the paths is a slash that is missing.
  private static let pathSchemes = ["qemu", "vbox", "vz"]

  /// Two slashes make what was meant as a path a server: `qemu://system`.
  private static func checkSlashes(_ uri: URI, _ text: String) throws(VirtError) {
    guard let server = uri.server, pathSchemes.contains(uri.scheme), server == "system" || server == "session" else { return }
    throw VirtError(.internalError, .none, "the URI needs a third slash before", server)
  }

  /// What is said when no driver took the URI.
  private static func nobody(_ text: String) -> VirtError {
    let scheme = text.prefix { $0 != ":" && $0 != "+" }
    let refused = DriverRegistry.shared.refusals().filter { $0.contains("libvirt_driver_\(scheme).so") }
    if !refused.isEmpty { return VirtError(.noConnect, .none, "", "no driver for '\(text)': \(refused.joined(separator: "; "))") }
    return unreachable("no driver here answers '\(text)'")
  }

  /// What is said where a driver in another process would answer.
  private static func unreachable(_ reason: String) -> VirtError {
    VirtError(
      .systemError, .rpc, "", "\(reason), and no daemon can be reached",
      details: ErrorDetails(nil, nil, nil, integers: (ENOENT, -1)))
  }
}

extension HostConnection {
  /// Runs when the last reference to a connection goes.
  static func release(_ connection: UnsafeMutablePointer<virt_connection>?) {
    guard let connection, let opaque = connection.pointee.host else { return }
    let host = Unmanaged<HostConnection>.fromOpaque(opaque)
    host.takeUnretainedValue().close()
    connection.pointee.host = nil
    host.release()
  }
}

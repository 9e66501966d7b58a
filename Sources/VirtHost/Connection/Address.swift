internal import CVirt
internal import CVirtRuntime
internal import Glibc
internal import VirtCore

/// A URI on its way to drivers: taken apart, as C reads it, with the drivers that fit it. Never changes, so that many
/// connections share it.
final class Address: @unchecked Sendable {
  /// The whole URI.
  let text: UnsafeMutablePointer<CChar>
  /// The drivers that fit, best first.
  let candidates: [Driver]
  /// What every driver is told; a connection adds its own part.
  private var request = virt_driver_open()
  private var pairs: [virt_driver_pair] = []
  private var copies: [UnsafeMutablePointer<CChar>] = []

  /// Takes a URI's parts; nil without memory.
  init?(_ uri: URI, text: String, candidates: [Driver]) {
    guard let copied = strdup(text) else { return nil }
    self.text = copied
    self.candidates = candidates
    pairs = uri.parameters.map { virt_driver_pair(name: copy($0.name), value: copy($0.value)) }
    request.size = MemoryLayout<virt_driver_open>.size
    request.uri = UnsafePointer(copied)
    request.scheme = copy(uri.driver)
    request.transport = copy(uri.transport)
    request.user = copy(uri.user)
    request.server = copy(uri.server)
    request.path = copy(uri.path)
    request.fragment = copy(uri.fragment)
    request.port = max(uri.port, 0)
  }

  deinit {
    for copied in copies { free(copied) }
    free(text)
  }

  private func copy(_ value: String?) -> UnsafePointer<CChar>? {
    guard let value, let made = strdup(value) else { return nil }
    copies.append(made)
    return UnsafePointer(made)
  }

  /// Runs the body with what a driver is told; everything in it lives until the body returns.
  func withRequest(
    _ connection: UnsafeMutablePointer<virt_connection>, role: UInt32, groups: UInt32,
    _ body: (UnsafePointer<virt_driver_open>) -> Int32
  ) -> Int32 {
    var request = self.request
    request.connection = OpaquePointer(connection)
    request.flags = connection.pointee.open_flags
    request.role = role
    request.groups = groups
    return pairs.withUnsafeBufferPointer { buffer in
      request.query.items = UnsafeRawPointer(buffer.baseAddress)
      request.query.count = UInt32(buffer.count)
      request.query.stride = UInt32(MemoryLayout<virt_driver_pair>.stride)
      return body(&request)
    }
  }
}

/// The addresses that were opened last, so that a program which opens one again and again does not take it apart each time.
/// What drivers fit does not change while a process lives.
enum AddressBook {
  private struct Pages {
    var addresses: [Address] = []
    var next = 0
  }
  private static let pages = ProcessLock(Pages())
  private static let most = 8

  /// The address of that text, if it was opened lately.
  static func find(_ text: UnsafePointer<CChar>) -> Address? {
    pages.withLock { pages in pages.addresses.first { strcmp($0.text, text) == 0 } }
  }

  /// Keeps an address.
  static func keep(_ address: Address) {
    pages.withLock { pages in
      if pages.addresses.count < most { return pages.addresses.append(address) }
      pages.addresses[pages.next] = address
      pages.next = (pages.next + 1) % most
    }
  }
}

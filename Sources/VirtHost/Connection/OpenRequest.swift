internal import CVirt
internal import CVirtRuntime
internal import Glibc
internal import VirtCore

/// A URI on its way to a driver, as C reads it.
struct OpenRequest {
  let uri: URI
  let text: UnsafePointer<CChar>
  let flags: UInt32

  init(uri: URI, text: UnsafeMutablePointer<CChar>, flags: UInt32) {
    self.uri = uri
    self.text = UnsafePointer(text)
    self.flags = flags
  }

  /// Runs the body with the C struct; everything in it lives until the body returns.
  func withStruct(
    _ connection: virConnectPtr, role: UInt32, groups: UInt32, _ body: (UnsafePointer<virt_driver_open>) -> Int32
  ) -> Int32 {
    var copies: [UnsafeMutablePointer<CChar>] = []
    func copy(_ value: String?) -> UnsafePointer<CChar>? {
      guard let value, let made = strdup(value) else { return nil }
      copies.append(made)
      return UnsafePointer(made)
    }
    var pairs = uri.parameters.map { virt_driver_pair(name: copy($0.name), value: copy($0.value)) }
    var request = virt_driver_open()
    request.size = MemoryLayout<virt_driver_open>.size
    request.connection = connection
    request.uri = text
    request.scheme = copy(uri.driver)
    request.transport = copy(uri.transport)
    request.user = copy(uri.user)
    request.server = copy(uri.server)
    request.path = copy(uri.path)
    request.fragment = copy(uri.fragment)
    request.port = max(uri.port, 0)
    request.flags = flags
    request.role = role
    request.groups = groups
    let code = pairs.withUnsafeMutableBufferPointer { buffer in
      request.query.items = UnsafeRawPointer(buffer.baseAddress)
      request.query.count = UInt32(buffer.count)
      request.query.stride = UInt32(MemoryLayout<virt_driver_pair>.stride)
      return body(&request)
    }
    for copied in copies { free(copied) }
    return code
  }
}

internal import Glibc
internal import VirtCore

/// Files on the host, read and written as a whole.
enum File {
  /// Reads a file; at most so many bytes of it.
  ///
  /// - Parameter doing: What the error says that could not be done.
  /// - Throws: `VIR_ERR_SYSTEM_ERROR`.
  static func read(_ path: String, atMost limit: Int = .max, _ doing: StaticString) throws(VirtError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(doing, path, errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: min(limit, 1 << 16))
    while bytes.count < limit {
      let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, min($0.count, limit - bytes.count)) }
      if count == 0 { break }
      guard count > 0 else {
        if errno == EINTR { continue }
        throw failure(doing, path, errno)
      }
      bytes.append(contentsOf: buffer[..<count])
    }
    return bytes
  }

  /// Writes a file that only its owner can read. One that could not be written whole is removed.
  ///
  /// - Throws: `VIR_ERR_SYSTEM_ERROR`.
  static func write(_ bytes: [UInt8], to path: String, _ doing: StaticString) throws(VirtError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR)
    guard descriptor >= 0 else { throw failure(doing, path, errno) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written) }
      if count < 0 {
        if errno == EINTR { continue }
        let number = errno
        close(descriptor)
        unlink(path)
        throw failure(doing, path, number)
      }
      written += count
    }
    guard close(descriptor) == 0 else {
      let number = errno
      unlink(path)
      throw failure(doing, path, number)
    }
  }

  /// Says what the system answered.
  static func failure(_ doing: StaticString, _ path: String, _ number: Int32) -> VirtError {
    VirtError(
      .systemError, .test, "", "\(doing) '\(path)': \(number == 0 ? "it ends early" : String(cString: strerror(number)))",
      details: ErrorDetails(integers: (number, -1)))
  }
}

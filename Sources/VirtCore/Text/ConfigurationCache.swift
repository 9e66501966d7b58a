internal import CVirtRuntime
internal import Glibc

/// Keeps a configuration file in memory and reads it again only when the file changed.
package final class ConfigurationCache: Sendable {
  /// What tells one state of a file from another.
  struct Stamp: Equatable {
    var device: UInt64
    var inode: UInt64
    var size: Int64
    var seconds: Int
    var nanoseconds: Int
  }

  /// `stamp` is nil for a file that is not there.
  private let kept = ProcessLock<(configuration: Configuration, stamp: Stamp?)?>(nil)
  /// Files larger than this are no configuration.
  private static let largest = 1 << 20

  /// Makes an empty cache.
  package init() {}

  /// The settings in this file; none when there is no such file.
  package func configuration(at path: String) throws(VirtError) -> Configuration {
    let stamp = try Self.stamp(of: path)
    let hit = kept.withLock { kept -> Configuration? in
      guard let kept, kept.stamp == stamp, kept.configuration.path == path else { return nil }
      return kept.configuration
    }
    if let hit { return hit }
    let fresh = stamp == nil ? Configuration(path: path) : try Self.read(path)
    kept.withLock { $0 = (fresh, stamp) }
    return fresh
  }

  private static func stamp(of path: String) throws(VirtError) -> Stamp? {
    var status = stat()
    // Passed as a pointer, because a text passed as it is would be copied.
    guard path.withCString({ stat($0, &status) }) != 0 else {
      return Stamp(
        device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size),
        seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
    }
    let number = errno
    guard number == ENOENT || number == ENOTDIR else {
      throw VirtError(.systemError, .conf, "", "cannot look at configuration file '\(path)': error \(number)")
    }
    return nil
  }

  private static func read(_ path: String) throws(VirtError) -> Configuration {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw VirtError(.systemError, .conf, "", "cannot open configuration file '\(path)': error \(errno)")
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16384)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw VirtError(.systemError, .conf, "", "cannot read configuration file '\(path)': error \(errno)")
      }
      if count == 0 { break }
      bytes.append(contentsOf: chunk[..<count])
      guard bytes.count <= largest else {
        throw VirtError(.confSyntax, .conf, "configuration file is too large:", path)
      }
    }
    let parsed: Result<Configuration, VirtError> = bytes.withUnsafeBufferPointer { buffer in
      do throws(VirtError) { return .success(try Configuration(parsing: buffer, path: path)) } catch {
        return .failure(error)
      }
    }
    return try parsed.get()
  }
}

extension Configuration {
  private static let cache = ConfigurationCache()
  private static let systemPath = String(cString: virt_configuration_directory()) + "/libvirt/libvirt.conf"

  /// The settings that clients of the library have: those of the system for root, the user's own for everybody else.
  package static func client() throws(VirtError) -> Configuration {
    guard let path = clientPath else { return Configuration(path: "") }
    return try cache.configuration(at: path)
  }

  /// Where the client's configuration file would be; nil when the user has no home.
  package static var clientPath: String? {
    if geteuid() == 0 { return systemPath }
    return userConfigurationDirectory.map { $0 + "/libvirt/libvirt.conf" }
  }

  /// The user's directory of configuration files: `XDG_CONFIG_HOME`, else `.config` in the home directory.
  package static var userConfigurationDirectory: String? {
    if let directory = virt_environment("XDG_CONFIG_HOME") { return String(cString: directory) }
    if let home = virt_environment("HOME") { return String(cString: home) + "/.config" }
    return nil
  }
}

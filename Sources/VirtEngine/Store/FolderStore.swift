internal import Glibc
package import VirtCore

/// A folder of files, one for each object. A file is replaced as a whole: the new one is written beside it, brought to the disk
/// and then given its name, so that there is always an old one or a new one.
///
/// One process at a time uses a folder.
package final class FolderStore: ObjectStore {
  private let path: String
  /// Held while the store is open; closing it gives the folder back.
  private let lock: Int32
  private let folder: Int32
  private let turn = Lock<Void>(())
  /// What names of files end with that are not written whole yet, and that were found broken.
  private static let unfinished = ".new", torn = ".torn"

  /// Takes a folder, which is made when it is not there.
  ///
  /// - Throws: `VIR_ERR_OPERATION_INVALID`: it is in use. `VIR_ERR_SYSTEM_ERROR`: it cannot be used.
  package init(_ path: String) throws(VirtError) {
    self.path = path
    if mkdir(path, S_IRWXU) != 0, errno != EEXIST { throw Self.failure("cannot make the folder", path) }
    folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw Self.failure("cannot open the folder", path) }
    lock = open(path + "/.lock", O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR)
    guard lock >= 0 else {
      let error = Self.failure("cannot lock the folder", path)
      close(folder)
      throw error
    }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      let error =
        errno == EWOULDBLOCK
        ? VirtError(.operationInvalid, .none, "somebody else uses the folder", path) : Self.failure("cannot lock the folder", path)
      close(lock)
      close(folder)
      throw error
    }
  }

  deinit {
    close(lock)
    close(folder)
  }

  // MARK: - Reading

  /// What is kept. Files that were not written to their end are removed, those that are broken set aside, with a warning.
  package func load() throws(VirtError) -> [(key: StoreKey, bytes: [UInt8])] {
    var found: [(key: StoreKey, bytes: [UInt8])] = []
    for name in try names() where !name.hasPrefix(".") && !name.hasSuffix(Self.torn) {
      if name.hasSuffix(Self.unfinished) {
        unlinkat(folder, name, 0)
        continue
      }
      let bytes = try read(name)
      if let file = StoredFile.read(bytes), StoredFile.name(file.key) == name {
        found.append(file)
        continue
      }
      Log.warning("store", "'\(path)/\(name)' is broken, and set aside as '\(name)\(Self.torn)'")
      guard renameat(folder, name, folder, name + Self.torn) == 0 else { throw Self.failure("cannot set aside", "\(path)/\(name)") }
    }
    return found
  }

  private func names() throws(VirtError) -> [String] {
    guard let directory = opendir(path) else { throw Self.failure("cannot read the folder", path) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      names.append(name)
    }
    return names
  }

  private func read(_ name: String) throws(VirtError) -> [UInt8] {
    let descriptor = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw Self.failure("cannot read", "\(path)/\(name)") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count == 0 { return bytes }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.failure("cannot read", "\(path)/\(name)") }
      bytes.append(contentsOf: buffer[..<count])
    }
  }

  // MARK: - Writing

  package func make(_ changes: [StoreChange]) throws(VirtError) {
    if changes.isEmpty { return }
    try turn.withLock { (_) throws(VirtError) in
      for change in changes {
        let name = StoredFile.name(change.key)
        if let bytes = change.bytes {
          try write(StoredFile.bytes(change.key, bytes), name)
        } else if unlinkat(folder, name, 0) != 0, errno != ENOENT {
          throw Self.failure("cannot remove", "\(path)/\(name)")
        }
      }
      guard fsync(folder) == 0 else { throw Self.failure("cannot bring to the disk", path) }
    }
  }

  private func write(_ bytes: [UInt8], _ name: String) throws(VirtError) {
    let unfinished = name + Self.unfinished
    let descriptor = openat(folder, unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR)
    guard descriptor >= 0 else { throw Self.failure("cannot write", "\(path)/\(name)") }
    var number: Int32 = 0
    if !Self.write(bytes, to: descriptor) || fsync(descriptor) != 0 { number = errno }
    if close(descriptor) != 0, number == 0 { number = errno }
    if number == 0, renameat(folder, unfinished, folder, name) != 0 { number = errno }
    guard number != 0 else { return }
    unlinkat(folder, unfinished, 0)
    throw Self.failure("cannot write", "\(path)/\(name)", number)
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  private static func failure(_ doing: StaticString, _ path: String, _ number: Int32 = errno) -> VirtError {
    VirtError(
      .systemError, .none, "", "\(doing) '\(path)': \(String(cString: strerror(number)))",
      details: ErrorDetails(integers: (number, -1)))
  }
}

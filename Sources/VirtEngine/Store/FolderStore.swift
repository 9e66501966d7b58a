internal import Glibc
package import VirtCore

/// A folder of files, one for each object. A file is replaced as a whole: the new one is written beside it, brought to the disk
/// and then given its name, so that there is always an old one or a new one. Of files that change together a list is written
/// when the new ones are there: from then on they are the ones that count, and whoever finds a list gives them their names.
///
/// One store at a time uses a folder.
package final class FolderStore: ObjectStore {
  private let path: String
  private let folder: Int32
  private let use: Lock<Use>
  /// A forked child neither writes nor gives anything back.
  private let owner = getpid()

  /// What open stores have locked. A forked child lets go of it: else the folder would stay locked when its parent ends.
  private static let locked: ProcessLock<Set<Int32>> = {
    whenForked {
      locked.withLock { locked in
        for descriptor in locked { Glibc.close(descriptor) }
        locked = []
      }
    }
    return ProcessLock([])
  }()

  /// What belongs to whoever writes; held over the writing: the order of changes is that of their files.
  private struct Use {
    /// Locked while the store is open; -1 afterwards.
    var descriptor: Int32
    /// Counts changes.
    var number: UInt64 = 0
    /// What was confirmed of the last ones, but not brought to its end.
    var unfinished: StoreChangeList?
  }

  /// Takes a folder, which is made when it is not there.
  ///
  /// - Throws: `VIR_ERR_OPERATION_INVALID`: it is in use. `VIR_ERR_SYSTEM_ERROR`: it cannot be used.
  package init(_ path: String) throws(VirtError) {
    self.path = path
    if mkdir(path, S_IRWXU) == 0 {
      try Self.sync(parentOf: path)
    } else if errno != EEXIST {
      throw Self.failure("cannot make the folder", path)
    }
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw Self.failure("cannot open the folder", path) }
    let descriptor = openat(folder, ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR)
    guard descriptor >= 0 else {
      let error = Self.failure("cannot lock the folder", path)
      Glibc.close(folder)
      throw error
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let error =
        errno == EWOULDBLOCK
        ? VirtError(.operationInvalid, .none, "somebody else uses the folder", path) : Self.failure("cannot lock the folder", path)
      Glibc.close(descriptor)
      Glibc.close(folder)
      throw error
    }
    self.folder = folder
    use = Lock(Use(descriptor: descriptor))
    _ = Self.locked.withLock { $0.insert(descriptor) }
  }

  deinit {
    close()
    Glibc.close(folder)
  }

  package func close() {
    use.withLock { use in
      guard use.descriptor >= 0 else { return }
      if getpid() == owner {
        _ = Self.locked.withLock { $0.remove(use.descriptor) }
        // A child that is being forked has the lock, too: it is given back for both.
        flock(use.descriptor, LOCK_UN)
        Glibc.close(use.descriptor)
      }
      use.descriptor = -1
    }
  }

  /// Brings a new folder's entry to the disk.
  private static func sync(parentOf path: String) throws(VirtError) {
    var trimmed = path[...]
    while trimmed.count > 1, trimmed.last == "/" { trimmed.removeLast() }
    let slash = trimmed.lastIndex(of: "/")
    let parent = slash.map { $0 == trimmed.startIndex ? "/" : String(trimmed[..<$0]) } ?? "."
    let descriptor = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("cannot open the folder", parent) }
    defer { Glibc.close(descriptor) }
    guard sync(descriptor) else { throw failure("cannot bring to the disk", parent) }
  }

  // MARK: - Reading

  package func load(leaving kinds: Set<String>) throws(VirtError) -> StoreContents {
    var contents = StoreContents()
    let kinds = Set(kinds.map { $0[...] })
    if let broken = try finishListed() { contents.broken.append(broken) }
    for name in try names() {
      if name.hasSuffix(StoredFile.torn) {
        guard contents.broken.first?.place != fullPath(name) else { continue }
        contents.broken.append(.init(fullPath(name), "was set aside before"))
      } else if name.hasSuffix(StoredFile.unfinished) {
        unlinkat(folder, name, 0)
      } else if name.hasSuffix(StoredFile.whole) {
        let isLeft = kinds.contains(StoredFile.kind(name))
        let found = try isLeft ? beginning(of: name) : read(name)
        do throws(StoredFile.Unusable) {
          if isLeft {
            contents.left.append(try left(name, found))
          } else {
            contents.objects.append(try whole(name, found?.bytes))
          }
        } catch { contents.broken.append(.init(try setAside(name), error.reason)) }
      }
    }
    return contents
  }

  /// Brings to its end what a process confirmed that ended then. Gives a list that is broken.
  private func finishListed() throws(VirtError) -> StoreContents.Broken? {
    guard faccessat(folder, StoredFile.list, F_OK, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
    let bytes = try bytes(StoredFile.list)
    let list: StoreChangeList
    do throws(StoredFile.Unusable) {
      guard let bytes, let read = StoreChangeList(try StoredFile.read(bytes)) else { throw .torn }
      list = read
    } catch { return .init(try setAside(StoredFile.list), error.reason) }
    try finish(list)
    return nil
  }

  package func setAside(_ key: StoreKey) throws(VirtError) -> String { try setAside(StoredFile.name(key)) }

  private func setAside(_ name: String) throws(VirtError) -> String {
    let place = StoredFile.aside(name)
    guard renameat(folder, name, folder, place) == 0 else { throw Self.failure("cannot set aside", fullPath(name)) }
    guard Self.sync(folder) else { throw Self.failure("cannot bring to the disk", path) }
    return fullPath(place)
  }

  private func names() throws(VirtError) -> [String] {
    guard let directory = opendir(path) else { throw Self.failure("cannot read the folder", path) }
    defer { closedir(directory) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(directory) {
      names.append(
        withUnsafeBytes(of: entry.pointee.d_name) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) })
      errno = 0
    }
    guard errno == 0 else { throw Self.failure("cannot read the folder", path) }
    return names
  }

  /// What a file of that name holds.
  private func whole(_ name: String, _ bytes: [UInt8]?) throws(StoredFile.Unusable) -> (key: StoreKey, bytes: [UInt8]) {
    let file = try StoredFile.read(try Self.needing(bytes))
    try Self.check(file.key, name)
    return file
  }

  /// What a file of that name holds, all of which is there.
  private func left(_ name: String, _ beginning: (bytes: [UInt8], size: Int)?) throws(StoredFile.Unusable) -> (
    key: StoreKey, bytes: any StoredBytes
  ) {
    let bytes = try Self.needing(beginning?.bytes), head = try StoredFile.head(bytes)
    guard let beginning, beginning.size - head.start == head.count, let (key, start) = try StoredFile.key(bytes, head) else {
      throw .torn
    }
    try Self.check(key, name)
    return (key, FolderBytes(self, name, head, start))
  }

  private static func needing(_ bytes: [UInt8]?) throws(StoredFile.Unusable) -> [UInt8] {
    guard let bytes else { throw StoredFile.Unusable(reason: "is broken: it is no file") }
    return bytes
  }

  private static func check(_ key: StoreKey, _ name: String) throws(StoredFile.Unusable) {
    guard StoredFile.name(key) == name else { throw StoredFile.Unusable(reason: "is broken: it has the name of another one") }
  }

  /// Some of a file's bytes; fewer where it ends. With them how many it has; nil when it is no file.
  func read(_ name: String, from place: Int = 0, most: Int = .max) throws(VirtError) -> (bytes: [UInt8], size: Int)? {
    let descriptor = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ELOOP || errno == ENXIO { return nil }
      throw Self.failure("cannot read", fullPath(name))
    }
    defer { Glibc.close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: min(1 << 16, most))
    while bytes.count < most {
      let count = buffer.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress, min($0.count, most - bytes.count), off_t(place + bytes.count))
      }
      if count == 0 { break }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.failure("cannot read", fullPath(name)) }
      bytes.append(contentsOf: buffer[..<count])
    }
    return (bytes, Int(status.st_size))
  }

  /// A file's bytes; nil when it is none.
  func bytes(_ name: String) throws(VirtError) -> [UInt8]? { try read(name)?.bytes }

  /// The first lines of a file at least, and how many bytes it has; nil when it is none.
  private func beginning(of name: String) throws(VirtError) -> (bytes: [UInt8], size: Int)? {
    var most = 512
    while true {
      guard let found = try read(name, most: most) else { return nil }
      // The name of an object may be as long as it likes.
      if found.bytes.count < most || found.bytes.count(where: { $0 == UInt8(ascii: "\n") }) > 1 { return found }
      most *= 8
    }
  }

  /// Where a file is.
  func fullPath(_ name: String) -> String { "\(path)/\(name)" }

  // MARK: - Writing

  package func make(_ changes: [StoreChange]) throws(VirtError) {
    if changes.isEmpty { return }
    try use.withLock { (use) throws(VirtError) in
      guard use.descriptor >= 0, getpid() == owner else {
        throw VirtError(.operationInvalid, .none, "the folder is not used any more:", path)
      }
      if let list = use.unfinished { try finish(list) }
      use.unfinished = nil
      use.number += 1
      let list = StoreChangeList(changes, number: use.number)
      var doubt: VirtError?
      do throws(VirtError) {
        for change in changes {
          guard let bytes = change.bytes else { continue }
          let name = StoredFile.name(change.key)
          try write(StoredFile.bytes(change.key, try bytes()), list.unfinished(name), as: name)
        }
        // One file alone needs no list.
        if changes.count > 1 { doubt = try write(list) }
      } catch {
        for name in list.written { unlinkat(folder, list.unfinished(name), 0) }
        throw error
      }
      if changes.count == 1 { return try finish(list) }
      // It counts now, whatever happens.
      do throws(VirtError) {
        try finish(list)
      } catch {
        use.unfinished = list
        if let doubt { throw doubt }
      }
    }
  }

  /// Makes a list count. Gives why it may not have come to the disk, where it cannot be taken back.
  private func write(_ list: StoreChangeList) throws(VirtError) -> VirtError? {
    let name = StoredFile.list
    try write(StoredFile.bytes(list.key, list.bytes), list.unfinished(name), as: name)
    guard renameat(folder, list.unfinished(name), folder, name) == 0 else {
      let error = Self.failure("cannot write", fullPath(name))
      unlinkat(folder, list.unfinished(name), 0)
      throw error
    }
    if Self.sync(folder) { return nil }
    let doubt = Self.failure("cannot bring to the disk", path)
    guard unlinkat(folder, name, 0) != 0 else { throw doubt }
    return doubt
  }

  /// Gives new files their names, and takes away those that are gone. May be done twice.
  private func finish(_ list: StoreChangeList) throws(VirtError) {
    for name in list.written where renameat(folder, list.unfinished(name), folder, name) != 0 && !(list.isListed && errno == ENOENT)
    {
      let number = errno
      if !list.isListed { unlinkat(folder, list.unfinished(name), 0) }
      throw Self.failure("cannot write", fullPath(name), number)
    }
    for name in list.gone where unlinkat(folder, name, 0) != 0 && errno != ENOENT {
      throw Self.failure("cannot remove", fullPath(name))
    }
    guard Self.sync(folder) else { throw Self.failure("cannot bring to the disk", path) }
    guard list.isListed, unlinkat(folder, StoredFile.list, 0) != 0, errno != ENOENT else { return }
    throw Self.failure("cannot remove", fullPath(StoredFile.list))
  }

  /// Writes a new file, which has no name of its own yet.
  private func write(_ bytes: [UInt8], _ unfinished: String, as name: String) throws(VirtError) {
    let descriptor = openat(folder, unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR)
    guard descriptor >= 0 else { throw Self.failure("cannot write", fullPath(name)) }
    var number: Int32 = 0
    if !Self.write(bytes, to: descriptor) || !Self.sync(descriptor) { number = errno }
    if Glibc.close(descriptor) != 0, number == 0 { number = errno }
    guard number != 0 else { return }
    unlinkat(folder, unfinished, 0)
    throw Self.failure("cannot write", fullPath(name), number)
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

  private static func sync(_ descriptor: Int32) -> Bool {
    while fsync(descriptor) != 0 { if errno != EINTR { return false } }
    return true
  }

  private static func failure(_ doing: StaticString, _ path: String, _ number: Int32 = errno) -> VirtError {
    VirtError(
      .systemError, .none, "", "\(doing) '\(path)': \(String(cString: strerror(number)))",
      details: ErrorDetails(integers: (number, -1)))
  }
}

import APIDescription
import CodePrinting
import Glibc

/// Reading and writing of files, with errors that name the file and the reason.
enum Files {
  /// Something that went wrong with a file.
  struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ path: String, _ what: String) { description = "\(path): \(what): \(String(cString: strerror(errno)))" }
    init(_ text: String) { description = text }
  }

  /// Whether a path names a folder.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Where the description was installed beside this program; nil when it was not.
  static var installed: String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    guard count > 0 else { return nil }
    let program = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard let slash = program.lastIndex(of: "/") else { return nil }
    let folder = "\(program[..<slash])/../share/virt"
    return isFolder("\(folder)/api-xml") ? folder : nil
  }

  /// The content of a file; nil when there is none.
  static func read(_ path: String) throws(Failure) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw Failure(path, "cannot be opened")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Failure(path, "cannot be examined") }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size) + 1)
    var count = 0
    while true {
      if count == bytes.count { bytes.append(contentsOf: [UInt8](repeating: 0, count: bytes.count)) }
      let got = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress.map { $0 + count }, $0.count - count) }
      if got < 0 { throw Failure(path, "cannot be read") }
      if got == 0 { break }
      count += got
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  /// Writes a file whole: to a temporary name beside it, then renamed. Makes the folders it needs.
  static func write(_ path: String, _ bytes: [UInt8]) throws(Failure) {
    try makeFolders(for: path)
    let temporary = path + ".virtgen"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Failure(temporary, "cannot be created") }
    var offset = 0
    while offset < bytes.count {
      let put = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress.map { $0 + offset }, $0.count - offset) }
      if put <= 0 {
        let failure = Failure(temporary, "cannot be written")
        close(descriptor)
        unlink(temporary)
        throw failure
      }
      offset += put
    }
    close(descriptor)
    guard rename(temporary, path) == 0 else { throw Failure(path, "cannot be replaced") }
  }

  private static func makeFolders(for path: String) throws(Failure) {
    var folder = ""
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    for part in parts {
      folder += part + "/"
      if part.isEmpty { continue }
      if mkdir(folder, 0o755) != 0 && errno != EEXIST { throw Failure(folder, "cannot be made") }
    }
  }

  /// All files below a folder, relative to it, sorted; none when it is not there.
  static func list(_ folder: String) throws(Failure) -> [String] {
    guard let directory = opendir(folder) else {
      if errno == ENOENT { return [] }
      throw Failure(folder, "cannot be listed")
    }
    defer { closedir(directory) }
    var found: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasPrefix(".") { continue }
      var status = stat()
      guard stat("\(folder)/\(name)", &status) == 0 else { throw Failure("\(folder)/\(name)", "cannot be examined") }
      if status.st_mode & S_IFMT == S_IFDIR {
        for inner in try list("\(folder)/\(name)") { found.append("\(name)/\(inner)") }
      } else {
        found.append(name)
      }
    }
    return found.sorted()
  }
}

extension Files {
  /// Removes a file.
  static func remove(_ path: String) throws(Failure) {
    if unlink(path) != 0 && errno != ENOENT { throw Failure(path, "cannot be removed") }
  }
}

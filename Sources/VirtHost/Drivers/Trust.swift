internal import Glibc

/// Whether code from a file may run in this process.
enum Trust {
  /// How a folder came to be searched.
  enum Origin {
    /// It lies at a fixed place relative to the library: trusted as the library is.
    case installed(library: stat)
    /// Somebody named it: every folder above must be safe too.
    case named
  }

  /// Why a file is not trusted; nil when it is.
  static func problem(_ path: String, _ status: stat, _ origin: Origin) -> String? {
    switch origin {
    case .installed(let library):
      if status.st_uid != 0 && status.st_uid != library.st_uid {
        return describe(path, status, "it belongs to somebody else than the library")
      }
      if status.st_mode & S_IWOTH != 0 && library.st_mode & S_IWOTH == 0 {
        return describe(path, status, "everybody may write to it")
      }
      return nil
    case .named:
      if let found = strictProblem(path, status) { return found }
      var folder = path
      while let slash = folder.lastIndex(of: "/") {
        folder = String(folder[..<slash])
        var above = stat()
        let name = folder.isEmpty ? "/" : folder
        guard stat(name, &above) == 0 else { return "\(name) cannot be examined" }
        let isSticky = above.st_uid == 0 && above.st_mode & S_ISVTX != 0
        if !isSticky, let found = strictProblem(name, above) { return found }
        if folder.isEmpty { break }
      }
      return nil
    }
  }

  private static func strictProblem(_ path: String, _ status: stat) -> String? {
    if status.st_uid != 0 && status.st_uid != geteuid() { return describe(path, status, "it belongs neither to root nor to you") }
    if status.st_mode & S_IWOTH != 0 { return describe(path, status, "everybody may write to it; run 'chmod o-w'") }
    if status.st_mode & S_IWGRP != 0 && status.st_gid != status.st_uid && status.st_gid != 0 {
      return describe(path, status, "its group may write to it; run 'chmod g-w'")
    }
    return nil
  }

  private static func describe(_ path: String, _ status: stat, _ reason: String) -> String {
    "\(path) (owner \(status.st_uid), mode \(String(status.st_mode & 0o7777, radix: 8))): \(reason)"
  }
}

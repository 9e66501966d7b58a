internal import CVirt
internal import CVirtRuntime
internal import Glibc
internal import VirtCore

/// All drivers there are, found once per process.
final class DriverRegistry: Sendable {
  static let shared = DriverRegistry()

  /// Held from reading notes to the end of negotiation, so that two threads never load a driver twice.
  private let state = Lock<State>(State())

  private struct State {
    var drivers: [Driver] = []
    var offered: UInt32 = 0
    /// Files that looked like drivers and are not used, with the reasons.
    var refused: [String] = []
    var isSearched = false
  }

  init() { state.guardAcrossFork() }

  /// A driver that fits a URI, and the rule by which it does.
  struct Candidate {
    let driver: Driver
    let rule: MatchRule
  }

  /// The drivers that fit a URI, best first; none is loaded by asking.
  func candidates(for uri: URI) -> [Candidate] {
    drivers().compactMap { driver in
      let fitting = driver.note.rules.filter { $0.matches(uri) }
      return fitting.min { $0.precedes($1) ?? false }.map { Candidate(driver: driver, rule: $0) }
    }.sorted { one, other in
      one.rule.precedes(other.rule) ?? other.rule.precedes(one.rule).map(!) ?? (one.driver.note.name < other.driver.note.name)
    }
  }

  /// The groups that any driver offers to others, as bits.
  func offeredGroups() -> UInt32 { state.withLock { $0.offered } }

  /// The drivers that offer a group to others, best first.
  func companions(for group: Int) -> [Driver] {
    drivers().filter { $0.note.companionGroups & (1 << UInt32(group)) != 0 }
      .sorted { ($1.note.rank, $0.note.name) < ($0.note.rank, $1.note.name) }
  }

  /// Drivers that can propose a URI, best first.
  func proposers() -> [Driver] {
    drivers().filter(\.note.proposes).sorted { ($1.note.rank, $0.note.name) < ($0.note.rank, $1.note.name) }
  }

  /// Loads a driver if it was not yet; why it cannot be used otherwise.
  func load(_ driver: Driver) -> String? {
    if driver.isLoaded { return nil }
    return state.withLock { _ in driver.load() }
  }

  /// Files that are not used, with the reasons, for errors.
  func refusals() -> [String] { state.withLock { $0.refused } }

  private func drivers() -> [Driver] {
    state.withLock { state in
      if !state.isSearched {
        state.isSearched = true
        for folder in Self.folders() { Self.search(folder.path, folder.origin, into: &state) }
        state.offered = state.drivers.reduce(0) { $0 | $1.note.companionGroups }
      }
      return state.drivers
    }
  }

  private struct Folder {
    let path: String
    let origin: Trust.Origin
  }

  /// Where drivers may be: the folder the environment names, then the one beside the library.
  private static func folders() -> [Folder] {
    var folders: [Folder] = []
    if let named = getenv("LIBVIRT_DRIVER_DIR"), named.pointee != 0 {
      if virt_process_is_elevated() {
        Log.warning("driver", "LIBVIRT_DRIVER_DIR is ignored: the process has more rights than its user")
      } else {
        folders.append(Folder(path: String(cString: named), origin: .named))
      }
    }
    if let library = libraryPath() {
      let folder = String(library[..<(library.lastIndex(of: "/") ?? library.startIndex)])
      var status = stat()
      if stat(folder, &status) == 0 {
        folders.append(Folder(path: folder + "/libvirt/connection-driver", origin: .installed(library: status)))
      }
    }
    return folders
  }

  /// Where this library was loaded from, links resolved.
  private static func libraryPath() -> String? {
    guard let file = virt_library_path(), let resolved = realpath(file, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func search(_ folder: String, _ origin: Trust.Origin, into state: inout State) {
    guard let directory = opendir(folder) else { return }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { raw in
        raw.baseAddress.map { String(cString: $0.assumingMemoryBound(to: CChar.self)) } ?? ""
      }
      if name.hasPrefix("libvirt_driver_") && name.hasSuffix(".so") { names.append(name) }
    }
    for name in names.sorted() { examine("\(folder)/\(name)", origin, into: &state) }
  }

  private static func examine(_ path: String, _ origin: Trust.Origin, into state: inout State) {
    guard let resolved = realpath(path, nil) else { return }
    defer { free(resolved) }
    let file = String(cString: resolved)
    if state.drivers.contains(where: { $0.path == file }) { return }
    let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      if descriptor >= 0 { close(descriptor) }
      refuse(path, "it cannot be opened", into: &state)
      return
    }
    defer { close(descriptor) }
    do {
      let note = try DriverNote(descriptor: descriptor)
      if let problem = Trust.problem(file, status, origin) {
        refuse(path, "it is not trusted: \(problem)", into: &state)
        return
      }
      if let other = state.drivers.first(where: { $0.note.name == note.name }) {
        refuse(path, "a driver '\(note.name)' was found before: \(other.path)", into: &state)
        return
      }
      state.drivers.append(Driver(path: file, note: note, status: status))
    } catch {
      switch error {
      case .foreign: Log.debug("driver", "\(path): no driver of ours")
      case .refused(let reason): refuse(path, reason, into: &state)
      }
    }
  }

  private static func refuse(_ path: String, _ reason: String, into state: inout State) {
    Log.warning("driver", "\(path): \(reason)")
    state.refused.append("\(path): \(reason)")
  }
}

internal import Glibc
internal import VirtCore

/// Which objects calls had in their hands, and so may have changed; for each thread its own. Registries note whatever they find,
/// place or take away, so that no operation has to think of it.
final class ChangeJournal: Sendable {
  /// An object and the kind it is of.
  struct Note: Sendable {
    let kind: KeptKind
    let object: RegisteredObject
  }

  private let open = Lock<[pthread_t: [Note]]>([:])

  /// Nothing noted.
  init() {}

  /// Begins a call on this thread.
  func begin() {
    let thread = pthread_self()
    open.withLock { $0[thread] = [] }
  }

  /// Notes an object for the call of this thread; outside of calls nothing.
  func note(_ note: Note) {
    let thread = pthread_self()
    open.withLock { open in
      guard open[thread]?.last?.object !== note.object else { return }
      open[thread]?.append(note)
    }
  }

  /// Ends the call of this thread; gives what was noted.
  func end() -> [Note] {
    let thread = pthread_self()
    return open.withLock { $0.removeValue(forKey: thread) } ?? []
  }
}

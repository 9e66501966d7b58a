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

  private struct Notes: Sendable {
    var open: [pthread_t: [Note]] = [:]
    var later: [Note] = []
  }

  private let notes = Lock(Notes())

  /// Nothing noted.
  init() {}

  /// Begins a call on this thread.
  func begin() {
    let thread = pthread_self()
    notes.withLock { $0.open[thread] = [] }
  }

  /// Notes an object for the call of this thread; outside of calls nothing.
  func note(_ note: Note) {
    let thread = pthread_self()
    notes.withLock { notes in
      guard notes.open[thread]?.last?.object !== note.object else { return }
      notes.open[thread]?.append(note)
    }
  }

  /// Notes an object that changed outside of calls.
  func noteForLater(_ note: Note) { notes.withLock { $0.later.append(note) } }

  /// Ends the call of this thread; gives what was noted.
  func end() -> [Note] {
    let thread = pthread_self()
    return notes.withLock { $0.open.removeValue(forKey: thread) } ?? []
  }

  /// What changed outside of calls; gone then.
  func takeLater() -> [Note] {
    notes.withLock { notes in
      if notes.later.isEmpty { return [] }
      defer { notes.later = [] }
      return notes.later
    }
  }
}

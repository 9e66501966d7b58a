internal import VirtCore

/// How a store keeps objects of one kind.
final class KeptKind: Sendable {
  /// A short word of lower-case letters.
  let word: String
  private let name: @Sendable (RegisteredObject) -> String
  private let form: @Sendable (String, Set<UInt64>) throws(VirtError) -> KeptForm?
  private let journal: ChangeJournal

  /// Describes a kind.
  ///
  /// - Parameters:
  ///   - name: What an object is kept under; never changes.
  ///   - form: All that is kept of the object of that name as it is now; nil when there is none. Is told the stamps of the parts
  ///     that are kept as they are.
  init(
    _ word: String, _ journal: ChangeJournal, name: @escaping @Sendable (RegisteredObject) -> String,
    form: @escaping @Sendable (String, Set<UInt64>) throws(VirtError) -> KeptForm?
  ) {
    self.word = word
    self.name = name
    self.form = form
    self.journal = journal
  }

  /// Notes an object for the call of this thread.
  func note(_ object: RegisteredObject) { journal.note(.init(kind: self, object: object)) }

  /// Notes an object for whatever call ends next.
  func noteForLater(_ object: RegisteredObject) { journal.noteForLater(.init(kind: self, object: object)) }

  /// Where an object is kept.
  func key(_ object: RegisteredObject) -> StoreKey { StoreKey(word, name(object)) }

  /// All that is kept of an object as it is now.
  func form(_ key: StoreKey, _ kept: Set<UInt64>) throws(VirtError) -> KeptForm? { try form(key.name, kept) }
}

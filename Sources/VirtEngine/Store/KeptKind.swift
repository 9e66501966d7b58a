internal import VirtCore

/// How a store keeps objects of one kind.
final class KeptKind: Sendable {
  /// A short word of lower-case letters.
  let word: String
  private let name: @Sendable (RegisteredObject) -> String
  private let form: @Sendable (String) throws(VirtError) -> [UInt8]?
  private let journal: ChangeJournal

  /// Describes a kind.
  ///
  /// - Parameters:
  ///   - name: What an object is kept under; never changes.
  ///   - form: All that is kept of the object of that name as it is now; nil when there is none.
  init(
    _ word: String, _ journal: ChangeJournal, name: @escaping @Sendable (RegisteredObject) -> String,
    form: @escaping @Sendable (String) throws(VirtError) -> [UInt8]?
  ) {
    self.word = word
    self.name = name
    self.form = form
    self.journal = journal
  }

  /// Notes an object for the call of this thread.
  func note(_ object: RegisteredObject) { journal.note(.init(kind: self, object: object)) }

  /// Where an object is kept.
  func key(_ object: RegisteredObject) -> StoreKey { StoreKey(word, name(object)) }

  /// All that is kept of an object as it is now.
  func bytes(_ key: StoreKey) throws(VirtError) -> [UInt8]? { try form(key.name) }
}

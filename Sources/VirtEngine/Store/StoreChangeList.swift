/// The files of a folder that change together.
struct StoreChangeList: Sendable {
  /// The names of those that are written, and of those that go.
  private(set) var written: [String] = [], gone: [String] = []
  /// Tells files that are not finished from those of other changes.
  private let number: String

  /// Lists what changes.
  init(_ changes: [StoreChange], number: UInt64) {
    self.number = "\(number)"
    for change in changes {
      change.bytes == nil ? gone.append(StoredFile.name(change.key)) : written.append(StoredFile.name(change.key))
    }
  }

  /// The list that a file holds; nil when it is none.
  init?(_ file: (key: StoreKey, bytes: [UInt8])) {
    guard file.key.kind == Self.kind, file.key.name.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) else {
      return nil
    }
    number = file.key.name
    for line in String(decoding: file.bytes, as: UTF8.self).split(separator: "\n") {
      let name = String(line.dropFirst())
      guard name.hasSuffix(StoredFile.whole), !name.contains("/") else { return nil }
      switch line.first {
      case "+": written.append(name)
      case "-": gone.append(name)
      default: return nil
      }
    }
  }

  private static let kind = "changes"

  /// What its file is about, and holds.
  var key: StoreKey { StoreKey(Self.kind, number) }
  var bytes: [UInt8] { Array((written.map { "+\($0)\n" } + gone.map { "-\($0)\n" }).joined().utf8) }

  /// Whether there is a file that lists them: one alone needs none.
  var isListed: Bool { written.count + gone.count > 1 }

  /// What a new file is called until it counts.
  func unfinished(_ name: String) -> String { "\(name).\(number)\(StoredFile.unfinished)" }
}

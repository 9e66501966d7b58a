/// What is locked only grows; the list of hand-written bodies only shrinks.
enum Locks {
  static let folder = "api-xml/locks/"

  /// What a new lock file would take back, as lines for people.
  static func broken(_ path: String, disk: [UInt8], wanted: [UInt8]) -> [String] {
    guard path.hasPrefix(folder) else { return [] }
    let (old, new) = (entries(disk), entries(wanted))
    if path.hasSuffix("/hand-written.txt") {
      let known = Set(old.map(name))
      return new.map(name).filter { !known.contains($0) }.map {
        "\(path): '\($0)' would be written by hand, and was not: the list only shrinks"
      }
    }
    let kept = Set(new)
    return old.filter { !kept.contains($0) }.map { "\(path): '\($0)' is locked, and would be gone or changed" }
  }

  private static func entries(_ bytes: [UInt8]) -> [String] {
    bytes.split(separator: 0x0a).map { String(decoding: $0, as: UTF8.self) }.filter { !$0.hasPrefix("#") }
  }

  private static func name(_ entry: String) -> String { String(entry.prefix { $0 != ":" }) }
}

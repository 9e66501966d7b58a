/// Writes lines with indentation into bytes.
public struct CodePrinter {
  /// What was written so far.
  public private(set) var bytes: [UInt8] = []
  /// The language, for the banner and for comments.
  public let language: Language
  private var level = 0
  private let unit: [UInt8]

  /// An empty printer; with the language's banner unless told otherwise.
  public init(_ language: Language, banner: Bool = true) {
    self.language = language
    unit = Array((language == .swift || language == .xml ? "  " : "    ").utf8)
    bytes.reserveCapacity(1 << 14)
    if banner { line(language.banner) }
  }

  /// Writes one line at the present indentation; an empty one without trailing blanks.
  public mutating func line(_ text: String = "") {
    if !text.isEmpty {
      for _ in 0..<level { bytes.append(contentsOf: unit) }
      bytes.append(contentsOf: text.utf8)
    }
    bytes.append(0x0a)
  }

  /// Writes several lines.
  public mutating func lines(_ texts: String...) {
    for text in texts { line(text) }
  }

  /// Writes a head, the body one step further in, and a foot.
  public mutating func block(_ head: String, _ foot: String = "}", _ body: (inout CodePrinter) -> Void) {
    line(head)
    level += 1
    body(&self)
    level -= 1
    line(foot)
  }

  /// Writes the body one step further in.
  public mutating func indented(_ body: (inout CodePrinter) -> Void) {
    level += 1
    body(&self)
    level -= 1
  }

  /// Writes words as lines of at most `width` columns, each behind `prefix`.
  public mutating func wrapped(_ text: String, prefix: String, width: Int = 110) {
    var current = prefix
    var hasWord = false
    for word in text.split(separator: " ") {
      if hasWord && current.utf8.count + 1 + word.utf8.count + level * unit.count > width {
        line(current)
        current = prefix
        hasWord = false
      }
      if hasWord { current += " " }
      current += word
      hasWord = true
    }
    if hasWord { line(current) }
  }

  /// The file with what was written.
  public func file(_ path: String) -> GeneratedFile { GeneratedFile(path: path, bytes: bytes) }
}

import CodePrinting

extension CodePrinter {
  /// Writes a C comment, wrapped to the line.
  mutating func comment(_ paragraphs: [String], width: Int = 116) {
    var lines: [String] = []
    for paragraph in paragraphs where !paragraph.isEmpty {
      if !lines.isEmpty, paragraphs.count > 1, !paragraph.hasPrefix("  ") { lines.append("") }
      lines += wrap(paragraph, width: width - 8)
    }
    guard let last = lines.indices.last else { return }
    lines[last] += " */"
    for (index, text) in lines.enumerated() {
      line(index == 0 ? "/* \(text)" : text.isEmpty ? " *" : " * \(text)")
    }
  }

  /// Writes a C comment of one paragraph.
  mutating func comment(_ text: String) { comment([text]) }

  /// Writes a Swift documentation comment.
  mutating func documentation(_ text: String) { wrapped(text, prefix: "/// ", width: 116) }

  /// Writes a head and comma separated pieces, broken where the line ends.
  mutating func list(_ head: String, _ pieces: [String], _ tail: String, width: Int = 120) {
    var current = head
    var isFirst = true
    for (index, piece) in pieces.enumerated() {
      let text = piece + (index + 1 < pieces.count ? "," : tail)
      if !isFirst && current.utf8.count + 1 + text.utf8.count > width {
        line(current)
        current = "    " + text
      } else {
        current += isFirst ? text : " " + text
      }
      isFirst = false
    }
    line(pieces.isEmpty ? head + tail : current)
  }
}

/// Breaks a text into lines; what begins with two blanks keeps them, further lines are set in by two more.
func wrap(_ text: String, width: Int) -> [String] {
  let isItem = text.hasPrefix("  ")
  var lines: [String] = []
  var current = isItem ? "  " : ""
  var hasWord = false
  for word in text.split(separator: " ") {
    if hasWord && current.count + 1 + word.count > width {
      lines.append(current)
      current = isItem ? "    " : ""
      hasWord = false
    }
    current += hasWord ? " " + word : word
    hasWord = true
  }
  if hasWord { lines.append(current) }
  return lines
}

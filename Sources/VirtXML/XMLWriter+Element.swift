/// How elements are laid out.
package enum XMLStyle: Sendable {
  /// The API's own documents: values in single quotes.
  case document
  /// What belongs to applications, such as metadata: values in double quotes, as libxml2 writes them.
  case foreign
}

extension XMLWriter {
  /// Writes an element with all below it, each on a line of its own, two spaces per step. Where a text stands beside
  /// elements nothing is added, because white space would change it.
  package mutating func write(_ element: XMLElement, depth: Int, style: XMLStyle = .document) {
    indent(depth)
    write(inline: element, depth: depth, style: style, pretty: true)
    write(byte: 0x0a)
  }

  /// Writes an element without indentation or line end around it.
  package mutating func write(inline element: XMLElement, depth: Int = 0, style: XMLStyle, pretty: Bool) {
    write(byte: UInt8(ascii: "<"))
    write(verbatim: element.name)
    write(element.attributes, style: style)
    guard !element.content.isEmpty else { return write("/>") }
    write(byte: UInt8(ascii: ">"))
    let pretty = pretty && !element.hasText
    if pretty { write(byte: 0x0a) }
    for content in element.content {
      switch content {
      case .text(let text):
        var text = text
        text.withUTF8 { write(escaping: $0, style == .foreign ? .inText : .all) }
      case .element(let below):
        if pretty { indent(depth + 1) }
        write(inline: below, depth: depth + 1, style: style, pretty: pretty)
        if pretty { write(byte: 0x0a) }
      }
    }
    if pretty { indent(depth) }
    write("</")
    write(verbatim: element.name)
    write(byte: UInt8(ascii: ">"))
  }

  /// Writes attributes, a space before each. Namespace declarations of foreign elements come first.
  package mutating func write(_ attributes: [XMLAttribute], style: XMLStyle) {
    guard style == .foreign else {
      for attribute in attributes { write(attribute, quote: UInt8(ascii: "'"), .all) }
      return
    }
    for declarations in [true, false] {
      for attribute in attributes where attribute.name.hasPrefix("xmlns") == declarations {
        write(attribute, quote: UInt8(ascii: "\""), .inDoubleQuotes)
      }
    }
  }

  private mutating func write(_ attribute: XMLAttribute, quote: UInt8, _ escapes: Escapes) {
    write(byte: 0x20)
    write(verbatim: attribute.name)
    write(byte: UInt8(ascii: "="))
    write(byte: quote)
    var value = attribute.value
    value.withUTF8 { write(escaping: $0, escapes) }
    write(byte: quote)
  }
}

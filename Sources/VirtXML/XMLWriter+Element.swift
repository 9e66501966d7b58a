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
    write(element.document, element.index, depth, style, pretty)
  }

  private mutating func write(_ document: XMLDocument, _ element: Int, _ depth: Int, _ style: XMLStyle, _ pretty: Bool) {
    let name = document.nameBytes(document.items[element])
    let start = document.contentStart(element), end = Int(document.items[element].place)
    write(byte: UInt8(ascii: "<"))
    write(name)
    for isFirst in style == .foreign ? [true, false] : [true] {
      for index in element + 1..<start {
        let item = document.items[index]
        let name = document.nameBytes(item)
        if style == .foreign, name.starts(with: "xmlns".utf8) != isFirst { continue }
        write(name, document.valueBytes(item), style)
      }
    }
    guard start < end else { return write("/>") }
    write(byte: UInt8(ascii: ">"))
    let pretty = pretty && !XMLElement(document, element).hasText
    if pretty { write(byte: 0x0a) }
    for index in document.children(element) {
      let item = document.items[index]
      if item.kind == .text {
        write(escaping: document.valueBytes(item), style == .foreign ? .inText : .all)
      } else {
        if pretty { indent(depth + 1) }
        write(document, index, depth + 1, style, pretty)
        if pretty { write(byte: 0x0a) }
      }
    }
    if pretty { indent(depth) }
    write("</")
    write(name)
    write(byte: UInt8(ascii: ">"))
  }

  /// Writes attributes of one of the API's own documents, a space before each.
  package mutating func write(_ attributes: [XMLAttribute]) {
    for attribute in attributes {
      var name = attribute.name, value = attribute.value
      name.withUTF8 { name in value.withUTF8 { write(name, $0, .document) } }
    }
  }

  private mutating func write(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>, _ style: XMLStyle) {
    let quote = style == .document ? UInt8(ascii: "'") : UInt8(ascii: "\"")
    write(byte: 0x20)
    write(name)
    write(byte: UInt8(ascii: "="))
    write(byte: quote)
    write(escaping: value, style == .document ? .all : .inDoubleQuotes)
    write(byte: quote)
  }
}

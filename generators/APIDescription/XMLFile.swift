import CLibXML2

/// Reads description files into elements, and holds them against the grammar.
public enum XMLFile {
  /// Parses one file.
  ///
  /// - Parameters:
  ///   - bytes: Its content.
  ///   - file: The name that diagnostics show.
  /// - Returns: The root element; nil when the file is not well-formed, with the reasons in `diagnostics`.
  public static func parse(_ bytes: [UInt8], file: String, grammar: Grammar?, into diagnostics: inout [Diagnostic])
    -> Element?
  {
    let options = Int32(
      XML_PARSE_NONET.rawValue | XML_PARSE_BIG_LINES.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue)
    let document = bytes.withUnsafeBytes { buffer in
      xmlReadMemory(buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(clamping: buffer.count), file, nil, options)
    }
    guard let document else {
      let last = xmlGetLastError()
      let line = last.map { Int($0.pointee.line) } ?? 0
      let message = last.flatMap { $0.pointee.message }.map { String(cString: $0) } ?? "cannot be read"
      diagnostics.append(Diagnostic(SourceLocation(file: file, line: line), "not well-formed XML: \(trimmed(message))"))
      return nil
    }
    defer { xmlFreeDoc(document) }
    if document.pointee.intSubset != nil {
      diagnostics.append(Diagnostic(SourceLocation(file: file, line: 1), "a document type declaration is not allowed"))
      return nil
    }
    grammar?.check(document, file: file, into: &diagnostics)
    guard let root = xmlDocGetRootElement(document) else { return nil }
    return element(root, file: file)
  }

  private static func element(_ node: xmlNodePtr, file: String) -> Element {
    var attributes: [(name: String, value: String)] = []
    var attribute = node.pointee.properties
    while let current = attribute {
      var value = ""
      if let content = current.pointee.children?.pointee.content { value = String(cString: content) }
      attributes.append((String(cString: current.pointee.name), value))
      attribute = current.pointee.next
    }
    var children: [Element] = []
    var text: [UInt8] = []
    var child = node.pointee.children
    while let current = child {
      switch current.pointee.type {
      case XML_ELEMENT_NODE: children.append(element(current, file: file))
      case XML_TEXT_NODE, XML_CDATA_SECTION_NODE:
        if let content = current.pointee.content { collapse(content, into: &text) }
      default: break
      }
      child = current.pointee.next
    }
    while text.last == 0x20 { text.removeLast() }
    return Element(
      name: String(cString: node.pointee.name), attributes: attributes, text: String(decoding: text, as: UTF8.self),
      children: children, location: SourceLocation(file: file, line: Int(xmlGetLineNo(node))))
  }

  /// Appends text with runs of white space as one blank, none at the beginning.
  private static func collapse(_ content: UnsafePointer<UInt8>, into text: inout [UInt8]) {
    var next = content
    while next.pointee != 0 {
      let byte = next.pointee
      if byte == 0x20 || byte == 0x0a || byte == 0x09 || byte == 0x0d {
        if let last = text.last, last != 0x20 { text.append(0x20) }
      } else {
        text.append(byte)
      }
      next += 1
    }
  }

  static func trimmed(_ message: String) -> String {
    var text = Substring(message)
    while let last = text.last, last == "\n" || last == " " { text.removeLast() }
    return String(text)
  }
}

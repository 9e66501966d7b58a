internal import VirtCore
internal import VirtXML

/// What a store keeps of an object, as an element of a world file: its document, with all else in a `<state>` at its end.
struct StoredForm: ~Copyable {
  private var attributes: [XMLAttribute] = []
  private var content = XMLWriter(capacity: 256)

  /// Nothing to say yet.
  init() {}

  /// Adds an attribute to the state.
  mutating func say(_ name: String, _ value: String) { attributes.append(XMLAttribute(name, value)) }

  /// Adds a yes or no to the state.
  mutating func say(_ name: String, _ value: Bool) { say(name, value ? "yes" : "no") }

  /// Adds a document to the state.
  mutating func add(_ document: [UInt8]) { content.write(document) }

  /// Adds a document to the state, in an element of its own.
  mutating func add(_ document: [UInt8], in element: StaticString) {
    content.write("<")
    content.write(element)
    content.write(">\n")
    content.write(document)
    content.write("</")
    content.write(element)
    content.write(">\n")
  }

  /// Adds an element to the state.
  mutating func add(_ element: XMLElement) { content.write(element, depth: 0) }

  /// Begins an element that holds others.
  mutating func begin(_ element: String, _ attributes: [XMLAttribute]) {
    content.write(verbatim: "<\(element)")
    content.write(attributes)
    content.write(">\n")
  }

  /// Ends it.
  mutating func end(_ element: String) { content.write(verbatim: "</\(element)>\n") }

  /// The whole of it.
  ///
  /// - Throws: That nobody could read it again.
  consuming func bytes(_ document: [UInt8]) throws(VirtError) -> [UInt8] {
    var state = XMLWriter(capacity: content.count + 256)
    state.write("  <test:state xmlns:test='")
    state.write(escaped: PresentState.namespace)
    state.write("'")
    state.write(attributes)
    state.write(">\n")
    state.write(content.bytes)
    state.write("</test:state>\n")
    let whole = document.ending(with: state.array)
    _ = try XMLReader.read(whole, of: "what is to be kept", for: .test)
    return whole
  }
}

extension [UInt8] {
  /// The same document with more bytes in its outermost element, at the end.
  func ending(with more: [UInt8]) -> [UInt8] {
    guard let close = lastIndex(of: UInt8(ascii: "<")) else { return self }
    if close + 1 < count, self[close + 1] == UInt8(ascii: "/") { return self[..<close] + more + self[close...] }
    // One without anything in it.
    guard let slash = lastIndex(of: UInt8(ascii: "/")) else { return self }
    let name = self[(close + 1)...].prefix { $0 > 0x20 && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ">") }
    return self[..<slash] + [UInt8(ascii: ">"), 0x0a] + more + Array("</".utf8) + name + [UInt8(ascii: ">"), 0x0a]
  }

  /// The same document with its outermost element under another name.
  func renamed(from old: String, to name: String) -> [UInt8] {
    let open = Array("<\(old)".utf8), close = Array("</\(old)>\n".utf8)
    guard starts(with: open), suffix(close.count).elementsEqual(close) else { return self }
    return Array("<\(name)".utf8) + self[open.count..<(count - close.count)] + Array("</\(name)>\n".utf8)
  }
}

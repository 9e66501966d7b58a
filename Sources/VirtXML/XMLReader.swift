internal import CExpat
internal import Glibc
package import VirtCore

/// Reads a document in one forward pass.
///
/// Plain documents are read by ``XMLScanner``, everything else, and whatever is wrong, by expat; see decision 4.
///
/// Entities that the document declares are refused, not expanded, and what nests deeper than ``depthLimit`` is refused:
/// the work is proportional to the length of the text.
package enum XMLReader {
  /// How deep elements may nest.
  package static let depthLimit = 256
  /// How long names may be, in bytes.
  package static let nameLimit = 65_535

  /// Reads a document from bytes.
  ///
  /// - Parameter domain: Who reports what is wrong with it.
  /// - Throws: `VIR_ERR_XML_DETAIL` with line and reason.
  package static func read(_ bytes: UnsafeBufferPointer<UInt8>, for domain: ErrorDomain) throws(VirtError) -> XMLElement {
    if let element = XMLScanner.read(bytes) { return element }
    return try parse(bytes, for: domain)
  }

  /// Reads any document, by expat.
  package static func parse(_ bytes: UnsafeBufferPointer<UInt8>, for domain: ErrorDomain) throws(VirtError) -> XMLElement {
    guard let parser = XML_ParserCreate(nil) else { throw VirtError(.noMemory, domain) }
    defer { XML_ParserFree(parser) }
    guard let length = Int32(exactly: bytes.count) else {
      throw VirtError(.xmlDetail, domain, "the document is longer than 2 GiB")
    }
    var builder = Builder(parser: parser, bytes)
    let status = withUnsafeMutablePointer(to: &builder) { builder in
      XML_SetUserData(parser, builder)
      XML_SetElementHandler(parser, { $0?.builder.start($1, $2) }, { state, _ in state?.builder.end() })
      XML_SetCharacterDataHandler(parser) { $0?.builder.characters($1, $2) }
      // With a default handler, references to declared entities come here instead of being expanded.
      XML_SetDefaultHandler(parser) { $0?.builder.other($1, $2) }
      return bytes.withMemoryRebound(to: CChar.self) { XML_Parse(parser, $0.baseAddress, length, 1) }
    }
    if let refusal = builder.refusal { throw problem(parser, refusal, domain) }
    guard status == XML_STATUS_OK else {
      throw problem(parser, String(cString: XML_ErrorString(XML_GetErrorCode(parser))), domain)
    }
    return builder.finish()
  }

  /// Reads a document from a string.
  package static func read(_ text: String, for domain: ErrorDomain) throws(VirtError) -> XMLElement {
    var text = text
    let result = text.withUTF8 { bytes -> Result<XMLElement, VirtError> in
      do throws(VirtError) { return .success(try read(bytes, for: domain)) } catch { return .failure(error) }
    }
    return try result.get()
  }

  private static func problem(_ parser: XML_Parser, _ reason: String, _ domain: ErrorDomain) -> VirtError {
    VirtError(
      .xmlDetail, domain, "",
      "line \(XML_GetCurrentLineNumber(parser)), column \(XML_GetCurrentColumnNumber(parser)): \(reason)")
  }
}

extension UnsafeMutableRawPointer {
  /// The builder that the parser's user data is.
  fileprivate var builder: Builder {
    unsafeAddress { UnsafePointer(assumingMemoryBound(to: Builder.self)) }
    nonmutating unsafeMutableAddress { assumingMemoryBound(to: Builder.self) }
  }
}

/// Hears what the parser tells.
private struct Builder: ~Copyable {
  let parser: XML_Parser
  private var tree: XMLTree
  private(set) var refusal: String?
  /// The input, and how far lines were counted in it. Expat's own count looks at every byte by itself.
  private let bytes: UnsafeBufferPointer<UInt8>
  private var counted = 0
  private var line = 1

  init(parser: XML_Parser, _ bytes: UnsafeBufferPointer<UInt8>) {
    self.parser = parser
    self.bytes = bytes
    tree = XMLTree(length: bytes.count)
  }

  /// What was read, once the parser has seen the end.
  mutating func finish() -> XMLElement { tree.finish() }

  /// The line that the parser is at.
  private mutating func currentLine() -> Int {
    guard let base = bytes.baseAddress else { return line }
    let here = min(max(counted, Int(XML_GetCurrentByteIndex(parser))), bytes.count)
    while counted < here, let found = memchr(base + counted, 0x0a, here - counted) {
      counted = base.distance(to: found.assumingMemoryBound(to: UInt8.self)) + 1
      line += 1
    }
    counted = here
    return line
  }

  mutating func refuse(_ reason: String) {
    guard refusal == nil else { return }
    refusal = reason
    XML_StopParser(parser, 0)
  }

  mutating func start(_ name: UnsafePointer<XML_Char>?, _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?) {
    guard let name, refusal == nil else { return }
    guard tree.depth < XMLReader.depthLimit else {
      return refuse("elements nest deeper than \(XMLReader.depthLimit)")
    }
    guard let name = bytes(ofName: name) else { return }
    tree.start(name, line: currentLine())
    guard var cursor = attributes else { return }
    while let name = cursor[0], let value = cursor[1] {
      guard let name = bytes(ofName: name) else { return }
      tree.attribute(name, Self.bytes(value, Int(strlen(value))))
      cursor += 2
    }
  }

  private mutating func bytes(ofName name: UnsafePointer<XML_Char>) -> UnsafeBufferPointer<UInt8>? {
    let length = Int(strlen(name))
    guard length <= XMLReader.nameLimit else {
      refuse("a name is longer than \(XMLReader.nameLimit) bytes")
      return nil
    }
    return Self.bytes(name, length)
  }

  private static func bytes(_ start: UnsafePointer<XML_Char>, _ count: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self), count: count)
  }

  mutating func end() { if refusal == nil { tree.end() } }

  mutating func characters(_ start: UnsafePointer<XML_Char>?, _ count: Int32) {
    guard let start, refusal == nil, tree.depth > 0 else { return }
    tree.piece(Self.bytes(start, Int(count)))
  }

  mutating func other(_ start: UnsafePointer<XML_Char>?, _ count: Int32) {
    guard let start, count > 1, UInt8(bitPattern: start[0]) == UInt8(ascii: "&") else { return }
    refuse("references to declared entities are not accepted: \(Self.bytes(start, Int(min(count, 80))).string)")
  }
}

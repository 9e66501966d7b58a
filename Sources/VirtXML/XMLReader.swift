internal import CExpat
internal import Glibc
package import VirtCore

/// Reads a document in one forward pass.
///
/// Entities that the document declares are refused, not expanded, and what nests deeper than ``depthLimit`` is refused:
/// the work is proportional to the length of the text.
package enum XMLReader {
  /// How deep elements may nest.
  package static let depthLimit = 256

  /// Reads a document from bytes.
  ///
  /// - Parameter domain: Who reports what is wrong with it.
  /// - Throws: `VIR_ERR_XML_DETAIL` with line and reason.
  package static func read(_ bytes: UnsafeBufferPointer<UInt8>, for domain: ErrorDomain) throws(VirtError) -> XMLElement {
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
    guard status == XML_STATUS_OK, let root = builder.root else {
      throw problem(parser, String(cString: XML_ErrorString(XML_GetErrorCode(parser))), domain)
    }
    return root
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

/// Builds elements from what the parser tells.
private struct Builder {
  /// An element whose end has not come.
  struct Open {
    var name: String
    var attributes: [XMLAttribute]
    /// Where its content begins in ``Builder/content``.
    var start: Int
    var line: Int
  }

  let parser: XML_Parser
  var open: [Open] = []
  /// The content of all open elements, outermost first.
  var content: [XMLContent] = []
  var text: [UInt8] = []
  /// Whether the text so far is nothing but white space.
  var blank = true
  var root: XMLElement?
  var refusal: String?
  /// The document, and how far lines were counted in it. Expat's own count looks at every byte by itself.
  private let bytes: UnsafeBufferPointer<UInt8>
  private var counted = 0
  private var line = 1

  init(parser: XML_Parser, _ bytes: UnsafeBufferPointer<UInt8>) {
    self.parser = parser
    self.bytes = bytes
    open.reserveCapacity(8)
    content.reserveCapacity(32)
    text.reserveCapacity(64)
  }

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
    finishText(between: true)
    guard open.count < XMLReader.depthLimit else {
      return refuse("elements nest deeper than \(XMLReader.depthLimit)")
    }
    var found: [XMLAttribute] = []
    if var cursor = attributes {
      var count = 0
      while cursor[count] != nil { count += 2 }
      if count > 0 { found.reserveCapacity(count / 2) }
      while let name = cursor[0], let value = cursor[1] {
        found.append(XMLAttribute(String(cString: name), String(cString: value)))
        cursor += 2
      }
    }
    open.append(
      Open(name: String(cString: name), attributes: found, start: content.count, line: currentLine()))
  }

  mutating func end() {
    guard refusal == nil, let last = open.last else { return }
    finishText(between: content.count > last.start)
    open.removeLast()
    let own = content.count > last.start ? Array(content[last.start...]) : []
    content.removeLast(own.count)
    let element = XMLElement(last.name, last.attributes, own, line: last.line)
    if open.isEmpty { root = element } else { content.append(.element(element)) }
  }

  mutating func characters(_ start: UnsafePointer<XML_Char>?, _ count: Int32) {
    guard let start, refusal == nil, !open.isEmpty else { return }
    let bytes = UnsafeRawBufferPointer(start: start, count: Int(count))
    if blank { blank = bytes.allSatisfy { $0 == 0x20 || $0 == 0x0a || $0 == 0x09 || $0 == 0x0d } }
    text.append(contentsOf: bytes)
  }

  mutating func other(_ start: UnsafePointer<XML_Char>?, _ count: Int32) {
    guard let start, count > 1, UInt8(bitPattern: start[0]) == UInt8(ascii: "&") else { return }
    let name = String(decoding: UnsafeRawBufferPointer(start: start, count: Int(min(count, 80))), as: UTF8.self)
    refuse("references to declared entities are not accepted: \(name)")
  }

  /// Takes the text so far into the innermost element; white space between elements is dropped.
  private mutating func finishText(between: Bool) {
    guard !text.isEmpty else { return }
    if !open.isEmpty, !(blank && between) {
      content.append(.text(String(decoding: text, as: UTF8.self)))
    }
    text.removeAll(keepingCapacity: true)
    blank = true
  }
}

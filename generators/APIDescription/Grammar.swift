import CLibXML2

/// The RELAX NG grammar of the description, `description.rng`.
public final class Grammar {
  private let schema: xmlRelaxNGPtr

  /// Compiles a grammar.
  ///
  /// - Throws: When it is not one.
  public init(_ bytes: [UInt8], file: String) throws(DescriptionErrors) {
    var collected = Collected(file: file)
    let schema = bytes.withUnsafeBytes { buffer -> xmlRelaxNGPtr? in
      guard
        let context = xmlRelaxNGNewMemParserCtxt(
          buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(clamping: buffer.count))
      else { return nil }
      defer { xmlRelaxNGFreeParserCtxt(context) }
      return withUnsafeMutablePointer(to: &collected) { pointer in
        xmlRelaxNGSetParserStructuredErrors(context, Collected.collect, pointer)
        return xmlRelaxNGParse(context)
      }
    }
    guard let schema else {
      if collected.diagnostics.isEmpty {
        collected.diagnostics = [Diagnostic(SourceLocation(file: file, line: 0), "not a RELAX NG grammar")]
      }
      throw DescriptionErrors(collected.diagnostics)
    }
    self.schema = schema
  }

  deinit { xmlRelaxNGFree(schema) }

  /// Holds a document against the grammar.
  func check(_ document: xmlDocPtr, file: String, into diagnostics: inout [Diagnostic]) {
    for diagnostic in problems(of: document, file: file) {
      guard diagnostic.location.line == 0, let line = line(of: diagnostic.message, in: document, file: file) else {
        diagnostics.append(diagnostic)
        continue
      }
      diagnostics.append(Diagnostic(SourceLocation(file: file, line: line), diagnostic.message))
    }
  }

  private func problems(of document: xmlDocPtr, file: String) -> [Diagnostic] {
    guard let context = xmlRelaxNGNewValidCtxt(schema) else { return [] }
    defer { xmlRelaxNGFreeValidCtxt(context) }
    var collected = Collected(file: file)
    let result = withUnsafeMutablePointer(to: &collected) { pointer in
      xmlRelaxNGSetValidStructuredErrors(context, Collected.collect, pointer)
      return xmlRelaxNGValidateDoc(context, document)
    }
    if result != 0 && collected.diagnostics.isEmpty {
      collected.diagnostics.append(Diagnostic(SourceLocation(file: file, line: 0), "does not follow the grammar"))
    }
    return collected.diagnostics
  }

  /// Some problems come without a place, only with the name of an element: it is the one without which the problem is gone.
  private func line(of message: String, in document: xmlDocPtr, file: String) -> Int? {
    let words = message.split(separator: " ")
    guard words.count > 1, words[0] == "Element", let root = xmlDocGetRootElement(document) else { return nil }
    for candidate in Self.elements(named: String(words[1]), under: root) {
      guard let parent = candidate.pointee.parent else { continue }
      let next = candidate.pointee.next
      xmlUnlinkNode(candidate)
      let isGone = !problems(of: document, file: file).contains { $0.message == message && $0.location.line == 0 }
      if let next { xmlAddPrevSibling(next, candidate) } else { xmlAddChild(parent, candidate) }
      if isGone { return Int(xmlGetLineNo(candidate)) }
    }
    return nil
  }

  private static func elements(named name: String, under node: xmlNodePtr) -> [xmlNodePtr] {
    var found: [xmlNodePtr] = []
    var child = node.pointee.children
    while let current = child {
      if current.pointee.type == XML_ELEMENT_NODE {
        if String(cString: current.pointee.name) == name { found.append(current) }
        found += elements(named: name, under: current)
      }
      child = current.pointee.next
    }
    return found
  }

  /// What libxml2 reports, collected through its C callback.
  private struct Collected {
    let file: String
    var diagnostics: [Diagnostic] = []

    static let collect: @convention(c) (UnsafeMutableRawPointer?, xmlErrorPtr?) -> Void = { opaque, error in
      guard let opaque, let error = error?.pointee else { return }
      let mine = opaque.assumingMemoryBound(to: Collected.self)
      var line = Int(error.line)
      if let node = error.node { line = Int(xmlGetLineNo(node.assumingMemoryBound(to: xmlNode.self))) }
      let text = error.message.map { XMLFile.trimmed(String(cString: $0)) } ?? "does not follow the grammar"
      mine.pointee.diagnostics.append(Diagnostic(SourceLocation(file: mine.pointee.file, line: line), text))
    }
  }
}

package import VirtCore

extension VirtError {
  /// An error whose cause stands in a document: all of them are made here, so that each names the element, its line and the rule.
  ///
  /// - Parameters:
  ///   - element: The element's name.
  ///   - line: 0 for an element that no document had.
  ///   - rule: What is wrong, or what should be there.
  package init(_ code: ErrorCode, _ domain: ErrorDomain, in element: String, line: Int, _ rule: String) {
    self.init(code, domain, "", line > 0 ? "<\(element)> (line \(line)): \(rule)" : "<\(element)>: \(rule)")
  }
}

extension XMLElement {
  /// An error whose cause is this element, or something in it.
  package func wrong(_ code: ErrorCode, _ rule: String, _ domain: ErrorDomain = .domain) -> VirtError {
    VirtError(code, domain, in: name, line: line, rule)
  }

  /// An error about an attribute that has no such value.
  package func noSuchValue(_ name: StaticString, _ value: String, _ code: ErrorCode = .xmlError, _ domain: ErrorDomain = .xml)
    -> VirtError
  {
    wrong(code, "'\(name)' has no such value: '\(value)'", domain)
  }

  /// Refuses a document whose root has another name.
  package func expect(_ name: StaticString) throws(VirtError) {
    guard isNamed(name) else { throw wrong(.xmlError, "the document is no <\(name)>", .xml) }
  }
}

internal import VirtCore
internal import VirtXML

/// What an element of a document may hold, in the order in which it is written. What a rule does not know is kept, behind what
/// it does.
struct ElementRule: Sendable {
  /// How often the element stands where it may.
  enum Presence: Sendable {
    case optional
    case repeated
    /// It is written even when the document has none.
    case always
    case required(ErrorCode, ErrorDomain)
  }

  /// What stands in it.
  enum Content: Sendable {
    /// Anything.
    case free
    case text(ValueRule)
    case parts([ElementRule])
  }

  /// The element's name.
  let name: String
  /// The value of its attribute 'type', where several kinds share a name.
  var kind: String?
  var presence = Presence.optional
  var attributes: [(name: String, rule: ValueRule)] = []
  var content = Content.free
  /// What is done with a kind of part that no rule knows, and with one that says no kind; see ``kind``.
  var unknownKind = ValueRule.Lack.taken("")
  var missingKind = ValueRule.Lack.taken("")
  /// Whether an empty kind counts as none.
  var emptyKindIsMissing = false
  /// Whether the element is left out when nothing stands in it.
  var needsSomething = false

  /// Whether the rule is about an element.
  func matches(_ element: XMLElement) -> Bool {
    element.name == name && (kind == nil || element["type"] == kind)
  }

  /// The element as it is written; nil when it is left out.
  func arranged(_ element: XMLElement) throws(VirtError) -> XMLElement? {
    var arranged: [XMLAttribute] = kind.map { [XMLAttribute("type", $0)] } ?? []
    for (name, rule) in attributes {
      switch try rule.read(name, of: element) {
      case .value(let value): arranged.append(XMLAttribute(name, value))
      case .nothing: break
      case .noElement: return nil
      }
    }
    arranged += element.attributes.filter { unknown in
      !(kind != nil && unknown.name == "type") && !attributes.contains { $0.name == unknown.name }
    }
    if needsSomething, arranged.isEmpty, element.isEmpty { return nil }
    switch content {
    case .free: return XMLElement(element.name, arranged, element.content, line: element.line)
    case .text(let rule):
      var inside: [XMLContent] = []
      switch try rule.read(nil, of: element) {
      case .value(let value): if !value.isEmpty { inside = [.text(value)] }
      case .nothing where attributes.isEmpty: return nil
      case .nothing: break
      case .noElement: return nil
      }
      return XMLElement(element.name, arranged, inside + element.elements.map { .element($0) }, line: element.line)
    case .parts(let rules):
      let parts = try self.parts(of: element, rules)
      return XMLElement(element.name, arranged, parts.map { .element($0) }, line: element.line)
    }
  }

  /// The parts of an element, in order.
  private func parts(of element: XMLElement, _ rules: [ElementRule]) throws(VirtError) -> [XMLElement] {
    var parts: [XMLElement] = []
    for rule in rules {
      let found = element.elements.filter { rule.matches($0) }
      if case .repeated = rule.presence {
        for one in found { if let part = try rule.arranged(one) { parts.append(part) } }
        continue
      }
      guard let first = found.first else {
        switch rule.presence {
        case .required(let code, let domain):
          throw element.wrong(code, "<\(rule.name)> is missing", domain)
        case .always: if let part = try rule.arranged(XMLElement(rule.name)) { parts.append(part) }
        default: break
        }
        continue
      }
      if let part = try rule.arranged(first) { parts.append(part) }
    }
    for other in element.elements where !rules.contains(where: { $0.matches(other) }) {
      if try keeps(other, rules) { parts.append(other) }
    }
    return parts
  }

  /// Whether a part that no rule is about is kept.
  private func keeps(_ part: XMLElement, _ rules: [ElementRule]) throws(VirtError) -> Bool {
    guard rules.contains(where: { $0.kind != nil && $0.name == part.name }) else { return true }
    let kind = part["type"]
    let isMissing = kind == nil || (kind == "" && emptyKindIsMissing)
    switch isMissing ? missingKind : unknownKind {
    case .taken: return true
    case .leftOut, .elementLeftOut: return false
    case .refused(let code, let domain):
      throw part.noSuchValue("type", kind ?? "", code, domain)
    }
  }
}

extension ElementRule {
  /// An element that holds a value, with no attributes. Without a value it is left out.
  static func value(_ name: String, _ rule: ValueRule = .text) -> ElementRule {
    var made = ElementRule(name: name)
    made.content = .text(rule)
    return made
  }

  /// An element of attributes alone.
  static func attributes(_ name: String, _ attributes: [(name: String, rule: ValueRule)]) -> ElementRule {
    ElementRule(name: name, attributes: attributes)
  }

  /// An element of parts.
  static func parts(_ name: String, _ parts: [ElementRule]) -> ElementRule {
    ElementRule(name: name, content: .parts(parts))
  }

  /// The same element with its presence changed.
  func present(_ presence: Presence) -> ElementRule {
    var changed = self
    changed.presence = presence
    return changed
  }
}

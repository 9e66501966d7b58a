import APIDescription

/// Turns the grammar of documents into patterns of RELAX NG.
///
/// A type is a definition of its own; where the element around chooses its variant, it has one for each.
struct SchemaBuilder {
  private let contents: [String: DocumentContent]
  /// The definitions that were referred to and are not made yet.
  private var wanted: [(type: String, outer: [String: String])] = []
  private var known: Set<String> = []

  init(_ topics: [GrammarTopic]) {
    contents = Dictionary(topics.flatMap(\.types).map { ($0.name, $0.content) }) { first, _ in first }
  }

  /// The pattern of a root element, and the definitions behind it by name.
  mutating func document(_ document: GrammarTopic.Document) -> (root: SchemaNode, definitions: [(name: String, node: SchemaNode)]) {
    let inside = document.type.map { [reference($0, [:])] } ?? body(document.content, [:])
    let root = SchemaNode("element", ["name", document.root], inside.isEmpty ? [SchemaNode("empty")] : inside)
    var definitions: [(name: String, node: SchemaNode)] = []
    while let next = wanted.popLast() {
      guard let content = contents[next.type] else { continue }
      let nodes = body(content, next.outer)
      definitions.append(
        (Self.name(next.type, content, next.outer), SchemaNode("define", nodes.isEmpty ? [SchemaNode("empty")] : nodes)))
    }
    return (root, definitions.sorted { $0.name < $1.name })
  }

  /// The pattern of a kind of text.
  static func pattern(_ value: TextValue?) -> SchemaNode {
    guard let value, !value.types.contains(TextValue.anything) else { return SchemaNode("text") }
    let patterns =
      value.choices.map { SchemaNode("value", text: $0) } + value.types.map { SchemaNode.ref("value.\($0)") } + value.data.map(data)
    return patterns.isEmpty ? SchemaNode("text") : .choice(patterns)
  }

  private static func data(_ data: TextValue.Data) -> SchemaNode {
    let limits = [
      ("pattern", data.pattern), ("minInclusive", data.least), ("maxInclusive", data.most), ("maxLength", data.longest),
    ]
    return SchemaNode(
      "data", ["type", data.name],
      limits.compactMap { name, text in text.map { SchemaNode("param", ["name", name], text: $0) } })
  }

  // MARK: - Variants

  private mutating func body(_ content: DocumentContent, _ outer: [String: String]) -> [SchemaNode] {
    choose(content, selectors(of: content)[...], [], outer)
  }

  /// What chooses variants of a content: its own selectors, and what elements in it ask of it.
  private func selectors(of content: DocumentContent) -> [String] {
    var found = content.followedSelectors
    for part in content.parts {
      guard let inner = part.content ?? part.type.flatMap({ contents[$0] }) else { continue }
      for selector in inner.followedSelectors where selector.hasPrefix("../") {
        let name = String(selector.dropFirst(3))
        let isThere = content.parts.contains { $0.isAttribute && $0.name == name && $0.value?.choices.isEmpty == false }
        if isThere, !found.contains(name) { found.append(name) }
      }
    }
    return found
  }

  /// The patterns of all variants: a choice of the values of the first selector, with the patterns that go with each.
  private mutating func choose(
    _ content: DocumentContent, _ selectors: ArraySlice<String>, _ chosen: [(name: String, value: String)],
    _ outer: [String: String]
  ) -> [SchemaNode] {
    guard let selector = selectors.first else { return group(content, chosen) }
    let rest = selectors.dropFirst()
    if selector.hasPrefix("../") {
      return choose(content, rest, chosen + [(selector, outer[String(selector.dropFirst(3))] ?? DocumentContent.missing)], outer)
    }
    let own = content.parts.filter { $0.isAttribute && $0.name == selector && Self.stands($0, chosen) }
    var values = own.flatMap { $0.value?.choices ?? [] }
    if own.isEmpty || !own.contains(where: { Self.isNeeded($0, chosen) }) { values.append(DocumentContent.missing) }
    var variants: [(values: [String], nodes: [SchemaNode])] = []
    for value in values {
      let nodes = choose(content, rest, chosen + [(selector, value)], outer)
      if let same = variants.firstIndex(where: { $0.nodes == nodes }) {
        variants[same].values.append(value)
      } else {
        variants.append(([value], nodes))
      }
    }
    let patterns = variants.map { variant in Self.attribute(selector, variant.values) + variant.nodes }
    return patterns.count == 1 ? patterns[0] : [.choice(patterns.map(SchemaNode.group))]
  }

  private static func attribute(_ name: String, _ values: [String]) -> [SchemaNode] {
    let words = values.filter { $0 != DocumentContent.missing }
    guard !words.isEmpty else { return [] }
    let node = SchemaNode("attribute", ["name", name], [.choice(words.map { SchemaNode("value", text: $0) })])
    return words.count == values.count ? [node] : [SchemaNode("optional", [node])]
  }

  private static func stands(_ part: DocumentPart, _ chosen: [(name: String, value: String)]) -> Bool {
    part.variants.isEmpty || matches(part.variants, chosen)
  }

  private static func isNeeded(_ part: DocumentPart, _ chosen: [(name: String, value: String)]) -> Bool {
    part.isNeeded || matches(part.neededIn, chosen)
  }

  private static func matches(_ variants: [String], _ chosen: [(name: String, value: String)]) -> Bool {
    variants.contains { variant in
      zip(variant.split(separator: "/"), chosen).allSatisfy { $0 == "*" || $0 == $1.value }
    }
  }

  // MARK: - One variant

  private mutating func group(_ content: DocumentContent, _ chosen: [(name: String, value: String)]) -> [SchemaNode] {
    let outer = Dictionary(chosen.filter { !$0.name.hasPrefix("../") }.map { ($0.name, $0.value) }) { first, _ in first }
    let parts = content.parts.filter { part in
      Self.stands(part, chosen) && !(part.isAttribute && outer[part.name] != nil)
    }
    // Attributes that exclude elements stand among them.
    let groups = Set(parts.filter { !$0.isAttribute }.compactMap { $0.group.map { Self.halves($0).group } })
    let isPlain = { (part: DocumentPart) in
      part.isAttribute && !(part.group.map { groups.contains(Self.halves($0).group) } ?? false)
    }
    let attributes = patterns(parts.filter(isPlain), chosen, outer)
    let elements = patterns(parts.filter { !isPlain($0) }, chosen, outer)
    var inside: [SchemaNode] = elements.count > 1 && !content.isOrdered ? [SchemaNode("interleave", elements)] : elements
    if let value = content.value, content.textVariants.isEmpty || Self.matches(content.textVariants, chosen) {
      let text = Self.pattern(value)
      if text.name == "text", !elements.isEmpty {
        inside = [SchemaNode("interleave", elements + [text])]
      } else if !elements.isEmpty {
        inside = [.choice([text, .group(inside)])]
      } else {
        inside = [content.isTextOptional && text.name != "text" ? .choice([text, SchemaNode("empty")]) : text]
      }
    } else if attributes.isEmpty, elements.isEmpty {
      inside = [SchemaNode("empty")]
    }
    return attributes + inside
  }

  private mutating func patterns(
    _ parts: [DocumentPart], _ chosen: [(name: String, value: String)], _ outer: [String: String]
  ) -> [SchemaNode] {
    var nodes: [SchemaNode] = []
    var done: Set<String> = []
    for part in parts {
      guard let group = part.group else {
        nodes.append(repeated(pattern(part, outer), part, Self.isNeeded(part, chosen)))
        continue
      }
      let name = Self.halves(group).group
      guard done.insert(name).inserted else { continue }
      nodes.append(alternatives(parts.filter { $0.group.map { Self.halves($0).group } == name }, chosen, outer))
    }
    return nodes
  }

  /// Parts of which only one stands, or those that may stand together.
  private mutating func alternatives(
    _ members: [DocumentPart], _ chosen: [(name: String, value: String)], _ outer: [String: String]
  ) -> SchemaNode {
    var sides: [(name: String, parts: [DocumentPart])] = []
    for member in members {
      let side = member.group.flatMap { Self.halves($0).side } ?? "@\(member.isAttribute)\(member.name)"
      if let known = sides.firstIndex(where: { $0.name == side }) {
        sides[known].parts.append(member)
      } else {
        sides.append((side, [member]))
      }
    }
    let isNeeded = members.contains { Self.isNeeded($0, chosen) }
    var patterns: [SchemaNode] = []
    for side in sides {
      var together: [SchemaNode] = []
      for part in side.parts {
        together.append(repeated(pattern(part, outer), part, Self.isNeeded(part, chosen) || side.parts.count == 1))
      }
      let areElements = side.parts.allSatisfy { !$0.isAttribute }
      patterns.append(together.count == 1 ? together[0] : SchemaNode(areElements ? "interleave" : "group", together))
    }
    return isNeeded ? .choice(patterns) : SchemaNode("optional", [.choice(patterns)])
  }

  private static func halves(_ group: String) -> (group: String, side: String?) {
    let halves = group.split(separator: "/", maxSplits: 1).map(String.init)
    return (halves[0], halves.count == 2 ? halves[1] : nil)
  }

  private func repeated(_ node: SchemaNode, _ part: DocumentPart, _ isNeeded: Bool) -> SchemaNode {
    switch (part.frequency, isNeeded) {
    case (.once, true): node
    case (.once, false): SchemaNode("optional", [node])
    case (.many, true): SchemaNode("oneOrMore", [node])
    case (.many, false): SchemaNode("zeroOrMore", [node])
    }
  }

  private mutating func pattern(_ part: DocumentPart, _ outer: [String: String]) -> SchemaNode {
    let name = ["name", part.name] + (part.namespace.map { ["ns", $0] } ?? [])
    if part.isAttribute { return SchemaNode("attribute", name, [Self.pattern(part.value)]) }
    if part.isAnything { return SchemaNode("element", name, [.ref("anything")]) }
    if let type = part.type { return SchemaNode("element", name, [reference(type, outer)]) }
    let inside = part.content.map { body($0, outer) } ?? []
    return SchemaNode("element", name, inside.isEmpty ? [SchemaNode("empty")] : inside)
  }

  // MARK: - Definitions

  private mutating func reference(_ type: String, _ outer: [String: String]) -> SchemaNode {
    guard let content = contents[type] else { return SchemaNode("notAllowed") }
    let name = Self.name(type, content, outer)
    if known.insert(name).inserted { wanted.append((type, outer)) }
    return .ref(name)
  }

  /// A type's name, and what the element around has chosen for it.
  private static func name(_ type: String, _ content: DocumentContent, _ outer: [String: String]) -> String {
    content.followedSelectors.filter { $0.hasPrefix("../") }.reduce(type) { name, selector in
      let value = outer[String(selector.dropFirst(3))] ?? DocumentContent.missing
      return "\(name).\(String(value.map { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "." ? $0 : "_" }))"
    }
  }
}

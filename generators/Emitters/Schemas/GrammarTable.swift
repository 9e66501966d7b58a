import APIDescription

/// The grammar of documents as tables that readers use: places instead of pointers, nothing twice.
struct GrammarTable {
  /// An attribute or element of a content.
  struct Part {
    let name: String
    /// What readers check of it in all variants, or in some.
    var targets: [Target] = []
    /// The content by which an element is put in order, whatever its variant.
    var order = 0
    var missing = 0
    /// The error of an element that stands twice.
    var doubled = 0
    var needed = Needed.never
    /// The variants in which an element stands in this place, when there is another one for its name.
    var variants: [String] = []
    var isMany = false
  }

  /// What a part is in some variants, or in all where these are none.
  struct Target: Hashable {
    var variants: [String]
    let place: Int
  }

  /// Where a part must be there.
  enum Needed: Equatable {
    case never, always
    case variants([String])
  }

  /// What stands in an element.
  struct Content {
    var attributes: [Part] = []
    var elements: [Part] = []
    var text = 0
    var isMixed = false
    /// The error of an element in it that nobody knows.
    var unknown = 0
    var selectors: [String] = []
    /// Attributes, then elements.
    var parts: [Part] { attributes + elements }
  }

  /// What a value may be.
  struct Rule: Hashable {
    var words: [String] = []
    var reading = 0
    var refusal = 0
    var takesEmpty = false
  }

  /// Content 0 is about what may be anything.
  private(set) var contents = [Content()]
  /// Rule 0 is about values that may be anything.
  private(set) var rules = [Rule()]
  /// Refusal 0 is none.
  private(set) var refusals = [Self.plain]
  /// Named types of the grammar, and documents that are of none, with the place of their content.
  private(set) var places: [(name: String, isDocument: Bool, place: Int)] = []

  private let types: [String: DocumentContent]
  private let values: [String: TextValue]
  private let readings: [String]
  private static let plain = "VIR_ERR_XML_ERROR VIR_FROM_XML"

  /// Takes what documents can hold whose readers have tables.
  init(_ topics: [GrammarTopic]) {
    types = Dictionary(topics.flatMap(\.types).map { ($0.name, $0.content) }) { first, _ in first }
    values = Dictionary(topics.flatMap(\.values).map { ($0.name, $0.value) }) { first, _ in first }
    readings = topics.flatMap(\.readings).map(\.name)
    for document in topics.flatMap(\.documents).sorted(by: { $0.kind < $1.kind }) where document.hasTables {
      if let type = document.type {
        _ = place(ofType: type)
      } else {
        places.append((document.kind, true, add(document.content)))
      }
    }
    places.sort { $0.name < $1.name }
  }

  private mutating func place(ofType name: String) -> Int {
    if let known = places.first(where: { $0.name == name && !$0.isDocument }) { return known.place }
    guard let content = types[name] else { return 0 }
    places.append((name, false, contents.count))
    return add(content)
  }

  private mutating func add(_ content: DocumentContent) -> Int {
    let place = contents.count
    contents.append(Content())
    var made = Content()
    made.text = rule(content.value.map { [$0] } ?? [], isText: true)
    made.isMixed = content.isMixed
    made.unknown = content.unknown.map { refusal($0) } ?? 0
    made.selectors = content.selectors
    let parts = content.allParts.filter { $0.namespace == nil }
    for part in parts where part.isAttribute && !made.attributes.contains(where: { $0.name == part.name }) {
      made.attributes.append(attribute(parts.filter { $0.isAttribute && $0.name == part.name }))
    }
    var elements = parts.filter { !$0.isAttribute }[...]
    while let first = elements.first {
      // What stands in one place, in one variant or another.
      let same = Array(elements.prefix { $0.name == first.name })
      elements = elements.dropFirst(same.count)
      let places = same.map { target($0) }
      var part = Part(name: first.name, order: merged(places), isMany: same.contains { $0.frequency == .many })
      part.targets = Self.targets(same, zip(same, places).map { $0.isRead ? $1 : 0 })
      part.doubled = same.compactMap(\.doubled).first.map { refusal($0) } ?? 0
      addNeeds(of: same, to: &part)
      let isElsewhere = parts.count { !$0.isAttribute && $0.name == first.name } > same.count
      if isElsewhere { part.variants = same.flatMap(\.variants) }
      made.elements.append(part)
    }
    contents[place] = made
    return place
  }

  /// The content by which an element is put in order that is one of several: it has the parts of all of them, and checks none.
  private mutating func merged(_ places: [Int]) -> Int {
    let all = Self.distinct(places.filter { $0 > 0 })
    guard let first = all.first, all.count > 1 else { return all.first ?? 0 }
    var whole = Content()
    whole.isMixed = contents[first].isMixed
    whole.attributes = Self.distinct(all.flatMap { contents[$0].attributes.map(\.name) }).map { Part(name: $0) }
    for name in Self.distinct(all.flatMap({ contents[$0].elements.map(\.name) })) {
      let same = all.flatMap { place in contents[place].elements.filter { $0.name == name }.map(\.order) }
      whole.elements.append(Part(name: name, order: merged(same)))
    }
    contents.append(whole)
    return contents.count - 1
  }

  private static func distinct<Value: Hashable>(_ values: [Value]) -> [Value] {
    var seen: Set<Value> = []
    return values.filter { seen.insert($0).inserted }
  }

  /// One attribute, which the description may have once for each of some variants.
  private mutating func attribute(_ same: [DocumentPart]) -> Part {
    var made = Part(name: same[0].name)
    let everywhere = rule(same.filter(\.readVariants.isEmpty).compactMap(\.value), isText: false)
    let places = same.map { $0.readVariants.isEmpty ? everywhere : rule($0.value.map { [$0] } ?? [], isText: false) }
    made.targets = Self.targets(same, places)
    addNeeds(of: same, to: &made)
    return made
  }

  /// Says of a part where it is missed, and how that is refused.
  private mutating func addNeeds(of same: [DocumentPart], to made: inout Part) {
    for part in same {
      guard let missing = part.missing else { continue }
      made.missing = refusal(missing)
      let variants = part.missingVariants
      switch made.needed {
      case .variants(let others) where !variants.isEmpty: made.needed = .variants(others + variants)
      case .never where !variants.isEmpty: made.needed = .variants(variants)
      default: made.needed = .always
      }
    }
  }

  /// What a part is in its variants, what it is in all of them last. Parts that are the same share a target.
  private static func targets(_ same: [DocumentPart], _ places: [Int]) -> [Target] {
    var made: [Target] = []
    for (part, place) in zip(same, places) {
      let target = Target(variants: part.readVariants, place: place)
      guard let known = made.firstIndex(where: { $0.place == target.place }) else {
        made.append(target)
        continue
      }
      let isAll = made[known].variants.isEmpty || target.variants.isEmpty
      made[known].variants = isAll ? [] : made[known].variants + target.variants
    }
    let others = made.filter(\.variants.isEmpty).prefix(1)
    return made.filter { !$0.variants.isEmpty && ($0.place > 0 || !others.isEmpty) } + others
  }

  /// The place of what stands in an element, as the grammar says it.
  private mutating func target(_ part: DocumentPart) -> Int {
    part.isAnything ? 0 : part.type.map { place(ofType: $0) } ?? part.content.map { add($0) } ?? 0
  }

  /// What values may be that stand in one place, in one variant or another.
  private mutating func rule(_ values: [TextValue], isText: Bool) -> Int {
    let named = self.values
    var made = Rule()
    for value in values {
      let reading = value.reading ?? value.types.compactMap { type in named[type]?.reading }.first
      let isFree = !value.types.isEmpty || !value.data.isEmpty
      let words = value.choices.filter { !value.unreadChoices.contains($0) } + value.readChoices
      guard reading != TextValue.unread else { return 0 }
      guard reading != nil || !value.readChoices.isEmpty || (!isFree && !words.isEmpty) else {
        // Any text, but an empty one counts as none.
        return value.isEmptyRead && !isText ? place(of: Rule(takesEmpty: true)) : 0
      }
      made.words += words.filter { !made.words.contains($0) }
      made.reading = reading.flatMap { readings.firstIndex(of: $0) }.map { $0 + 1 } ?? made.reading
      made.refusal = refusal(value.refusal ?? Self.plain)
      made.takesEmpty = made.takesEmpty || value.isEmptyRead || isText
    }
    guard !made.words.isEmpty || made.reading > 0 || made.takesEmpty else { return 0 }
    return place(of: made)
  }

  private mutating func place(of rule: Rule) -> Int {
    if let known = rules.firstIndex(of: rule) { return known }
    rules.append(rule)
    return rules.count - 1
  }

  private mutating func refusal(_ names: String) -> Int {
    if let known = refusals.dropFirst().firstIndex(of: names) { return known }
    refusals.append(names)
    return refusals.count - 1
  }
}

import APIDescription

/// The grammar of documents as tables that readers use: places instead of pointers, nothing twice.
struct GrammarTable {
  /// An attribute or element of a content.
  struct Part {
    let name: String
    /// What it is in all variants, or in some.
    var targets: [Target] = []
    var missing = 0
    /// The error of an element that stands twice.
    var doubled = 0
    var needed = Needed.never
    /// The variants in which an element stands in this place, when there is another one for its name.
    var variants: [String] = []
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

  /// Contents that readers leave alone, by the place of the same content for those who do not.
  private var unreadPlaces: [Int: Int] = [:]
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
      let places = completed(same.map { target($0) })
      var part = Part(name: first.name, targets: Self.targets(same, places))
      part.doubled = same.compactMap(\.doubled).first.map { refusal($0) } ?? 0
      addNeeds(of: same, to: &part)
      let isElsewhere = parts.count { !$0.isAttribute && $0.name == first.name } > same.count
      if isElsewhere { part.variants = same.flatMap(\.variants) }
      made.elements.append(part)
    }
    contents[place] = made
    return place
  }

  /// Gives the first of several contents the parts of the others as well: readers put an element in order by it, whatever its variant.
  private mutating func completed(_ places: [Int]) -> [Int] {
    guard let first = places.first(where: { $0 > 0 }), places.contains(where: { $0 > 0 && $0 != first }) else { return places }
    var whole = contents[first]
    for other in places where other > 0 && other != first {
      for part in contents[other].attributes where !whole.attributes.contains(where: { $0.name == part.name }) {
        whole.attributes.append(Part(name: part.name))
      }
      for part in contents[other].elements where !whole.elements.contains(where: { $0.name == part.name }) {
        let target = part.targets.first.map { [Target(variants: [], place: $0.place)] } ?? []
        whole.elements.append(Part(name: part.name, targets: target))
      }
    }
    contents.append(whole)
    return places.map { $0 == first ? contents.count - 1 : $0 }
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

  private mutating func target(_ part: DocumentPart) -> Int {
    guard !part.isAnything else { return 0 }
    let known = part.type.map { place(ofType: $0) } ?? part.content.map { add($0) } ?? 0
    return part.isRead ? known : unread(known)
  }

  /// A content that readers leave alone, but that has an order, at all depths.
  private mutating func unread(_ known: Int) -> Int {
    guard known > 0 else { return 0 }
    if let place = unreadPlaces[known] { return place }
    let place = contents.count
    unreadPlaces[known] = place
    contents.append(Content())
    var made = Content()
    made.isMixed = contents[known].isMixed
    made.attributes = contents[known].attributes.map { Part(name: $0.name) }
    for part in contents[known].elements {
      let below = unread(part.targets.first?.place ?? 0)
      made.elements.append(Part(name: part.name, targets: below > 0 ? [Target(variants: [], place: below)] : []))
    }
    contents[place] = made
    return place
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
      guard reading != nil || (!isFree && !words.isEmpty) else {
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

import APIDescription

/// The grammar of documents as tables that readers use: places instead of pointers, nothing twice.
struct GrammarTable {
  /// An attribute or element of a content.
  struct Part: Hashable {
    let name: String
    var target: Int
    let missing: Int
  }

  /// What stands in an element.
  struct Content {
    var attributes: [Part] = []
    var elements: [Part] = []
    var text = 0
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
  /// Named types of the grammar, with the place of their content.
  private(set) var places: [(name: String, place: Int)] = []

  private let types: [String: DocumentContent]
  private let values: [String: TextValue]
  private let readings: [String]
  private static let plain = "VIR_ERR_XML_ERROR VIR_FROM_XML"

  /// Takes what documents that readers check can hold.
  init(_ topics: [GrammarTopic]) {
    types = Dictionary(topics.flatMap(\.types).map { ($0.name, $0.content) }) { first, _ in first }
    values = Dictionary(topics.flatMap(\.values).map { ($0.name, $0.value) }) { first, _ in first }
    readings = topics.flatMap(\.readings).map(\.name)
    for document in topics.flatMap(\.documents).sorted(by: { $0.kind < $1.kind }) where document.isChecked {
      if let type = document.type { _ = place(ofType: type) } else { _ = add(document.content) }
    }
    places.sort { $0.name < $1.name }
  }

  private mutating func place(ofType name: String) -> Int {
    if let known = places.first(where: { $0.name == name }) { return known.place }
    guard let content = types[name] else { return 0 }
    places.append((name, contents.count))
    return add(content)
  }

  private mutating func add(_ content: DocumentContent) -> Int {
    let place = contents.count
    contents.append(Content())
    var made = Content()
    made.text = rule(content.value.map { [$0] } ?? [], isText: true)
    for part in content.parts where part.namespace == nil {
      let isKnown = (part.isAttribute ? made.attributes : made.elements).contains { $0.name == part.name }
      guard !isKnown else { continue }
      if part.isAttribute {
        let same = content.parts.filter { $0.isAttribute && $0.name == part.name }
        made.attributes.append(
          Part(
            name: part.name, target: rule(same.compactMap(\.value), isText: false), missing: part.missing.map { refusal($0) } ?? 0))
      } else {
        made.elements.append(Part(name: part.name, target: target(part), missing: 0))
      }
    }
    contents[place] = made
    return place
  }

  private mutating func target(_ part: DocumentPart) -> Int {
    guard part.isRead, !part.isAnything else { return 0 }
    if let type = part.type { return place(ofType: type) }
    return part.content.map { add($0) } ?? 0
  }

  /// What values may be that stand in one place, in one variant or another.
  private mutating func rule(_ values: [TextValue], isText: Bool) -> Int {
    let named = self.values
    var made = Rule()
    for value in values {
      let reading = value.reading ?? value.types.compactMap { type in named[type]?.reading }.first
      let isFree = !value.types.isEmpty || !value.data.isEmpty
      let words = value.choices + value.readChoices
      guard reading != TextValue.unread, reading != nil || (!isFree && !words.isEmpty) else { return 0 }
      made.words += words.filter { !made.words.contains($0) }
      made.reading = reading.flatMap { readings.firstIndex(of: $0) }.map { $0 + 1 } ?? made.reading
      made.refusal = refusal(value.refusal ?? Self.plain)
      made.takesEmpty = made.takesEmpty || value.isEmptyRead || isText
    }
    guard !made.words.isEmpty || made.reading > 0 else { return 0 }
    if let known = rules.firstIndex(of: made) { return known }
    rules.append(made)
    return rules.count - 1
  }

  private mutating func refusal(_ names: String) -> Int {
    if let known = refusals.dropFirst().firstIndex(of: names) { return known }
    refusals.append(names)
    return refusals.count - 1
  }
}

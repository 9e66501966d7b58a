import APIDescription

/// The grammar of documents as tables that readers use: places instead of pointers, nothing twice.
struct GrammarTable {
  /// An attribute or element of a content.
  struct Part: Hashable {
    let name: String
    var target: Int
    let missing: Int
    /// Where it stands in this place, when there is another one for its name.
    var choice = 0
  }

  /// Values of an attribute that choose a place.
  struct Choice: Hashable {
    let attribute: String
    let values: [String]
  }

  /// What stands in an element.
  struct Content {
    var attributes: [Part] = []
    var elements: [Part] = []
    var text = 0
    var isMixed = false
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
  /// Choice 0 is about all values.
  private(set) var choices = [Choice(attribute: "", values: [])]
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
    let parts = content.allParts.filter { $0.namespace == nil }
    for part in parts where part.isAttribute && !made.attributes.contains(where: { $0.name == part.name }) {
      let same = parts.filter { $0.isAttribute && $0.name == part.name }
      made.attributes.append(
        Part(name: part.name, target: rule(same.compactMap(\.value), isText: false), missing: part.missing.map { refusal($0) } ?? 0)
      )
    }
    var elements = parts.filter { !$0.isAttribute }[...]
    while let first = elements.first {
      // What stands in one place, in one variant or another.
      let same = elements.prefix { $0.name == first.name }
      elements = elements.dropFirst(same.count)
      var part = Part(name: first.name, target: target(Array(same)), missing: 0)
      if let selector = content.selectors.first, parts.filter({ !$0.isAttribute && $0.name == first.name }).count > same.count {
        part.choice = choice(Choice(attribute: selector, values: same.flatMap(\.variants)))
      }
      made.elements.append(part)
    }
    contents[place] = made
    return place
  }

  /// What stands in an element that is described once, or for each variant.
  private mutating func target(_ parts: [DocumentPart]) -> Int {
    let parts = parts.filter { $0.isRead && !$0.isAnything }
    guard let first = parts.first else { return 0 }
    if let type = first.type, parts.allSatisfy({ $0.type == type }) { return place(ofType: type) }
    guard let own = first.content ?? first.type.flatMap({ types[$0] }) else { return 0 }
    let place = add(own)
    // The other variants only have their places.
    for other in parts.dropFirst() {
      guard let content = other.content ?? other.type.flatMap({ types[$0] }) else { continue }
      for part in content.allParts where part.namespace == nil {
        let known = part.isAttribute ? contents[place].attributes : contents[place].elements
        guard !known.contains(where: { $0.name == part.name }) else { continue }
        if part.isAttribute {
          contents[place].attributes.append(Part(name: part.name, target: 0, missing: 0))
        } else {
          let target = target([part])
          contents[place].elements.append(Part(name: part.name, target: target, missing: 0))
        }
      }
    }
    return place
  }

  private mutating func choice(_ choice: Choice) -> Int {
    if let known = choices.firstIndex(of: choice) { return known }
    choices.append(choice)
    return choices.count - 1
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

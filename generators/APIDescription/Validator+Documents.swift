extension Validator {
  /// Holds the grammar of documents together: every name leads somewhere, and variants are values of what chooses them.
  mutating func checkDocuments() {
    var values: Set<String> = [TextValue.anything], types: Set<String> = [], kinds: Set<String> = []
    var readings: Set<String> = [TextValue.unread]
    for topic in description.grammar {
      for reading in topic.readings where !readings.insert(reading.name).inserted {
        report(topic.location, "the reading '\(reading.name)' is described twice")
      }
      for value in topic.values where !values.insert(value.name).inserted {
        report(topic.location, "the value type '\(value.name)' is described twice")
      }
      for type in topic.types where !types.insert(type.name).inserted {
        report(type.content.location, "the type '\(type.name)' is described twice")
      }
      for document in topic.documents where !kinds.insert(document.kind).inserted {
        report(document.content.location, "the kind of document '\(document.kind)' is described twice")
      }
    }
    for topic in description.grammar {
      for value in topic.values { check(value.value, topic.location, values, readings) }
      for type in topic.types { check(type.content, around: nil, values, types, readings) }
      for document in topic.documents {
        if let type = document.type, !types.contains(type) {
          report(document.content.location, "the type '\(type)' is described nowhere")
        }
        check(document.content, around: nil, values, types, readings)
      }
    }
  }

  private mutating func check(
    _ value: TextValue, _ location: SourceLocation, _ values: Set<String>, _ readings: Set<String>
  ) {
    for type in value.types where !values.contains(type) {
      report(location, "the value type '\(type)' is described nowhere")
    }
    for choice in value.laterChoices where !value.choices.contains(choice) {
      report(location, "'\(choice)' is no choice")
    }
    if let reading = value.reading, !readings.contains(reading) {
      report(location, "the reading '\(reading)' is described nowhere")
    }
    check(refusal: value.refusal, location)
  }

  /// A refusal is a code and a domain of errors.
  private mutating func check(refusal: String?, _ location: SourceLocation) {
    guard let refusal else { return }
    let known = description.topics.flatMap(\.enumerations).flatMap(\.values).map(\.name)
    let names = refusal.split(separator: " ").map(String.init)
    if names.count != 2 || !names.allSatisfy(known.contains) {
      report(location, "'\(refusal)' is no code and domain of errors")
    }
  }

  private mutating func check(
    _ content: DocumentContent, around: DocumentContent?, _ values: Set<String>, _ types: Set<String>,
    _ readings: Set<String>
  ) {
    if let value = content.value { check(value, content.location, values, readings) }
    check(refusal: content.unknown, content.location)
    for selector in content.selectors where !selector.hasPrefix("../") {
      if !content.parts.contains(where: { $0.isAttribute && $0.name == selector && $0.value?.choices.isEmpty == false }) {
        report(content.location, "no attribute '\(selector)' has choices")
      }
    }
    let variants = Set(content.parts.flatMap { $0.readVariants + $0.missingVariants })
    if variants.count > DocumentContent.mostVariants {
      report(content.location, "readers tell at most \(DocumentContent.mostVariants) variants apart, not \(variants.count)")
    }
    let attributes = content.allParts.filter(\.isAttribute), elements = content.allParts.filter { !$0.isAttribute }
    for part in (attributes + elements).dropFirst(DocumentContent.mostNeeded) where part.missing != nil || part.doubled != nil {
      report(part.location, "readers count one of the first \(DocumentContent.mostNeeded) parts only")
    }
    for part in content.parts {
      if !(part.variants + part.neededIn + part.readVariants + part.missingVariants).isEmpty, content.selectors.isEmpty {
        report(part.location, "'\(part.name)' has variants, but nothing chooses them")
      }
      if let first = content.selectors.first, !first.hasPrefix("../"),
        let selector = content.parts.first(where: { $0.isAttribute && $0.name == first })
      {
        for variant in part.variants + part.neededIn + part.readVariants + part.missingVariants {
          let word = variant.split(separator: "/", maxSplits: 1).first.map(String.init) ?? ""
          if word != DocumentContent.missing, selector.value?.choices.contains(word) != true {
            report(part.location, "'\(word)' is no choice of '\(first)'")
          }
        }
      }
      check(refusal: part.missing, part.location)
      check(refusal: part.doubled, part.location)
      if let value = part.value { check(value, part.location, values, readings) }
      if let type = part.type, !types.contains(type) { report(part.location, "the type '\(type)' is described nowhere") }
      if let inner = part.content { check(inner, around: content, values, types, readings) }
    }
    checkPlaces(content)
  }

  /// Elements of one name stand side by side, or an attribute beside them says where they are written.
  private mutating func checkPlaces(_ content: DocumentContent) {
    let elements = content.parts.filter { !$0.isAttribute && $0.namespace == nil }
    for (place, part) in elements.enumerated().dropFirst() where elements[place - 1].name != part.name {
      let others = elements[..<place].filter { $0.name == part.name }
      guard !others.isEmpty else { continue }
      let isChosen = (others + [part]).allSatisfy { !$0.variants.isEmpty && !$0.variants.contains { $0.contains("/") } }
      if !isChosen || content.selectors.first?.hasPrefix("../") != false {
        report(part.location, "'\(part.name)' stands in several places, but no attribute says in which one")
      }
    }
  }
}

extension DocumentContent {
  /// How many variants readers tell apart: a bit of a word for each.
  static let mostVariants = 64
  /// How many parts can be such that readers miss them: a bit of a word for each.
  static let mostNeeded = 64
  /// What stands for a selector that is not there.
  public static let missing = "-"
}

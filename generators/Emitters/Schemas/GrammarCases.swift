import APIDescription

/// The cases of a content's variants that matter: those that its parts name. Each is a bit.
struct GrammarCases {
  /// What is needed in each of them besides what is always needed; see ``needs(of:where:)``.
  let needs: [UInt64]
  let selectors: [Selector]
  private let all: [String]

  /// An attribute that chooses, with the cases that each of its values leaves.
  struct Selector {
    let name: String
    let isOuter: Bool
    let words: [(word: String, cases: UInt64)]
    let missing: UInt64
    let other: UInt64
  }

  /// Finds out what matters in a content.
  init(_ content: GrammarTable.Content) {
    var all: [String] = []
    func add(_ variants: [String]) { all += variants.filter { !all.contains($0) } }
    for part in content.attributes + content.elements {
      for target in part.targets { add(target.variants) }
      add(part.variants)
      if case .variants(let variants) = part.needed { add(variants) }
    }
    self.all = all
    let patterns = all.map { $0.split(separator: "/").map(String.init) }
    let needs = all.map { variant in
      Self.needs(of: content) { if case .variants(let variants) = $0 { variants.contains(variant) } else { false } }
    }
    self.needs = needs.contains { $0 > 0 } ? needs : []
    selectors = all.isEmpty ? [] : content.selectors.enumerated().map { Self.selector($1, place: $0, patterns) }
  }

  private static func selector(_ name: String, place: Int, _ patterns: [[String]]) -> Selector {
    func cases(_ value: String?) -> UInt64 {
      bits(patterns.map { $0.count <= place || $0[place] == "*" || $0[place] == value })
    }
    var words: [String] = []
    for case let word in patterns.compactMap({ $0.count > place ? $0[place] : nil })
    where word != "*" && word != DocumentContent.missing && !words.contains(word) {
      words.append(word)
    }
    let isOuter = name.hasPrefix("../")
    return Selector(
      name: isOuter ? String(name.dropFirst(3)) : name, isOuter: isOuter, words: words.map { ($0, cases($0)) },
      missing: cases(DocumentContent.missing), other: cases(nil))
  }

  /// The cases that some variants are.
  func bits(_ variants: [String]) -> UInt64 { Self.bits(all.map { variants.contains($0) }) }

  /// How many cases there are.
  var count: Int { all.count }

  /// The parts that are needed: a bit for each of the first attributes, and in the upper half one for each of the first elements.
  static func needs(of content: GrammarTable.Content, where isNeeded: (GrammarTable.Needed) -> Bool) -> UInt64 {
    bits(content.attributes.prefix(32).map { isNeeded($0.needed) }) | bits(content.elements.prefix(32).map { isNeeded($0.needed) })
      << 32
  }

  /// A bit for each, the lowest first.
  static func bits(_ flags: [Bool]) -> UInt64 {
    flags.prefix(64).enumerated().reduce(0) { $1.element ? $0 | 1 << UInt64($1.offset) : $0 }
  }
}

/// The rows of the tables that are about variants.
struct VariantRows {
  private(set) var alternatives: [String] = []
  private(set) var choices: [String] = []
  private(set) var selectors: [String] = []
  private(set) var needs: [UInt64] = []
  /// Row 0 is about all cases.
  private(set) var standing: [UInt64] = [UInt64.max]

  /// Adds what chooses a content's variants; gives the fields of the content that say where it is.
  mutating func add(_ cases: GrammarCases, _ texts: inout GrammarTexts) -> String {
    let fields = "\(selectors.count), \(cases.selectors.count), \(cases.needs.count), \(needs.count)"
    for selector in cases.selectors {
      selectors.append(
        "{ \(texts.word(selector.name)), \(choices.count), \(selector.words.count), \(selector.isOuter ? 1 : 0), "
          + "\(selector.missing)u, \(selector.other)u },")
      choices += selector.words.map { "{ \(texts.word($0.word)), \($0.cases)u }," }
    }
    needs += cases.needs
    return fields
  }

  /// The target of a part, or the first of its alternatives with their number.
  mutating func target(of part: GrammarTable.Part, in cases: GrammarCases) -> (place: Int, alternatives: Int) {
    guard part.targets.contains(where: { !$0.variants.isEmpty }) else { return (part.targets.first?.place ?? 0, 0) }
    defer {
      alternatives += part.targets.map { "{ \($0.variants.isEmpty ? UInt64.max : cases.bits($0.variants))u, \($0.place) }," }
    }
    return (alternatives.count, part.targets.count)
  }

  /// The row with the cases in which a part stands where it does.
  mutating func standing(of part: GrammarTable.Part, in cases: GrammarCases) -> Int {
    if part.variants.isEmpty { return 0 }
    standing.append(cases.bits(part.variants))
    return standing.count - 1
  }
}

import APIDescription

/// Looks for prose that is missing, and for prose that says no more than the annotations and the name already say.
public struct ProseLint {
  /// What is wrong with one piece of prose.
  public struct Finding {
    public enum Kind: String, CaseIterable { case missing, repeats }
    public let kind: Kind
    public let text: String
    public let location: SourceLocation
  }

  /// In the order of the description.
  public private(set) var findings: [Finding] = []
  /// How many pieces were looked at.
  public private(set) var count = 0

  /// Looks at all functions, callbacks, types, fields and keys of typed parameters.
  public init(_ description: Description) {
    for topic in description.topics {
      for function in topic.functions { look(at: function) }
      for callback in topic.callbacks { look("callback", callback.name, callback.doc, callback.location) }
      for type in topic.enumerations where !type.isAnonymous { look("enum", type.name, type.doc, type.location) }
      for type in topic.handles { look("handle", type.name, type.doc, type.location) }
      for type in topic.typedefs { look("type", type.name, type.doc, type.location) }
      for type in topic.structs {
        look("struct", type.name, type.doc, type.location)
        for field in type.fields { look(at: field, of: type.name) }
      }
      for macro in topic.macros where [.key, .prefix, .suffix].contains(macro.kind) {
        look("key", macro.name, macro.doc, macro.location)
      }
    }
  }

  private mutating func look(at function: Function) {
    let composed =
      function.parameters.map { "\($0.name) \(FunctionProse.parameter($0))" } + FunctionProse.rules(function)
      + [FunctionProse.returns(function)]
    look("function", function.name, function.doc, function.location, composed)
    if !function.fails.isEmpty || FunctionProse.needsOwnFailures(function) {
      look("'fails' of", function.name, function.fails, function.location, composed)
    }
  }

  private mutating func look(at field: StructField, of type: String) {
    look("field", "\(type).\(field.name)", field.doc, field.location)
    for member in field.members { look(at: member, of: "\(type).\(field.name)") }
  }

  private mutating func look(
    _ kind: String, _ name: String, _ prose: String, _ location: SourceLocation, _ composed: [String] = []
  ) {
    count += 1
    let said = Self.words(prose)
    guard !said.isEmpty else {
      return findings.append(Finding(kind: .missing, text: "\(kind) \(name) has no prose", location: location))
    }
    let known = ([name] + composed).reduce(into: Set<String>()) { $0.formUnion(Self.words($1)) }
    if said.isSubset(of: known) {
      findings.append(
        Finding(
          kind: .repeats, text: "\(kind) \(name): '\(prose)' says no more than its name and its annotations", location: location))
    }
  }

  private static let fillers: Set<String> = [
    "a", "an", "the", "of", "to", "in", "on", "for", "with", "by", "is", "are", "it", "its", "this", "that", "and", "or", "vir",
  ]

  /// The words that carry meaning; names fall apart at capitals and underscores, and a plural is its singular.
  static func words(_ text: String) -> Set<String> {
    var words: Set<String> = []
    var word = "", last: Character = " "
    let end = { (word: inout String) in
      var stem = word.lowercased()
      if stem.count > 3, stem.hasSuffix("s") { stem.removeLast() }
      if !stem.isEmpty, !fillers.contains(stem) { words.insert(stem) }
      word = ""
    }
    for character in text {
      if !character.isLetter && !character.isNumber {
        end(&word)
      } else {
        if character.isUppercase, last.isLowercase { end(&word) }
        word.append(character)
      }
      last = character
    }
    end(&word)
    return words
  }
}

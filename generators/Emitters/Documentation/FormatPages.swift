import APIDescription
import BindingPlan
public import CodePrinting

/// Writes a page for each topic of the grammar of documents: what may stand in which element, with which values.
public enum FormatPages {
  /// The pages.
  public static func files(_ plan: Plan) -> [GeneratedFile] {
    let topics = plan.description.grammar
    guard !topics.isEmpty else { return [] }
    let links = FormatLinks(topics)
    return [index(topics)] + topics.filter { !isEmpty($0) }.map { page($0, links) }
  }

  private static let folder = "docs/formats/Generated"

  private static func isEmpty(_ topic: GrammarTopic) -> Bool {
    topic.documents.isEmpty && topic.types.isEmpty && topic.values.isEmpty
  }

  private static func index(_ topics: [GrammarTopic]) -> GeneratedFile {
    var printer = CodePrinter(.xml)
    printer.lines("# Formats of documents", "", "Kinds of documents:", "", "| kind | root | |", "|---|---|---|")
    for topic in topics {
      for document in topic.documents {
        printer.line("| [\(document.kind)](\(topic.name).md) | `<\(document.root)>` | \(cell(document.doc)) |")
      }
    }
    printer.lines("", "What they consist of:", "")
    for topic in topics where topic.documents.isEmpty && !isEmpty(topic) {
      printer.line("- [\(topic.name)](\(topic.name).md): \(cell(topic.doc))")
    }
    return printer.file("\(folder)/index.md")
  }

  private static func page(_ topic: GrammarTopic, _ links: FormatLinks) -> GeneratedFile {
    var printer = CodePrinter(.xml)
    printer.lines("# \(topic.name)", "", topic.doc, "")
    printer.lines("[All formats](index.md), with how these tables are [read](../README.md).")
    for document in topic.documents {
      section("document \(document.kind)", document.doc, &printer)
      if let type = document.type {
        printer.line("`<\(document.root)>` has the type \(links.type(type)).")
      } else {
        table(document.root, document.content, links, &printer)
      }
    }
    for type in topic.types {
      section(type.name, type.doc, &printer)
      table(nil, type.content, links, &printer)
    }
    if !topic.values.isEmpty {
      printer.lines("", "## values", "", "| value | is | |", "|---|---|---|")
      for value in topic.values {
        let anchor = "<a id=\"\(FormatLinks.anchor(value.name))\"></a>"
        printer.line("| \(anchor)\(value.name) | \(links.text(value.value)) | \(cell(value.doc)) |")
      }
    }
    return printer.file("\(folder)/\(topic.name).md")
  }

  private static func section(_ name: String, _ doc: String, _ printer: inout CodePrinter) {
    printer.lines("", "## \(name)", "")
    if !doc.isEmpty { printer.lines(doc, "") }
  }

  private static func table(_ root: String?, _ content: DocumentContent, _ links: FormatLinks, _ printer: inout CodePrinter) {
    printer.lines("| what | stands | is |", "|---|---|---|")
    let name = root.map { "`<\($0)>`" } ?? "the element"
    if let own = own(content, links) { printer.line("| \(name) | | \(own) |") }
    rows(content, [], links, &printer)
  }

  private static func rows(_ content: DocumentContent, _ path: [String], _ links: FormatLinks, _ printer: inout CodePrinter) {
    for part in content.parts {
      let place = path + [part.isAttribute ? "@\(part.name)" : part.name]
      let later = part.isLater ? " (new)" : ""
      printer.line("| `\(place.joined(separator: "/"))`\(later) | \(cell(stands(part))) | \(what(part, links)) |")
      if let content = part.content { rows(content, place, links, &printer) }
    }
  }

  /// When, and how often.
  private static func stands(_ part: DocumentPart) -> String {
    var words: [String] = []
    if part.isNeeded { words.append("must") }
    if part.frequency == .many { words.append("any number") }
    if !part.variants.isEmpty { words.append("for \(variants(part.variants))") }
    if !part.neededIn.isEmpty { words.append("must for \(variants(part.neededIn))") }
    if let group = part.group { words.append("one of \(group.split(separator: "/").first ?? "")") }
    return words.joined(separator: "; ")
  }

  private static func variants(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: ", ") }

  private static func what(_ part: DocumentPart, _ links: FormatLinks) -> String {
    var words: [String] = []
    if let namespace = part.namespace { words.append("of the namespace `\(namespace)`") }
    if part.isAttribute {
      words.append(part.value.map(links.text) ?? "any text")
    } else if part.isAnything {
      words.append("anything")
    } else if let type = part.type {
      words.append(links.type(type))
    } else if let content = part.content, let own = own(content, links) {
      words.append(own)
    }
    return words.joined(separator: "; ")
  }

  /// What an element's own text is, and what chooses its variants.
  private static func own(_ content: DocumentContent, _ links: FormatLinks) -> String? {
    var words: [String] = []
    if let value = content.value {
      words.append((content.isTextOptional ? "empty or " : "") + links.text(value))
      if !content.textVariants.isEmpty { words.append("text for \(variants(content.textVariants))") }
    }
    if !content.followedSelectors.isEmpty {
      words.append("variants by " + content.followedSelectors.map { "`\(selector($0))`" }.joined(separator: ", "))
    }
    if content.isOrdered, content.parts.contains(where: { !$0.isAttribute }) { words.append("in this order") }
    return words.isEmpty ? nil : words.joined(separator: "; ")
  }

  private static func selector(_ name: String) -> String {
    name.hasPrefix("../") ? "../@\(name.dropFirst(3))" : "@\(name)"
  }

  private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|").replacing("\n", with: " ") }
}

/// Where types of elements and of values are described.
struct FormatLinks {
  private let types: [String: String]
  private let values: [String: String]

  init(_ topics: [GrammarTopic]) {
    types = Dictionary(topics.flatMap { topic in topic.types.map { ($0.name, topic.name) } }) { first, _ in first }
    values = Dictionary(topics.flatMap { topic in topic.values.map { ($0.name, topic.name) } }) { first, _ in first }
  }

  static func anchor(_ name: String) -> String { "value-\(name)" }

  func type(_ name: String) -> String { "[\(name)](\(types[name] ?? "").md#\(name))" }

  /// What a text may be.
  func text(_ value: TextValue) -> String {
    var words = value.choices.map { "`\($0)`" + (value.laterChoices.contains($0) ? " (new)" : "") }
    words += value.types.map { name in
      name == TextValue.anything ? "any text" : "[\(name)](\(values[name] ?? "").md#\(Self.anchor(name)))"
    }
    words += value.data.map(Self.data)
    return words.isEmpty ? "any text" : words.joined(separator: ", ")
  }

  private static func data(_ data: TextValue.Data) -> String {
    var words = [data.name]
    switch (data.least, data.most) {
    case (let least?, let most?): words.append("from \(least) to \(most)")
    case (let least?, nil): words.append("from \(least)")
    case (nil, let most?): words.append("up to \(most)")
    case (nil, nil): break
    }
    if let longest = data.longest { words.append("of at most \(longest) characters") }
    // Longer ones say less than the words beside them.
    if let pattern = data.pattern, pattern.utf8.count <= 80 { words.append("like `\(pattern.replacing("|", with: "\\|"))`") }
    return words.joined(separator: " ")
  }
}

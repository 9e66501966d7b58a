import APIDescription
import BindingPlan
public import CodePrinting

/// Writes the tables by which readers check and order documents, and names of their types for Swift.
public enum GrammarEmitter {
  /// The tables.
  public static func files(_ plan: Plan) -> [GeneratedFile] {
    let topics = plan.description.grammar
    guard !topics.isEmpty else { return [] }
    let table = GrammarTable(topics)
    return [tables(table, topics.flatMap(\.readings)), names(table)]
  }

  private static func tables(_ table: GrammarTable, _ readings: [GrammarTopic.Reading]) -> GeneratedFile {
    var texts = GrammarTexts()
    var rules: [String] = [], words: [String] = [], parts: [String] = [], contents: [String] = []
    for rule in table.rules {
      rules.append("{ \(words.count), \(rule.words.count), \(rule.reading), \(rule.refusal), \(rule.takesEmpty ? 1 : 0) },")
      words += rule.words.map { texts.word($0) + "," }
    }
    var variants = VariantRows()
    for content in table.contents {
      let cases = GrammarCases(content)
      let chosen = variants.add(cases, &texts)
      let needed = GrammarCases.bits(content.parts.map { $0.needed == .always })
      contents.append(
        "{ \(parts.count), \(content.attributes.count), \(content.elements.count), \(content.text), \(content.isMixed ? 1 : 0), \(content.unknown), \(needed)u, \(chosen) },"
      )
      parts += content.parts.map { part in
        let (target, count) = variants.target(of: part, in: cases)
        let standing = variants.standing(of: part, in: cases)
        let fields = [target, part.order, part.missing, count, standing, part.isMany ? 1 : 0, part.doubled]
        return "{ \(texts.word(part.name)), \(fields.map(String.init).joined(separator: ", ")) },"
      }
    }
    var printer = CodePrinter(.c)
    printer.lines("/* The grammar of documents for readers. */", "#include <libvirt/virterror.h>", "#include \"virt-grammar.h\"")
    rows(
      "virt_grammar_reading virt_grammar_readings",
      ["{ 0, 0, 0, 0 },"] + readings.map { "{ \(least($0.least)), \($0.most)u, \($0.base), \($0.digits) }," }, &printer)
    rows(
      "virt_grammar_refusal virt_grammar_refusals",
      table.refusals.map { "{ \($0.split(separator: " ").joined(separator: ", ")) }," }, &printer)
    rows("virt_grammar_word virt_grammar_words", words, &printer)
    rows("virt_grammar_rule virt_grammar_rules", rules, &printer)
    rows("virt_grammar_part virt_grammar_parts", parts, &printer)
    rows("virt_grammar_alternative virt_grammar_alternatives", variants.alternatives, &printer)
    rows("virt_grammar_choice virt_grammar_choices", variants.choices, &printer)
    rows("virt_grammar_selector virt_grammar_selectors", variants.selectors, &printer)
    rows("virt_grammar_content virt_grammar_contents", contents, &printer)
    printer.line()
    numbers("uint64_t virt_grammar_needs", variants.needs, &printer)
    numbers("uint64_t virt_grammar_standing", variants.standing, &printer)
    printer.line("const char virt_grammar_text[] =")
    printer.indented { $0.wrapped(texts.all.map { "\"\($0)\"" }.joined(separator: " "), prefix: "", width: 120) }
    printer.line(";")
    return printer.file("Sources/CVirtGrammar/Generated/grammar.c")
  }

  private static func rows(_ name: String, _ rows: [String], _ printer: inout CodePrinter) {
    printer.line()
    printer.block("const struct \(name)[] = {", "};") { $0.wrapped(rows.joined(separator: " "), prefix: "", width: 120) }
  }

  private static func numbers(_ name: String, _ numbers: [some FixedWidthInteger], _ printer: inout CodePrinter) {
    printer.block("const \(name)[] = {", "};") { printer in
      printer.wrapped(numbers.map { "\($0)u," }.joined(separator: " "), prefix: "", width: 120)
    }
    printer.line()
  }

  /// A number as C reads it: the least one of all has no literal.
  private static func least(_ number: String) -> String { number == "\(Int64.min)" ? "INT64_MIN" : number }

  private static func names(_ table: GrammarTable) -> GeneratedFile {
    var printer = CodePrinter(.swift)
    printer.line()
    printer.block("extension DocumentGrammar {") { printer in
      for (index, type) in table.places.enumerated() {
        if index > 0 { printer.line() }
        let words = type.name.split(separator: "-").map(String.init)
        let name =
          words[0] + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
          + (type.isDocument ? "Document" : "")
        printer.line("/// What stands in \(type.isDocument ? "a document of the kind" : "an element of the type") '\(type.name)'.")
        printer.line("package static var \(SwiftNaming.escaped(name)): DocumentGrammar { DocumentGrammar(\(type.place)) }")
      }
    }
    return printer.file("Sources/VirtXML/Generated/DocumentGrammars.swift")
  }
}

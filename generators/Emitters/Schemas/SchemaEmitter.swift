import APIDescription
import BindingPlan
public import CodePrinting

/// Writes a RELAX NG schema for each kind of document, and one that names the kinds of text.
public enum SchemaEmitter {
  /// The schemas.
  public static func files(_ plan: Plan) -> [GeneratedFile] {
    let topics = plan.description.grammar
    guard !topics.isEmpty else { return [] }
    let documents = topics.flatMap(\.documents).sorted { $0.kind < $1.kind }
    return [values(topics), roots(documents), kinds(documents)] + documents.map { file($0, topics) }
  }

  private static let folder = "bindings/schemas/Generated"

  private static func file(_ document: GrammarTopic.Document, _ topics: [GrammarTopic]) -> GeneratedFile {
    var builder = SchemaBuilder(topics)
    let (root, definitions) = builder.document(document)
    return grammar("\(document.kind).rng") { printer in
      SchemaNode("include", ["href", "values.rng"]).write(to: &printer)
      SchemaNode("start", [root]).write(to: &printer)
      for (name, node) in definitions {
        SchemaNode("define", ["name", name], node.children).write(to: &printer)
      }
    }
  }

  private static func values(_ topics: [GrammarTopic]) -> GeneratedFile {
    grammar("values.rng") { printer in
      for value in topics.flatMap(\.values).sorted(by: { $0.name < $1.name }) {
        SchemaNode("define", ["name", "value.\(value.name)"], [SchemaBuilder.pattern(value.value)]).write(to: &printer)
      }
      SchemaNode(
        "define", ["name", "anything"],
        [
          SchemaNode(
            "zeroOrMore",
            [
              .choice([
                SchemaNode("attribute", [SchemaNode("anyName")]), SchemaNode("text"),
                SchemaNode("element", [SchemaNode("anyName"), .ref("anything")]),
              ])
            ])
        ]
      ).write(to: &printer)
    }
  }

  /// A line for each kind: the root element of its documents, and the kind.
  private static func roots(_ documents: [GrammarTopic.Document]) -> GeneratedFile {
    var printer = CodePrinter(.plain)
    for document in documents { printer.line("\(document.root) \(document.kind)") }
    return printer.file("\(folder)/kinds")
  }

  /// The kinds for Swift.
  private static func kinds(_ documents: [GrammarTopic.Document]) -> GeneratedFile {
    var printer = CodePrinter(.swift)
    printer.line()
    printer.line("/// A kind of document, as its schema is named.")
    printer.block("package enum DocumentKind: String, Sendable {") { printer in
      for document in documents {
        printer.wrapped(document.doc, prefix: "/// ")
        printer.line("case \(document.kind)")
      }
      printer.line()
      printer.line("/// The name of the root element.")
      printer.block("package var root: StaticString {") { printer in
        printer.block("switch self {") { printer in
          for document in documents { printer.line("case .\(document.kind): \"\(document.root)\"") }
        }
      }
    }
    return printer.file("Sources/VirtXML/Generated/DocumentKind.swift")
  }

  private static func grammar(_ name: String, _ body: (inout CodePrinter) -> Void) -> GeneratedFile {
    var printer = CodePrinter(.xml, banner: false)
    printer.lines("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", Language.xml.banner)
    printer.block(
      "<grammar xmlns=\"http://relaxng.org/ns/structure/1.0\" datatypeLibrary=\"http://www.w3.org/2001/XMLSchema-datatypes\">",
      "</grammar>", body)
    return printer.file("\(folder)/\(name)")
  }
}

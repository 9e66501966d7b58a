import APIDescription
import ArgumentParser
import BindingPlan
import CodePrinting
import Emitters

/// `virtgen export`
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes the API in the format of upstream's libvirt-api.xml and its siblings, for other generators.")
  @OptionGroup var options: ProjectOptions
  @Argument(help: "The folder to write into.")
  var output: String

  func run() throws {
    for file in OutputManifest.upstream(PlanBuilder.plan(try options.project.description())) {
      let path = "\(output)/\(file.path.split(separator: "/").last ?? "")"
      try Files.write(path, file.bytes)
      print(path)
    }
  }
}

/// `virtgen import`
struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compares upstream's description of its API with ours; writes what is new as entries to be annotated.",
    discussion: """
      The entries are not valid before somebody has said what C does not: 'virtgen check' names each with its line. \
      The exit status is 0 when nothing differs, 3 when something does, 1 when a file cannot be read.
      """)
  @OptionGroup var options: ProjectOptions
  @Argument(help: "Upstream's libvirt-api.xml, or that of a sibling.")
  var upstream: String
  @Option(help: "Where to write entries for what is new; the report alone when absent.")
  var output: String?

  func run() throws {
    guard let bytes = try Files.read(upstream) else { throw Files.Failure("\(upstream): not found") }
    let theirs = try UpstreamAPI(bytes, file: upstream)
    let files = OutputManifest.upstream(PlanBuilder.plan(try options.project.description()))
    guard let mine = files.first(where: { $0.path.hasSuffix("/\(theirs.name)-api.xml") }) else {
      throw Files.Failure("\(upstream): describes '\(theirs.name)', which is no library of ours")
    }
    let ours = try UpstreamAPI(mine.bytes, file: mine.path)
    let new = theirs.symbols.filter { ours.byName[$0.key] == nil }
    let gone = ours.symbols.filter { theirs.byName[$0.key] == nil }
    let changed = theirs.symbols.filter { symbol in
      ours.byName[symbol.key].map { $0.shape != symbol.shape && $0.element.name == symbol.element.name } ?? false
    }
    for symbol in new { print("new: \(symbol.key): \(symbol.shape)") }
    for symbol in gone { print("gone: \(symbol.key)") }
    for symbol in changed { print("changed: \(symbol.key): \(ours.byName[symbol.key]?.shape ?? "") became \(symbol.shape)") }
    print("\(new.count) new, \(gone.count) gone, \(changed.count) changed, \(theirs.symbols.count) in all")
    if let output, !new.isEmpty {
      try Files.write(output, Array(Skeleton.text(new).utf8))
      print("\(output): entries for what is new; annotate them, then move them to their topic")
    }
    if !(new.isEmpty && gone.isEmpty && changed.isEmpty) { throw ExitCode(3) }
  }
}

/// An API in upstream's format.
struct UpstreamAPI {
  /// One thing that others use.
  struct Symbol {
    let element: Element
    /// Kind and name.
    let key: String
    /// What would break somebody when it changed.
    let shape: String
  }
  let name: String
  let symbols: [Symbol]
  let byName: [String: Symbol]

  init(_ bytes: [UInt8], file: String) throws {
    var diagnostics: [Diagnostic] = []
    guard let root = XMLFile.parse(bytes, file: file, grammar: nil, into: &diagnostics) else {
      throw Files.Failure(diagnostics.map { "\($0)" }.joined(separator: "\n"))
    }
    guard root.name == "api", let name = root["name"], let list = root.first("symbols") else {
      throw Files.Failure("\(file): is no description of an API in upstream's format")
    }
    self.name = name
    symbols = list.children.compactMap { Self.symbol($0) }
    byName = Dictionary(symbols.map { ($0.key, $0) }) { first, _ in first }
  }

  private static func symbol(_ element: Element) -> Symbol? {
    guard let name = element["name"] else { return nil }
    let shape: String
    switch element.name {
    case "function", "functype":
      let types = element.all("arg").map { normal($0.required("type")) }
      shape = "\(normal(element.first("return")?.required("type") ?? "void")) (\(types.joined(separator: ", ")))"
    case "enum": shape = element.required("value")
    case "struct":
      shape = element.all("field").map { "\(normal($0.required("type"))) \($0.required("name"))" }.joined(separator: "; ")
    case "macro": shape = element["params"] ?? ""
    case "typedef", "variable": shape = normal(element["type"] ?? "")
    default: return nil
    }
    // Another name for a struct is a typedef for some writers and a struct for others.
    let isType = element.name == "struct" || element.name == "typedef"
    return Symbol(element: element, key: "\(isType ? "type" : element.name) \(name)", shape: shape)
  }

  /// A type without the blanks that only some writers put.
  private static func normal(_ type: String) -> String {
    var text = ""
    for character in type where !(character == " " && (text.last == "*" || text.last == " ")) { text.append(character) }
    return text
  }
}

/// Entries for what is new: everything upstream's format says, and nothing it does not.
enum Skeleton {
  static func text(_ symbols: [UpstreamAPI.Symbol]) -> String {
    var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<topic header=\"\" name=\"imported\">"]
    for symbol in symbols {
      let element = symbol.element
      let head = "name=\"\(element.required("name"))\" since=\"\(element["version"] ?? "")\""
      switch element.name {
      case "function":
        lines.append("  <function \(head) receiver=\"\" blocks=\"\">")
        lines += signature(element) + ["  </function>"]
      case "functype":
        lines.append("  <callback \(head) scope=\"\">")
        lines += signature(element) + ["  </callback>"]
      case "enum":
        lines.append("  <!-- of \(element.required("type")) -->")
        lines.append("  <value \(head) value=\"\(element.required("value"))\"/>")
      case "macro":
        let value =
          element["string"].map { " string=\"\($0.escapedForXML)\"" } ?? element["raw"].map { " value=\"\($0.escapedForXML)\"" }
          ?? ""
        lines.append("  <macro \(head) kind=\"\"\(value)/>")
      case "struct":
        lines.append("  <struct \(head)>")
        lines += element.all("field").map { field in
          "    <field name=\"\(field.required("name"))\" type=\"\((field["type"] ?? "").escapedForXML)\"/>"
        }
        lines.append("  </struct>")
      case "typedef": lines.append("  <typedef \(head) type=\"\((element["type"] ?? "").escapedForXML)\"/>")
      default: lines.append("  <variable \(head) type=\"\((element["type"] ?? "").escapedForXML)\"/>")
      }
    }
    lines.append("</topic>\n")
    return lines.joined(separator: "\n")
  }

  /// What a function or a callback returns and takes.
  private static func signature(_ element: Element) -> [String] {
    ["    <returns type=\"\((element.first("return")?.required("type") ?? "void").escapedForXML)\" shape=\"\"/>"]
      + element.all("arg").map { argument in
        "    <parameter name=\"\(argument.required("name"))\" type=\"\(argument.required("type").escapedForXML)\"/>"
      }
  }
}

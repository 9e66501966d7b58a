import APIDescription
import ArgumentParser
import BindingPlan
import CodePrinting
import Emitters

/// `virtgen plan`
struct ShowPlan: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Shows what was decided about a function, or a line for each.")
  @OptionGroup var options: ProjectOptions
  @Argument(help: "A public function or an operation; all functions when there is none.")
  var name: String?
  @Flag(help: "Show the signatures that Python has instead.")
  var python = false
  @Flag(help: "Show what Python's functions take, as lines of JSON.")
  var kinds = false

  func run() throws {
    let plan = PlanBuilder.plan(try options.project.description())
    if kinds {
      for line in PythonKinds.lines(plan) { print(line) }
      return
    }
    if python {
      for call in plan.calls where name == nil || call.function.name == name {
        print("\(call.function.name)  \(call.python?.signature ?? "none: \(call.function.python?.skipped ?? "no binding")")")
      }
      return
    }
    guard let name else {
      for call in plan.calls { print("\(call.function.name)  \(call.node)  \(call.bodyText)  \(call.guards.count) checks") }
      return
    }
    let found = plan.calls(named: name)
    guard !found.isEmpty else { throw Files.Failure("nothing is planned under the name '\(name)'") }
    for call in found { for line in call.lines { print(line) } }
  }
}

/// `virtgen explain`
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows where a name is described, what was decided about it, and every generated line that has it.")
  @OptionGroup var options: ProjectOptions
  @Argument(help: "Any name of the description: a function, an operation, a type, an enumerator, a macro.")
  var name: String

  func run() throws {
    let plan = PlanBuilder.plan(try options.project.description())
    let places = DescribedNames(plan.description).places(of: name)
    guard !places.isEmpty else { throw Files.Failure("the description has no '\(name)'") }
    for place in places { print("described   api-xml/\(place.location): \(place.kind)") }
    let calls = plan.calls(named: name)
    for call in calls { for line in call.lines { print(line) } }
    var words: Set<String> = [name]
    for operation in calls.compactMap(\.operation) {
      words.formUnion([operation.operation.name, operation.identifier, operation.typeName])
    }
    print("generated")
    for file in OutputManifest.files(plan) {
      for (number, line) in file.bytes.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated()
      where Self.has(line, words) {
        print("  \(file.path):\(number + 1): \(String(decoding: line, as: UTF8.self).trimmed)")
      }
    }
  }

  /// Whether a line has one of the words, whole.
  private static func has(_ line: ArraySlice<UInt8>, _ words: Set<String>) -> Bool {
    line.split { byte in
      !(byte == UInt8(ascii: "_") || (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte))
    }.contains { words.contains(String(decoding: $0, as: UTF8.self)) }
  }
}

extension String {
  /// Without blanks at its ends.
  fileprivate var trimmed: String {
    var text = Substring(self)
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}

/// Where each name of the description stands.
struct DescribedNames {
  struct Place {
    let kind: String
    let location: SourceLocation
  }
  private var all: [String: [Place]] = [:]

  init(_ description: Description) {
    for topic in description.topics {
      for function in topic.functions { note(function.name, "function", function.location) }
      for enumeration in topic.enumerations {
        note(enumeration.name, "enumeration", enumeration.location)
        for value in enumeration.values { note(value.name, "enumerator of \(enumeration.name)", value.location) }
      }
      for macro in topic.macros { note(macro.name, "macro", macro.location) }
      for handle in topic.handles {
        note(handle.name, "handle", handle.location)
        note(handle.pointer, "handle", handle.location)
      }
      for type in topic.structs { note(type.name, "struct", type.location) }
      for type in topic.typedefs { note(type.name, "type", type.location) }
      for callback in topic.callbacks { note(callback.name, "callback", callback.location) }
      for variable in topic.variables { note(variable.name, "variable", variable.location) }
    }
    for operation in description.operations { note(operation.name, "operation", operation.location) }
    for program in description.programs {
      for procedure in program.procedures { note(procedure.name, "procedure of \(program.name)", procedure.location) }
    }
  }

  private mutating func note(_ name: String, _ kind: String, _ location: SourceLocation) {
    all[name, default: []].append(Place(kind: kind, location: location))
  }

  func places(of name: String) -> [Place] { all[name] ?? [] }
}

/// `virtgen diff`
struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says who breaks between two descriptions, as a Markdown report.",
    discussion: """
      The exit status is the sum of what breaks: 2 ABI, 4 C source, 8 Python, 16 driver ABI, 32 wire; 0 when there are only \
      additions, 1 when a description cannot be read.
      """)
  @Argument(help: "The folder of the older description.")
  var old: String
  @Argument(help: "The folder of the newer one.")
  var new: String

  func run() throws {
    let before = Surface(PlanBuilder.plan(try Project.description(old)))
    let after = Surface(PlanBuilder.plan(try Project.description(new)))
    let changes = SurfaceChange.between(before, after)
    var status: Int32 = 0
    print("# Changes of the API\n")
    for (index, audience) in Surface.Audience.allCases.enumerated() {
      let breaking = changes.filter { $0.audience == audience }
      guard !breaking.isEmpty else { continue }
      status |= 2 << Int32(index)
      Self.show("Breaks: \(audience.rawValue)", breaking)
    }
    Self.show("Additions", changes.filter { $0.audience == nil && $0.kind == .added })
    Self.show("Allowed now", changes.filter { $0.audience == nil && $0.kind != .added })
    if changes.isEmpty { print("None.") }
    if status != 0 { throw ExitCode(status) }
  }

  private static func show(_ title: String, _ changes: [SurfaceChange]) {
    guard !changes.isEmpty else { return }
    print("## \(title)\n")
    for change in changes {
      switch change.kind {
      case .removed: print("- removed: \(change.name)")
      case .added: print("- added: \(change.name)\((change.new ?? "").isEmpty ? "" : ": `\(change.new ?? "")`")")
      case .changed: print("- changed: \(change.name): `\(change.old ?? "")` became `\(change.new ?? "")`")
      }
    }
    print("")
  }
}

import APIDescription
import BindingPlan
import CodePrinting

/// Writes the lock files: what must never change again, in a form that a diff shows well.
enum LockEmitter {
  static let folder = "api-xml/locks"

  static func files(_ plan: Plan) -> [GeneratedFile] {
    [symbols(plan), layout(plan), wire(plan), operations(plan), handWritten(plan)]
  }

  private static func file(_ name: String, _ about: String, _ lines: [String]) -> GeneratedFile {
    var printer = CodePrinter(.plain)
    printer.line("# \(about)")
    for line in lines { printer.line(line) }
    return printer.file("\(folder)/\(name).txt")
  }

  private static func symbols(_ plan: Plan) -> GeneratedFile {
    var lines = plan.calls.map { "\($0.library.name) \($0.function.name) \($0.node)" }
    for header in plan.description.headers {
      guard let library = plan.description.libraries.first(where: { $0.name == header.library }) else { continue }
      for variable in header.all(\.variables) {
        lines.append("\(library.name) \(variable.name) \(library.nodePrefix)\(variable.node ?? variable.since) data")
      }
    }
    return file("symbols", "Exported symbols and their version nodes: only grows.", lines.sorted())
  }

  private static func layout(_ plan: Plan) -> GeneratedFile {
    var lines: [String] = []
    for type in plan.description.topics.flatMap(\.structs) {
      let layout = StructLayout(type, plan)
      lines.append("\(type.name) size \(layout.size)")
      for field in layout.offsets { lines.append("\(type.name).\(field.name) \(field.offset)") }
    }
    return file("layout", "Sizes and offsets of public structs where longs have 8 bytes: only grows.", lines.sorted())
  }

  private static func wire(_ plan: Plan) -> GeneratedFile {
    let lines = plan.description.programs.flatMap { program in
      program.procedures.map { "\(program.name) \(program.number) \($0.number) \($0.name)" }
    }
    return file("wire", "Procedure numbers of the wire programs: only grows.", lines)
  }

  private static func operations(_ plan: Plan) -> GeneratedFile {
    let sorted = plan.operations.sorted { ($0.table, $0.operation.id) < ($1.table, $1.operation.id) }
    let lines = sorted.map { plan in
      let types = plan.parameters.map { $0.parameter.type.text } + (plan.result.map { ["result \($0.type.text)"] } ?? [])
      return "\(plan.table) \(plan.operation.id) \(plan.operation.group) \(plan.operation.name) (\(types.joined(separator: ", ")))"
    }
    return file("operations", "Ids and signatures of driver operations: only grows.", lines)
  }

  private static func handWritten(_ plan: Plan) -> GeneratedFile {
    var lines: [String] = []
    for call in plan.calls {
      if case .handWritten(let reason) = call.function.body { lines.append("\(call.function.name): \(reason)") }
    }
    return file(
      "hand-written", "Functions whose body people write: only shrinks. A new one needs a decision record.", lines.sorted())
  }
}

import APIDescription
import ArgumentParser
import BindingPlan
import CodePrinting
import Emitters

/// The generator's command.
@main
struct Virtgen: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "virtgen", abstract: "Generates every layer of the library from the description in api-xml/.",
    subcommands: [
      Generate.self, Check.self, ShowPlan.self, Explain.self, Diff.self, Import.self, Export.self, Lint.self, NewDriver.self,
    ])
}

/// Where a command works.
struct ProjectOptions: ParsableArguments {
  @Option(name: .customLong("root"), help: "The folder that has api-xml/ in it; the installed one when there is none here.")
  var root: String?

  var project: Project {
    if let root { return Project(root: root) }
    return Project(root: Files.isFolder("api-xml") ? "." : Files.installed ?? ".")
  }
}

/// `virtgen generate`
struct Generate: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Writes every generated file that is not up to date.")
  @OptionGroup var options: ProjectOptions
  @Flag(help: "Write locks anew even where something locked goes or changes. Programs and drivers out there break.")
  var breakLocks = false

  func run() throws {
    let project = options.project
    var written = 0, removed = 0
    let outputs = try project.outputs()
    let broken = try project.brokenLocks(outputs)
    for line in broken { print(line) }
    if !broken.isEmpty && !breakLocks {
      print("nothing was written: \(broken.count) locked facts would break; 'virtgen generate --break-locks' does it all the same")
      throw ExitCode(1)
    }
    let drift = try project.drift(from: outputs)
    for stray in drift where stray.kind == .unexpected {
      try Files.remove("\(project.root)/\(stray.path)")
      removed += 1
    }
    let stale = Set(drift.lazy.filter { $0.kind != .unexpected }.map(\.path))
    for file in outputs where stale.contains(file.path) {
      try Files.write("\(project.root)/\(file.path)", file.bytes)
      written += 1
    }
    print("\(outputs.count) files: \(written) written, \(removed) removed, the others were up to date")
  }
}

/// `virtgen check`
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Names every generated file that is not what the description gives.")
  @OptionGroup var options: ProjectOptions

  func run() throws {
    let project = options.project
    let outputs = try project.outputs()
    for line in try project.brokenLocks(outputs) { print(line) }
    let found = try project.drift(from: outputs)
    for drift in found {
      print("\(drift.path): \(drift.kind.rawValue)")
      for line in drift.difference { print(line) }
    }
    if !found.isEmpty {
      print("\(found.count) generated files are out of date: run 'virtgen generate'")
      throw ExitCode(1)
    }
  }
}

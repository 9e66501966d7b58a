import ArgumentParser
import BindingPlan
import CodePrinting
import Emitters

/// `virtgen new-driver`
struct NewDriver: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new-driver", abstract: "Writes a driver project that builds against the installed library.")

  /// What a project is written in.
  enum Language: String, ExpressibleByArgument, CaseIterable { case c, swift }

  @OptionGroup var options: ProjectOptions
  @Argument(help: "The driver's name: lower-case letters, digits and hyphens.") var name: String
  @Option(help: "The language: c or swift.") var language: Language
  @Option(help: "The scheme of the URIs it answers.") var scheme: String
  @Option(help: "Operations it begins with, separated by commas; a group's name stands for all of that group.") var operations = ""
  @Option(help: "Where to write it; a folder with the driver's name when not given.") var output: String?

  func run() throws {
    let plan = PlanBuilder.plan(try options.project.description())
    let stub = try DriverStub(
      name: name, scheme: scheme, wanted: operations.split(separator: ",").map(String.init), plan)
    let folder = output ?? name
    let files = language == .c ? CDriverStub.files(stub) : SwiftDriverStub.files(stub, plan)
    for file in files where try Files.read("\(folder)/\(file.path)") != nil {
      throw ValidationError("\(folder)/\(file.path) is there already; nothing was written")
    }
    for file in files { try Files.write("\(folder)/\(file.path)", file.bytes) }
    print("\(folder): \(files.count) files; build it with 'make -C \(folder)'")
  }
}

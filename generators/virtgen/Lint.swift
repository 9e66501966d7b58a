import APIDescription
import ArgumentParser
import Emitters

/// `virtgen lint`
struct Lint: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists and counts prose that is missing or merely repeats what is composed; status 1 when there is any.")
  @OptionGroup var options: ProjectOptions

  func run() throws {
    let lint = ProseLint(try options.project.description())
    for finding in lint.findings { print("api-xml/\(finding.location): \(finding.kind.rawValue): \(finding.text)") }
    let counts = ProseLint.Finding.Kind.allCases.map { kind in
      "\(lint.findings.count { $0.kind == kind }) \(kind == .missing ? "missing" : "repeating")"
    }
    print("\(lint.count) pieces of prose: \(counts.joined(separator: ", "))")
    if !lint.findings.isEmpty { throw ExitCode.failure }
  }
}

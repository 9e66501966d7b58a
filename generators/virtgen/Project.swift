import APIDescription
import BindingPlan
import CodePrinting
import Emitters

/// A checkout: where its description is, and what is generated from it.
struct Project {
  /// The folder with `api-xml/` in it.
  let root: String

  /// Reads and checks the description.
  func description() throws -> Description {
    try Self.description("\(root)/api-xml")
  }

  /// Reads and checks a description in any folder.
  static func description(_ folder: String) throws -> Description {
    guard let rules = try Files.read("\(folder)/description.rng") else {
      throw Files.Failure("\(folder)/description.rng: not found")
    }
    let grammar = try Grammar(rules, file: "description.rng")
    var files: [DescriptionFile] = []
    for path in try Files.list(folder) where path.hasSuffix(".xml") {
      if let bytes = try Files.read("\(folder)/\(path)") { files.append(DescriptionFile(path: path, bytes: bytes)) }
    }
    return try DescriptionReader.read(files, grammar: grammar)
  }

  /// Everything that is generated.
  func outputs() throws -> [GeneratedFile] {
    OutputManifest.files(PlanBuilder.plan(try description()))
  }

  /// What the locks on disk have and the new ones would not.
  func brokenLocks(_ outputs: [GeneratedFile]) throws -> [String] {
    try outputs.flatMap { file -> [String] in
      guard file.path.hasPrefix(Locks.folder), let disk = try Files.read("\(root)/\(file.path)") else { return [] }
      return Locks.broken(file.path, disk: disk, wanted: file.bytes)
    }
  }

  /// How the disk differs from what the description gives.
  func drift(from outputs: [GeneratedFile]) throws -> [Drift] {
    var found: [Drift] = []
    var expected: Set<String> = []
    for file in outputs {
      expected.insert(file.path)
      guard let bytes = try Files.read("\(root)/\(file.path)") else {
        found.append(Drift(path: file.path, kind: .missing, difference: []))
        continue
      }
      if bytes != file.bytes {
        found.append(Drift(path: file.path, kind: .changed, difference: Drift.difference(on: bytes, should: file.bytes)))
      }
    }
    for folder in OutputManifest.folders {
      for path in try Files.list("\(root)/\(folder)") where !expected.contains("\(folder)/\(path)") {
        if folder.hasSuffix("Generated") || path.contains("Generated/") {
          found.append(Drift(path: "\(folder)/\(path)", kind: .unexpected, difference: []))
        }
      }
    }
    return found
  }
}

/// One file that is not what the description gives.
struct Drift {
  enum Kind: String { case changed, missing, unexpected }
  let path: String
  let kind: Kind
  /// A few lines: what stands there, what should.
  let difference: [String]

  /// The first lines that differ.
  static func difference(on disk: [UInt8], should: [UInt8]) -> [String] {
    let actual = disk.split(separator: 0x0a, omittingEmptySubsequences: false)
    let wanted = should.split(separator: 0x0a, omittingEmptySubsequences: false)
    var lines: [String] = []
    var line = 0
    while line < max(actual.count, wanted.count) && lines.count < 6 {
      let one = line < actual.count ? actual[line] : nil
      let other = line < wanted.count ? wanted[line] : nil
      if one != other {
        if let one { lines.append("  \(line + 1): - \(String(decoding: one, as: UTF8.self))") }
        if let other { lines.append("  \(line + 1): + \(String(decoding: other, as: UTF8.self))") }
      }
      line += 1
    }
    return lines
  }
}

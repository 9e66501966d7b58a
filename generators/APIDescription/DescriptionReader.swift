/// A file of the description, already in memory.
public struct DescriptionFile {
  /// Path relative to the description's folder, with `/`.
  public let path: String
  public let bytes: [UInt8]

  /// Makes one.
  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }
}

/// Reads a description from its files, whatever order they come in.
public enum DescriptionReader {
  /// Parses, checks against the grammar, decodes and validates.
  ///
  /// - Parameters:
  ///   - files: All `.xml` files of the description.
  ///   - grammar: `description.rng`.
  /// - Throws: Everything that is wrong with it, collected.
  public static func read(_ files: [DescriptionFile], grammar: Grammar?) throws(DescriptionErrors) -> Description {
    var diagnostics: [Diagnostic] = []
    var roots: [Element] = []
    for file in files.sorted(by: { $0.path < $1.path }) {
      if let root = XMLFile.parse(file.bytes, file: file.path, grammar: grammar, into: &diagnostics) { roots.append(root) }
    }
    if !diagnostics.isEmpty { throw DescriptionErrors(diagnostics) }
    let description = assemble(roots, into: &diagnostics)
    if diagnostics.isEmpty { diagnostics = Validator.check(description) }
    if !diagnostics.isEmpty { throw DescriptionErrors(diagnostics) }
    return description
  }

  /// The order of the groups; a group is appended, never moved.
  static let groupOrder = [
    "hypervisor", "network", "interface", "storage", "nodedev", "nwfilter", "secret", "stream", "admin",
  ]

  private static func assemble(_ roots: [Element], into diagnostics: inout [Diagnostic]) -> Description {
    let whole = SourceLocation(file: "libraries.xml", line: 0)
    let libraryRoots = roots.filter { $0.name == "libraries" }
    if libraryRoots.count != 1 { diagnostics.append(Diagnostic(whole, "exactly one <libraries> element is needed")) }
    let release = libraryRoots.first?["release"].flatMap(Version.init)
    if release == nil { diagnostics.append(Diagnostic(whole, "the release is not a version number")) }
    let libraries = libraryRoots.flatMap { $0.all("library").map(Decoding.library) }

    var topics: [String: [Topic]] = [:]
    for root in roots where root.name == "topic" {
      let topic = Decoding.topic(root)
      topics[topic.header, default: []].append(topic)
    }
    var headers: [String: Header] = [:]
    for root in roots where root.name == "header" {
      let name = root.required("name")
      let mine = topics.removeValue(forKey: name) ?? []
      var ordered: [Topic] = []
      for entry in root.all("topic") {
        if let topic = mine.first(where: { $0.name == entry["name"] }) {
          ordered.append(topic)
        } else {
          diagnostics.append(Diagnostic(entry.location, "no file describes the topic '\(entry.required("name"))'"))
        }
      }
      for topic in mine where !ordered.contains(where: { $0.name == topic.name }) {
        diagnostics.append(Diagnostic(topic.location, "the header '\(name)' does not list the topic '\(topic.name)'"))
      }
      if headers[name] != nil { diagnostics.append(Diagnostic(root.location, "the header '\(name)' is described twice")) }
      headers[name] = Header(
        name: name, library: root.required("library"), errorDomain: root.required("error-domain"),
        umbrella: root["umbrella"], topics: ordered, doc: root.doc, location: root.location)
    }
    for topic in topics.values.joined() {
      diagnostics.append(Diagnostic(topic.location, "the topic belongs to a header '\(topic.header)' that nothing describes"))
    }
    var ordered: [Header] = []
    for library in libraries {
      for name in library.headers {
        if let header = headers.removeValue(forKey: name) {
          ordered.append(header)
        } else {
          diagnostics.append(
            Diagnostic(library.location, "the library '\(library.name)' lists the header '\(name)' that nothing describes"))
        }
      }
    }
    for header in headers.values {
      diagnostics.append(Diagnostic(header.location, "no library lists the header '\(header.name)'"))
    }
    let groups = roots.filter { $0.name == "operations" }.map(Decoding.operations)
    for group in groups where !groupOrder.contains(group.name) {
      diagnostics.append(Diagnostic(group.location, "unknown group '\(group.name)'"))
    }
    return Description(
      release: release ?? Version.zero, libraries: libraries, headers: ordered,
      groups: groupOrder.compactMap { name in groups.first { $0.name == name } },
      programs: roots.filter { $0.name == "wire" }.map(Decoding.program).sorted { $0.name < $1.name },
      boundary: roots.first { $0.name == "boundary" },
      grammar: roots.filter { $0.name == "grammar" }.map(Decoding.grammar).sorted { $0.name < $1.name })
  }
}

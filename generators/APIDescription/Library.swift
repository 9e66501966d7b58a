/// A shared library and what belongs to it.
public struct Library {
  public let name: String
  public let soname: String
  public let nodePrefix: String
  /// What is behind `-l`.
  public let link: String
  public let pkgConfig: String
  /// Whether it is a sibling that reaches the run-time through `libvirt.so.0`.
  public let isSibling: Bool
  public let headers: [String]
  /// The version nodes, oldest first.
  public let nodes: [String]
  public let doc: String
  public let location: SourceLocation
}

/// A public header and its topics.
public struct Header {
  public let name: String
  public let library: String
  public let errorDomain: String
  /// Whether it may only be included through `libvirt.h`.
  public let umbrella: String?
  public let topics: [Topic]
  public let doc: String
  public let location: SourceLocation

  /// The declarations of one kind over all topics, in order.
  public func all<T>(_ path: KeyPath<Topic, [T]>) -> [T] { topics.flatMap { $0[keyPath: path] } }
}

/// A part of a header: one file of the description.
public struct Topic {
  public let header: String
  public let name: String
  /// The source module that the exported format names.
  public let module: String
  public let doc: String
  public let macros: [Macro]
  public let enumerations: [Enumeration]
  public let handles: [HandleType]
  public let structs: [StructType]
  public let typedefs: [Typedef]
  public let variables: [Variable]
  public let callbacks: [Callback]
  public let functions: [Function]
  public let families: [ParameterFamily]
  public let location: SourceLocation
}

/// The whole description.
public struct Description {
  public let release: Version
  public let libraries: [Library]
  /// In the order of the libraries and of their headers.
  public let headers: [Header]
  /// In a fixed order of groups, operations by id.
  public let groups: [OperationGroup]
  public let programs: [WireProgram]
  /// The driver boundary, as it was read.
  public let boundary: Element?
  /// The grammar of documents, by topic.
  public let grammar: [GrammarTopic]

  /// All topics in order.
  public var topics: [Topic] { headers.flatMap(\.topics) }
  /// All functions in order.
  public var functions: [Function] { topics.flatMap(\.functions) }
  /// All operations in order.
  public var operations: [Operation] { groups.flatMap(\.operations) }

  /// The headers of a library in order.
  public func headers(of library: Library) -> [Header] { headers.filter { $0.library == library.name } }
}

import APIDescription

/// The driver boundary as `api-xml/driver/boundary.xml` describes it.
public struct Boundary {
  /// One part of the boundary's header, items in order.
  struct Section {
    let name: String
    let doc: String
    let items: [Item]
  }

  /// One thing in a section.
  enum Item {
    case constant(Element)
    case structure(Element)
    case functionType(Element)
    case service(Element)
    case number(Number)
    case noteKey(Element)
    case matchWord(Element)
  }

  /// A named number of one of the boundary's lists.
  struct Number {
    /// Which list it is in: `table`, `group`, `handle-class`, `feature` or `event-family`.
    let list: String
    let element: Element
    let name: String
    let id: Int

    /// The C name: `VIRT_CLASS_DOMAIN`.
    var identifier: String { "VIRT_\(Number.prefixes[list] ?? "")_\(upperCased(name))" }
    /// The C literal.
    var literal: String { list == "feature" ? "\(id)" : "\(id)u" }

    private static let prefixes = [
      "table": "TABLE", "group": "GROUP", "handle-class": "CLASS", "feature": "FEATURE", "event-family": "EVENT_FAMILY",
    ]
  }

  let major: String
  let minor: String
  /// The paragraphs at the top.
  let paragraphs: [String]
  let sections: [Section]
  /// Operations that are not a driver author's to write, with who has them: `kit` or `host`.
  let owners: [String: String]
  /// Swift names of enumerations where the usual rule gives a wrong one.
  let swiftNames: [String: String]

  /// Reads the boundary of a description; nil when it has none.
  init?(_ description: Description) {
    guard let root = description.boundary else { return nil }
    major = root.required("abi-major")
    minor = root.required("abi-minor")
    paragraphs = root.all("doc").map(\.text)
    var owners: [String: String] = [:]
    var swiftNames: [String: String] = [:]
    sections = root.all("section").map { section in
      for own in section.all("own") { owners[own.required("operation")] = own.required("by") }
      for name in section.all("swift-name") { swiftNames[name.required("of")] = name.required("name") }
      return Section(
        name: section.required("name"), doc: section.doc, items: section.children.compactMap(Boundary.item))
    }
    self.owners = owners
    self.swiftNames = swiftNames
  }

  private static func item(_ element: Element) -> Item? {
    switch element.name {
    case "constant": return .constant(element)
    case "struct": return .structure(element)
    case "callback": return .functionType(element)
    case "service": return .service(element)
    case "note-key": return .noteKey(element)
    case "match-word": return .matchWord(element)
    case "table", "group", "handle-class", "feature", "event-family":
      return .number(
        Number(
          list: element.name, element: element, name: element.required("name"), id: Int(element.required("id")) ?? 0))
    default: return nil
    }
  }

  /// All services in order.
  var services: [Element] {
    sections.flatMap(\.items).compactMap { if case .service(let element) = $0 { element } else { nil } }
  }

  /// The numbers of one list in order.
  func numbers(_ list: String) -> [Number] {
    sections.flatMap(\.items).compactMap { item in
      if case .number(let number) = item, number.list == list { number } else { nil }
    }
  }

  /// The number of that name in a list.
  func number(_ list: String, _ name: String) -> Number? { numbers(list).first { $0.name == name } }
}

/// `storage-pool` as `STORAGE_POOL`.
func upperCased(_ name: String) -> String {
  String(name.uppercased().map { $0 == "-" ? "_" : $0 })
}

/// `storage-pool` as `StoragePool`.
func camelCased(_ name: String) -> String {
  name.split(whereSeparator: { $0 == "-" || $0 == "_" }).map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
}

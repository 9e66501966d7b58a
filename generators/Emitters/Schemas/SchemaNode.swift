import CodePrinting

/// An element of a schema.
struct SchemaNode: Hashable {
  let name: String
  let attributes: [String]
  let text: String?
  let children: [SchemaNode]

  /// - Parameter attributes: Names and values by turns.
  init(_ name: String, _ attributes: [String] = [], text: String? = nil, _ children: [SchemaNode] = []) {
    self.name = name
    self.attributes = attributes
    self.text = text
    self.children = children
  }

  /// A reference to a definition.
  static func ref(_ name: String) -> SchemaNode { SchemaNode("ref", ["name", name]) }

  /// One of some patterns, which a single one is by itself.
  static func choice(_ nodes: [SchemaNode]) -> SchemaNode { nodes.count == 1 ? nodes[0] : SchemaNode("choice", nodes) }

  /// Patterns that stand together.
  static func group(_ nodes: [SchemaNode]) -> SchemaNode {
    nodes.isEmpty ? SchemaNode("empty") : nodes.count == 1 ? nodes[0] : SchemaNode("group", nodes)
  }

  init(_ name: String, _ children: [SchemaNode]) { self.init(name, [], text: nil, children) }

  /// Writes it with all below.
  func write(to printer: inout CodePrinter) {
    var head = "<\(name)"
    for index in stride(from: 0, to: attributes.count - 1, by: 2) {
      head += " \(attributes[index])=\"\(attributes[index + 1].escapedForXML)\""
    }
    if let text {
      printer.line("\(head)>\(text.escapedForXML)</\(name)>")
    } else if children.isEmpty {
      printer.line("\(head)/>")
    } else {
      printer.block("\(head)>", "</\(name)>") { printer in
        for child in children { child.write(to: &printer) }
      }
    }
  }
}

package import VirtCore
package import VirtXML

extension NetworkDefinition {
  /// Reads a network's document.
  ///
  /// - Throws: What is wrong with it, with the element and its line.
  package static func read(_ element: XMLElement) throws(VirtError) -> NetworkDefinition {
    guard element.isNamed("network") else {
      throw VirtError(.xmlError, .xml, "the document is no <network> but a", element.name)
    }
    let (name, uuid) = try element.identity(for: .network)
    var values = NetworkValues(name: name, uuid: uuid)
    values.title = element.nonemptyText("title")
    values.description = element.nonemptyText("description")
    values.metadata = element.first("metadata")
    let mode = element.first("forward").map { $0["mode"] ?? "nat" }
    let bridge = try NetworkBridge.complete(element.first("bridge"), mode: mode, name)
    var whole = element.filtered { !$0.isNamed("bridge") }
    if let bridge { whole = whole.appending(bridge) }
    values.parts = NetworkShape.root.arranged(whole).elements.filter { !NetworkShape.values.knows($0) }
    return NetworkDefinition(values)
  }
}

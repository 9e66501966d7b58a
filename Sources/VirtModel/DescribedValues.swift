package import VirtXML

/// Values of a document with a title, a description and metadata of applications.
package protocol DescribedValues: Sendable {
  /// One line about the object.
  var title: String? { get set }
  /// What the object is for.
  var description: String? { get set }
  /// What applications keep with it, each under its namespace.
  var metadata: XMLElement? { get set }
}

extension DescribedValues {
  /// The text of what an application keeps under a namespace, without the namespace; nil when it keeps nothing.
  package func foreignMetadata(_ uri: String) -> String? {
    guard let metadata else { return nil }
    for element in metadata.elements where element.namespace(within: [metadata]) == uri {
      var writer = XMLWriter()
      let attributes = element.attributes.filter { !($0.name.hasPrefix("xmlns") && $0.value == uri) }
      let plain = XMLElement(String(element.localName), attributes, element.content)
      writer.write(inline: plain, style: .foreign, pretty: true)
      return String(decoding: writer.bytes, as: UTF8.self)
    }
    return nil
  }

  /// Keeps an element for an application under its namespace; nil takes away what is there.
  package mutating func setForeignMetadata(_ element: XMLElement?, prefix: String, uri: String) {
    var present = metadata ?? XMLElement("metadata")
    present = present.filtered { $0.namespace(within: [present]) != uri }
    if let element {
      let named = XMLElement(
        "\(prefix):\(element.localName)", [XMLAttribute("xmlns:\(prefix)", uri)] + element.attributes, element.content)
      present = present.appending(named)
    } else if metadata == nil {
      return
    }
    metadata = present
  }
}

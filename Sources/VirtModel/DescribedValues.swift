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
      let plain = element.declaring(from: metadata).leaving(uri, within: [metadata])
      let attributes = plain.attributes.filter { !($0.name.hasPrefix("xmlns") && $0.value == uri) }
      writer.write(inline: plain.with(attributes: attributes), style: .foreign, pretty: true)
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
        "\(prefix):\(element.localName)", element.attributes + [XMLAttribute("xmlns:\(prefix)", uri)],
        element.content.map { $0.entering(prefix, hasNamespace: element["xmlns"] != nil) })
      present = present.appending(named)
    } else if metadata == nil {
      return
    }
    metadata = present
  }
}

extension XMLElement {
  /// The same element without the prefixes that stand for a namespace, here and below.
  ///
  /// - Parameter around: The elements that it is in, outermost first.
  fileprivate func leaving(_ uri: String, within around: [XMLElement]) -> XMLElement {
    let scope = around + [self]
    func plain(_ name: String) -> String {
      guard let colon = name.utf8.firstIndex(of: UInt8(ascii: ":")), !name.hasPrefix("xmlns:") else { return name }
      let declaration = "xmlns:" + name[..<colon]
      let declared = scope.last { $0[named: declaration] != nil }?[named: declaration]
      return declared == uri ? String(name[name.utf8.index(after: colon)...]) : name
    }
    let content = content.map { part -> XMLContent in
      if case .element(let below) = part { .element(below.leaving(uri, within: scope)) } else { part }
    }
    return XMLElement(plain(name), attributes.map { XMLAttribute(plain($0.name), $0.value) }, content, line: line)
  }
}

extension XMLContent {
  /// The same with a prefix before names of elements that are in no namespace, here and below.
  ///
  /// - Parameter hasNamespace: Whether names without a prefix are in one.
  fileprivate func entering(_ prefix: String, hasNamespace: Bool) -> XMLContent {
    guard case .element(let element) = self else { return self }
    let hasNamespace = hasNamespace || element["xmlns"] != nil
    let name = hasNamespace || element.name.contains(":") ? element.name : "\(prefix):\(element.name)"
    let content = element.content.map { $0.entering(prefix, hasNamespace: hasNamespace) }
    return .element(XMLElement(name, element.attributes, content, line: element.line))
  }
}

// Elements that leave the document whose root declares the prefixes of their names.

extension XMLElement {
  /// The prefixes that it declares, with their namespaces.
  private var declarations: [XMLAttribute] { declaresPrefixes ? attributes.filter { $0.name.hasPrefix("xmlns:") } : [] }

  private var declaresPrefixes: Bool {
    for index in index + 1..<document.contentStart(index) {
      let name = document.nameBytes(document.items[index])
      if name.count > 6, name.starts(with: "xmlns:".utf8) { return true }
    }
    return false
  }

  /// The declarations that some of the elements in it need.
  package func declarations(for isMeant: (XMLElement) -> Bool) -> [XMLAttribute] {
    let declarations = self.declarations
    if declarations.isEmpty { return declarations }
    return declarations.filter { declaration in
      let prefix = declaration.name.dropFirst(5).utf8
      return elements.contains { isMeant($0) && $0.uses(prefix, declaredAs: declaration.name) }
    }
  }

  /// The same element with the declarations of the element around it that it needs.
  package func declaring(from around: XMLElement) -> XMLElement {
    let missing = around.declarations.filter { uses($0.name.dropFirst(5).utf8, declaredAs: $0.name) }
    return missing.isEmpty ? self : with(attributes: attributes + missing)
  }

  /// Whether names in it have the prefix, with nothing in it that declares it.
  ///
  /// - Parameter prefix: The prefix behind a colon.
  private func uses(_ prefix: Substring.UTF8View, declaredAs declaration: String) -> Bool {
    func isMeant(_ item: XMLDocument.Item) -> Bool {
      let name = document.nameBytes(item), length = prefix.count - 1
      return name.count > length && name[length] == UInt8(ascii: ":") && name.prefix(length).elementsEqual(prefix.dropFirst())
    }
    if self[named: declaration] != nil { return false }
    return isMeant(document.items[index]) || (index + 1..<document.contentStart(index)).contains { isMeant(document.items[$0]) }
      || elements.contains { $0.uses(prefix, declaredAs: declaration) }
  }
}

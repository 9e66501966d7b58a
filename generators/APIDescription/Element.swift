/// One element of a description file, with its place.
public final class Element {
  /// Its tag.
  public let name: String
  /// Its attributes in the order they stand.
  public let attributes: [(name: String, value: String)]
  /// The text directly inside it, white space collapsed to single blanks.
  public let text: String
  /// Its child elements in order.
  public let children: [Element]
  /// Where it begins.
  public let location: SourceLocation

  /// Makes an element.
  public init(
    name: String, attributes: [(name: String, value: String)], text: String, children: [Element],
    location: SourceLocation
  ) {
    self.name = name
    self.attributes = attributes
    self.text = text
    self.children = children
    self.location = location
  }

  /// The value of an attribute, or nil.
  public subscript(attribute: String) -> String? {
    attributes.first { $0.name == attribute }?.value
  }

  /// The value of an attribute that the grammar requires; empty when it is missing all the same.
  public func required(_ attribute: String) -> String { self[attribute] ?? "" }

  /// Whether a yes/no attribute says yes.
  public func flag(_ attribute: String) -> Bool { self[attribute] == "yes" }

  /// The children with that tag.
  public func all(_ name: String) -> [Element] { children.filter { $0.name == name } }

  /// The first child with that tag.
  public func first(_ name: String) -> Element? { children.first { $0.name == name } }

  /// The text of the `<doc>` child; empty without one.
  public var doc: String { first("doc")?.text ?? "" }
}

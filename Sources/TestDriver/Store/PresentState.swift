internal import VirtCore
internal import VirtModel
internal import VirtXML

/// What an element of a world file says of an object: its document, and in this driver's namespace how it is at present.
struct PresentState {
  /// The namespace.
  static let namespace = "http://libvirt.org/schemas/domain/test/1.0"

  /// The document alone.
  let document: XMLElement
  /// What is in the namespace.
  let parts: [XMLElement]
  /// The last `<state>` among it: all that a store keeps beside the document.
  let state: XMLElement?

  /// Takes an element apart.
  init(_ element: XMLElement) {
    let isOwn = { (below: XMLElement) in below.name.contains(":") && below.namespace(within: [element]) == Self.namespace }
    parts = element.elements.filter(isOwn)
    document = parts.isEmpty ? element : element.filtered { !isOwn($0) }
    state = parts.last { $0.localName == "state" }
  }
}

extension XMLElement {
  /// What an attribute of a state says: yes or no.
  func says(_ name: String, otherwise usual: Bool) throws(VirtError) -> Bool {
    guard let answer = self[named: name] else { return usual }
    guard answer == "yes" || answer == "no" else {
      throw wrong(.xmlError, "'\(name)' is yes or no, not '\(answer)'", .test)
    }
    return answer == "yes"
  }

  /// The number in an attribute of a state; nil when there is none.
  func number(_ name: String) throws(VirtError) -> Int32? {
    guard let text = self[named: name] else { return nil }
    guard let number = Int32(text), number >= 0 else {
      throw wrong(.xmlError, "'\(name)' is a number, not '\(text)'", .test)
    }
    return number
  }
}

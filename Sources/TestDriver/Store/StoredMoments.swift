internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtXML

/// Snapshots or checkpoints of a domain, as a store has them: each for itself.
struct StoredMoments {
  private struct One {
    let part: StoredParts.Part
    let element: XMLElement
    let parent: String?
    let place: Int32
  }

  /// Takes in those of a kind, each after its parent, and below one parent in their order. Gives when they became current.
  static func take(
    _ parts: StoredParts?, _ kind: String, _ add: (XMLElement, Int) throws(VirtError) -> Void
  ) -> [String: Int] {
    guard let parts else { return [:] }
    var turns: [String: Int] = [:]
    let domain = parts.owner
    var names: Set<String> = []
    var found: [One] = []
    for part in parts.of(domain, kind) {
      do throws(VirtError) {
        let present = PresentState(try XMLReader.read(part.bytes, of: part.key.name, for: .test))
        let place = try present.state?.number("place") ?? 0
        if let turn = try present.state?.number("turn") { turns[part.name.name] = Int(turn) }
        let parent = present.document.first("parent")?.first("name")?.text
        found.append(One(part: part, element: present.document, parent: parent, place: place))
        names.insert(part.name.name)
      } catch { parts.take(part, of: domain) { () throws(VirtError) in throw error } }
    }
    found.sort { $0.place < $1.place }
    var below: [String: [One]] = [:]
    var next: [One] = []
    for one in found {
      if let parent = one.parent, names.contains(parent) {
        below[parent, default: []].append(one)
      } else {
        if let parent = one.parent {
          HostServices.log(.warning, "'\(parent)' is not there, after which '\(one.part.key.name)' came: it is a root now")
        }
        next.append(one)
      }
    }
    // What comes after itself is never reached.
    while !next.isEmpty {
      for one in next {
        parts.take(one.part, of: domain) { () throws(VirtError) in
          try add(one.element, Int(one.place))
          return nil
        }
      }
      next = next.flatMap { below[$0.part.name.name] ?? [] }
    }
    return turns
  }
}

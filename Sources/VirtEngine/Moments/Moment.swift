/// A point in a domain's history (a snapshot or a checkpoint) and its place in the forest of them.
///
/// Belongs to one ``MomentTree`` and is touched only under the lock that protects that tree.
package final class Moment<Definition> {
  /// Unique in its tree.
  package let name: String
  /// What it holds; replaced as a whole when it is redefined.
  package var definition: Definition
  /// The moment it was made after; absent for a root.
  package internal(set) weak var parent: Moment?
  /// The moments made after it, oldest first.
  package internal(set) var children: [Moment] = []

  init(name: String, definition: Definition) {
    self.name = name
    self.definition = definition
  }

  /// All moments below this one, each after its parent.
  package var descendants: [Moment] {
    var found: [Moment] = []
    var waiting = Array(children.reversed())
    while let next = waiting.popLast() {
      found.append(next)
      waiting.append(contentsOf: next.children.reversed())
    }
    return found
  }

  /// Whether this is `other` or lies below it.
  package func isWithin(_ other: Moment) -> Bool {
    var step: Moment? = self
    while let here = step {
      if here === other { return true }
      step = here.parent
    }
    return false
  }
}

/// A point in a domain's history (a snapshot or a checkpoint) and its place in the forest of them.
///
/// Belongs to one ``MomentTree`` and is touched only under the lock that protects that tree.
package final class Moment<Definition> {
  /// Unique in its tree.
  package let name: String
  /// What it holds; replaced as a whole when it is redefined.
  package var definition: Definition {
    didSet { stamp = ChangeStamp.next() }
  }
  /// The moment it was made after; absent for a root.
  package weak var parent: Moment?
  /// Moments of the same parent are in the order of these; counted in its tree.
  package internal(set) var place = 0
  /// When it became the current one for the first time, counted in its tree; 0 when it never was.
  package internal(set) var turn = 0
  /// Changes with what it holds, its parent, its place and its turn.
  package internal(set) var stamp = ChangeStamp.next()
  /// The moments made after it, oldest first.
  package var children: [Moment] = []

  @inlinable init(name: String, definition: Definition) {
    self.name = name
    self.definition = definition
  }

  // One after the other: each taking its children along would take stack for each generation.
  @inlinable deinit {
    var going = children
    children = []
    while var one = going.popLast() {
      guard isKnownUniquelyReferenced(&one) else { continue }
      going += one.children
      one.children = []
    }
  }

  /// All moments below this one, each after its parent.
  @inlinable package var descendants: [Moment] {
    var found: [Moment] = []
    gather(into: &found)
    return found
  }

  /// Adds all moments below this one, each after its parent. Takes no stack, however many generations there are.
  @inlinable func gather(into found: inout [Moment]) {
    var waiting: [Moment] = []
    var here = self
    while true {
      // A chain is what most histories are.
      while here.children.count == 1 {
        here = here.children[0]
        found.append(here)
      }
      waiting += here.children.reversed()
      guard let next = waiting.popLast() else { return }
      found.append(next)
      here = next
    }
  }

  /// Whether this is `other` or lies below it.
  @inlinable package func isWithin(_ other: Moment) -> Bool {
    var step: Moment? = self
    while let here = step {
      if here === other { return true }
      step = here.parent
    }
    return false
  }
}

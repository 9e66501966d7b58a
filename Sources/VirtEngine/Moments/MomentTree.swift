/// The forest of a domain's snapshots or checkpoints, with the current one.
///
/// Not locked by itself: it is part of what its domain's lock protects. Lookups cost one hash of the name; nothing walks the
/// forest unless its shape is asked for.
package struct MomentTree<Definition> {
  /// The moment the domain's present state descends from; absent before the first and after deleting a current root.
  package private(set) var current: Moment<Definition>?
  /// What was last said about the current one, other than that a moment became it for the first time: its name, or that there is
  /// none, and when. What has the highest turn is the current one, so that a new moment says so itself.
  package private(set) var decided: (name: String?, turn: Int)?
  @usableFromInline var byName: [String: Moment<Definition>] = [:]
  @usableFromInline var roots: [Moment<Definition>] = []
  /// The highest place that was ever taken.
  @usableFromInline var lastPlace = 0
  private var lastTurn = 0

  /// An empty forest.
  @inlinable package init() {}

  /// How many moments there are.
  @inlinable package var count: Int { byName.count }

  /// The moment of that name.
  @inlinable package subscript(name: String) -> Moment<Definition>? { byName[name] }

  /// Adds a moment below `parent` (a root without one).
  ///
  /// - Parameter place: Its place, where it had one before; it is not before those that are there.
  /// - Returns: The new moment; nil when the name is taken, and nothing is changed then.
  @inlinable package mutating func add(
    _ name: String, _ definition: Definition, below parent: Moment<Definition>?, at place: Int? = nil
  ) -> Moment<Definition>? {
    guard byName[name] == nil else { return nil }
    let made = Moment(name: name, definition: definition)
    byName[name] = made
    attach(made, to: parent, at: place)
    return made
  }

  /// Makes a moment the current one, or none.
  package mutating func makeCurrent(_ moment: Moment<Definition>?) {
    lastTurn += 1
    current = moment
    if let moment, moment.turn == 0 {
      moment.turn = lastTurn
      moment.stamp = ChangeStamp.next()
    } else {
      decided = (moment?.name, lastTurn)
    }
  }

  /// Makes current what is by the turns that are known: those of moments, and what else was said.
  package mutating func restoreCurrent(_ turns: [String: Int], _ decided: (name: String?, turn: Int)?) {
    for (name, turn) in turns { byName[name]?.turn = turn }
    self.decided = decided
    let last = byName.values.max { $0.turn < $1.turn }
    lastTurn = max(last?.turn ?? 0, decided?.turn ?? 0)
    if let decided, decided.turn == lastTurn {
      current = decided.name.flatMap { byName[$0] }
    } else {
      current = last.flatMap { $0.turn > 0 ? $0 : nil }
    }
  }

  /// Hangs a moment, with all below it, under another one.
  ///
  /// - Returns: False when that would make a circle; nothing is changed then.
  @inlinable package mutating func move(_ moment: Moment<Definition>, below parent: Moment<Definition>?) -> Bool {
    if let parent, parent.isWithin(moment) { return false }
    detach(moment)
    attach(moment, to: parent)
    return true
  }

  /// Removes one moment. Its children move to its parent; if it was current, its parent becomes current.
  package mutating func remove(_ moment: Moment<Definition>) {
    let parent = moment.parent
    detach(moment)
    for child in moment.children { attach(child, to: parent) }
    moment.children.removeAll()
    byName[moment.name] = nil
    if current === moment { makeCurrent(parent) }
  }

  /// Removes everything below a moment and, if asked, the moment itself.
  ///
  /// If the current moment was among them, the moment itself becomes current, or its parent when it goes too.
  package mutating func removeSubtree(_ moment: Moment<Definition>, includingRoot: Bool) {
    let below = moment.descendants
    if let now = current, now !== moment, now.isWithin(moment) { makeCurrent(moment) }
    for one in below {
      byName[one.name] = nil
      one.children.removeAll()
      one.parent = nil
    }
    moment.children.removeAll()
    if includingRoot { remove(moment) }
  }

  /// The moments below `start` (of the whole forest without one), parents before their children.
  ///
  /// - Parameter deep: Whether to go below the first generation.
  @inlinable package func list(below start: Moment<Definition>?, deep: Bool) -> [Moment<Definition>] {
    if let start { return deep ? start.descendants : start.children }
    guard deep else { return roots }
    var found: [Moment<Definition>] = []
    found.reserveCapacity(count)
    for root in roots {
      found.append(root)
      root.gather(into: &found)
    }
    return found
  }

  @inlinable mutating func attach(_ moment: Moment<Definition>, to parent: Moment<Definition>?, at place: Int? = nil) {
    moment.parent = parent
    moment.place = place ?? lastPlace &+ 1
    moment.stamp = ChangeStamp.next()
    lastPlace = max(lastPlace, moment.place)
    if let parent { parent.children.append(moment) } else { roots.append(moment) }
  }

  @inlinable mutating func detach(_ moment: Moment<Definition>) {
    if let parent = moment.parent {
      parent.children.removeAll { $0 === moment }
    } else {
      roots.removeAll { $0 === moment }
    }
    moment.parent = nil
  }
}

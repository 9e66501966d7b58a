import Testing
import VirtEngine

private func added(
  _ tree: inout MomentTree<Int>, _ name: String, _ value: Int, below parent: Moment<Int>?
) throws -> Moment<Int> {
  let made = tree.add(name, value, below: parent)
  return try #require(made)
}

/// Forests compared with a list of who comes after whom.
@Suite struct MomentTreeTests {
  @Test func keepsOrderAndParents() throws {
    var tree = MomentTree<Int>()
    let root = try added(&tree, "root", 0, below: nil), left = try added(&tree, "left", 1, below: root)
    let right = try added(&tree, "right", 2, below: root), leaf = try added(&tree, "leaf", 3, below: left)
    let again = tree.add("leaf", 4, below: root)
    #expect(again == nil && tree.count == 4)
    #expect(tree.list(below: nil, deep: true).map(\.name).sorted() == ["leaf", "left", "right", "root"])
    #expect(tree.list(below: root, deep: false).map(\.name) == ["left", "right"])
    let circle = tree.move(root, below: leaf), moved = tree.move(leaf, below: right)
    #expect(!circle && moved && leaf.parent === right)
    tree.makeCurrent(leaf)
    tree.remove(leaf)
    #expect(tree.current === right && tree["leaf"] == nil)
    tree.remove(root)
    #expect(left.parent == nil && tree.list(below: nil, deep: false).map(\.name).sorted() == ["left", "right"])
  }

  @Test func removesWholeBranches() throws {
    var tree = MomentTree<Int>()
    let root = try added(&tree, "root", 0, below: nil)
    var last = root
    for number in 1...10_000 { last = try added(&tree, "\(number)", number, below: last) }
    tree.makeCurrent(last)
    tree.removeSubtree(root, includingRoot: false)
    #expect(tree.count == 1 && tree.current === root && root.children.isEmpty)
  }

  /// A moment as the list has it: children of one parent are in the list's order.
  private struct Entry: Equatable {
    var name: String
    var parent: String?
  }

  private static func below(_ parent: String?, _ model: [Entry]) -> [String] {
    model.filter { $0.parent == parent }.flatMap { [$0.name] + below($0.name, model) }
  }

  @Test func isTheForestOfItsList() throws {
    var generator = SeededGenerator()
    var tree = MomentTree<Int>()
    var model: [Entry] = []
    var current: String?
    for step in 0..<3000 {
      let hint: Comment = "seed \(generator.seed), step \(step)"
      let name = "\(Int.random(in: 0..<40, using: &generator))"
      let other = Bool.random(using: &generator) ? "\(Int.random(in: 0..<40, using: &generator))" : nil
      let parent = other.flatMap { tree[$0]?.name }
      let found = tree[name]
      #expect((found != nil) == model.contains { $0.name == name }, hint)
      switch Int.random(in: 0..<6, using: &generator) {
      case 0, 1:
        let made = tree.add(name, step, below: parent.flatMap { tree[$0] })
        #expect((made == nil) == (found != nil), hint)
        if made != nil { model.append(Entry(name: name, parent: parent)) }
      case 2:
        tree.makeCurrent(found)
        current = found?.name
      case 3:
        guard let found else { continue }
        let isCircle = parent.map { $0 == name || Self.below(name, model).contains($0) } ?? false
        #expect(tree.move(found, below: parent.flatMap { tree[$0] }) == !isCircle, hint)
        if !isCircle {
          model.removeAll { $0.name == name }
          model.append(Entry(name: name, parent: parent))
        }
      case 4:
        guard let found else { continue }
        tree.remove(found)
        let above = model.first { $0.name == name }?.parent
        let children = model.filter { $0.parent == name }.map { Entry(name: $0.name, parent: above) }
        model.removeAll { $0.name == name || $0.parent == name }
        model += children
        if current == name { current = above }
      default:
        guard let found, Int.random(in: 0..<4, using: &generator) == 0 else { continue }
        let isWhole = Bool.random(using: &generator)
        let gone = Set(Self.below(name, model)), above = model.first { $0.name == name }?.parent
        tree.removeSubtree(found, includingRoot: isWhole)
        if let now = current, gone.contains(now) || isWhole && now == name { current = isWhole ? above : name }
        model.removeAll { gone.contains($0.name) || isWhole && $0.name == name }
      }
      #expect(tree.list(below: nil, deep: true).map(\.name) == Self.below(nil, model), hint)
      #expect(tree.count == model.count && tree.current?.name == current, hint)
      // The current one is there again by what is kept of it.
      var copy = MomentTree<Int>()
      for moment in tree.list(below: nil, deep: true) { _ = copy.add(moment.name, 0, below: nil) }
      let turns = tree.list(below: nil, deep: true).map { ($0.name, $0.turn) }
      copy.restoreCurrent(Dictionary(uniqueKeysWithValues: turns), tree.decided)
      #expect(copy.current?.name == current, hint)
    }
  }

  /// What a store keeps of a moment is written anew when, and only when, it changed.
  @Test func stampsTellWhatChanged() throws {
    var tree = MomentTree<Int>()
    var moments: [String: Moment<Int>] = [:]
    for (name, parent) in [("a", nil), ("b", "a"), ("c", "b"), ("d", "b"), ("e", nil)] as [(String, String?)] {
      moments[name] = tree.add(name, 0, below: parent.flatMap { moments[$0] })
    }
    var stamps = moments.mapValues(\.stamp)
    func changed() -> Set<String> {
      defer { stamps = moments.mapValues(\.stamp) }
      return Set(moments.keys.filter { moments[$0]?.stamp != stamps[$0] })
    }
    #expect(Set(stamps.values).count == 5)
    // What becomes current for the first time says so itself; afterwards its tree does.
    tree.makeCurrent(moments["d"])
    #expect(changed() == ["d"] && tree.decided == nil)
    tree.makeCurrent(moments["c"])
    tree.makeCurrent(moments["d"])
    #expect(changed() == ["c"] && tree.decided?.name == "d" && tree.decided?.turn == 3)
    moments["d"]?.definition = 5
    #expect(changed() == ["d"])
    _ = tree.move(try #require(moments["d"]), below: moments["e"])
    #expect(changed() == ["d"])
    tree.remove(try #require(moments["b"]))
    #expect(changed() == ["c"])
    // Places order those of one parent, also when they are put back.
    #expect(try #require(moments["a"]?.place) < #require(moments["e"]?.place))
    let copy = tree.add("f", 0, below: nil, at: 70)
    #expect(copy?.place == 70 && tree.add("g", 0, below: nil)?.place == 71)
  }
}

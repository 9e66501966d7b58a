import APIDescription

/// Something that names others of its kind which must be declared before it.
protocol UsesOthers {
  var declaredName: String { get }
  var usedNames: Set<String> { get }
}

extension Enumeration: UsesOthers {
  var declaredName: String { name }
  var usedNames: Set<String> { Set(values.compactMap(\.alias)) }
}

extension StructType: UsesOthers {
  var declaredName: String { name }
  var usedNames: Set<String> {
    Set(fields.flatMap { [$0] + $0.members }.compactMap { $0.type }.filter { $0.pointers == 0 }.map(\.base))
  }
}

extension Callback: UsesOthers {
  var declaredName: String { name }
  var usedNames: Set<String> { Set(parameters.map(\.type.base)) }
}

/// The same items in the same order, but each after those it uses.
func orderedByUse<Item: UsesOthers>(_ items: [Item]) -> [Item] {
  var owner: [String: Int] = [:]
  for (index, item) in items.enumerated() {
    owner[item.declaredName] = index
    if let enumeration = item as? Enumeration { for value in enumeration.values { owner[value.name] = index } }
  }
  var ordered: [Item] = []
  var state = [Int](repeating: 0, count: items.count)
  func visit(_ index: Int) {
    guard state[index] == 0 else { return }
    state[index] = 1
    for name in items[index].usedNames.sorted() { if let other = owner[name], other != index { visit(other) } }
    ordered.append(items[index])
  }
  for index in items.indices { visit(index) }
  return ordered
}

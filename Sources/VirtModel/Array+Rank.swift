extension Array {
  /// Sorts by rank and leaves equals where they are; most documents are in order already.
  mutating func sort(byRank rank: (Element) -> Int) {
    var last = Int.min
    let isSorted = allSatisfy { part in
      let own = rank(part)
      defer { last = own }
      return own >= last
    }
    if isSorted { return }
    let ranks = map(rank)
    self = indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }.map { self[$0] }
  }
}

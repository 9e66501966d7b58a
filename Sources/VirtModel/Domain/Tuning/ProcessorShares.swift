internal import VirtCore
internal import VirtXML

/// What parts of `cputune` say of groups of processors: their shares of caches and memory, and their schedulers.
///
/// Groups that share out caches and memory are the host's resource groups: two of them have no processor in common unless they are
/// the same one, and what is watched in a group is a part of it.
struct ProcessorShares {
  /// One resource group: its processors, and what is watched in it.
  private struct Group {
    let processors: NumberSet
    var watched: [(processors: NumberSet, isMemory: Bool)] = []
  }

  private var groups: [Group] = []
  private let limit: Int
  private let threads: IOThreads

  /// Whether an element in `cputune` is about a group of processors or threads.
  static func isAbout(_ element: XMLElement) -> Bool {
    element.isNamed("cachetune") || element.isNamed("memorytune") || element.isNamed("vcpusched")
      || element.isNamed("iothreadsched")
  }

  /// Refuses parts of `cputune` that contradict each other, or the processors and threads that a guest has.
  ///
  /// - Parameters:
  ///   - parts: The elements in `cputune`.
  ///   - processors: How many processors the guest has at most.
  static func check(_ parts: [XMLElement], processors: UInt32, _ threads: IOThreads) throws(VirtError) {
    var shares = ProcessorShares(limit: Int(processors), threads: threads)
    for part in parts where part.isNamed("cachetune") { try shares.addCaches(part) }
    for part in parts where part.isNamed("memorytune") { try shares.addMemory(part) }
    try shares.checkSchedulers(parts)
  }

  private init(limit: Int, threads: IOThreads) {
    self.limit = limit
    self.threads = threads
  }

  // MARK: - Resource groups

  /// The processors of a group or of what is watched in it, as far as the guest has them.
  private func processors(of element: XMLElement) throws(VirtError) -> NumberSet {
    guard let set = NumberSet(element["vcpus"] ?? "") else {
      throw element.noSuchValue("vcpus", element["vcpus"] ?? "", .xmlError, .domain)
    }
    let limit = limit
    return set.filtered { $0 < limit }
  }

  /// The place of the group with these processors; that of a new one when there is none yet.
  private func group(of processors: NumberSet, _ element: XMLElement) throws(VirtError) -> Int {
    for (place, other) in groups.enumerated() where !other.processors.isDisjoint(with: processors) {
      guard other.processors == processors else {
        throw element.wrong(.xmlError, "another group has some of the processors '\(processors.text)'")
      }
      return place
    }
    return groups.count
  }

  private mutating func addCaches(_ element: XMLElement) throws(VirtError) {
    let processors = try processors(of: element)
    guard !processors.isEmpty else { return }
    try DocumentGrammar.cachetune.check(element)
    guard try group(of: processors, element) == groups.count else {
      throw element.wrong(.xmlError, "another one is for the processors '\(processors.text)'")
    }
    var seen: [(level: String, id: String, type: String)] = []
    for cache in element.elements where cache.isNamed("cache") {
      let own = (level: cache["level"] ?? "", id: cache["id"] ?? "", type: cache["type"] ?? "")
      let isTaken = seen.contains { other in
        other.level == own.level && other.id == own.id && (other.type == own.type || other.type == "both" || own.type == "both")
      }
      guard !isTaken else { throw cache.wrong(.xmlError, "another one is for this cache", .resctrl) }
      seen.append(own)
      _ = try cache["size"].flatMap { UInt64($0) }.map { (number) throws(VirtError) in try ScaledSize.bytes(number, of: cache) }
    }
    try watch(element, Group(processors: processors), at: groups.count, isSomething: !seen.isEmpty)
  }

  private mutating func addMemory(_ element: XMLElement) throws(VirtError) {
    let processors = try processors(of: element)
    guard !processors.isEmpty else { return }
    try DocumentGrammar.memorytune.check(element)
    let place = try group(of: processors, element)
    var seen: [String] = []
    for node in element.elements where node.isNamed("node") {
      let id = node["id"] ?? ""
      guard !seen.contains(id) else { throw node.wrong(.xmlError, "another one is for the node \(id)", .resctrl) }
      seen.append(id)
      guard let percent = node["bandwidth"].flatMap({ UInt32($0) }), percent <= 100 else {
        throw node.wrong(.xmlError, "'bandwidth' is a part of 100, not \(node["bandwidth"] ?? "")", .resctrl)
      }
    }
    let group = groups.indices.contains(place) ? groups[place] : Group(processors: processors)
    try watch(element, group, at: place, isSomething: !seen.isEmpty)
  }

  /// Adds what is watched in a group, and the group if it says something.
  private mutating func watch(_ element: XMLElement, _ group: Group, at place: Int, isSomething: Bool) throws(VirtError) {
    var group = group
    let isMemory = element.isNamed("memorytune")
    for monitor in element.elements where monitor.isNamed("monitor") {
      guard isMemory || monitor["level"].flatMap({ UInt32($0) }) == 3 else {
        throw monitor.wrong(.xmlError, "caches of the level 3 are watched, not of \(monitor["level"] ?? "")")
      }
      let watched = try processors(of: monitor)
      guard !watched.isEmpty, watched.isSubset(of: group.processors) else {
        throw monitor.wrong(.invalidArg, "its processors are not those of the group: '\(monitor["vcpus"] ?? "")'")
      }
      for other in group.watched where !other.processors.isDisjoint(with: watched) {
        guard other.processors == watched, other.isMemory != isMemory else {
          throw monitor.wrong(.invalidArg, "another one is for some of the processors '\(watched.text)'")
        }
      }
      group.watched.append((watched, isMemory))
    }
    guard isSomething || !group.watched.isEmpty else { return }
    if groups.indices.contains(place) { groups[place] = group } else { groups.append(group) }
  }

  // MARK: - Schedulers

  private func checkSchedulers(_ parts: [XMLElement]) throws(VirtError) {
    var processors = NumberSet(), threads = NumberSet()
    for part in parts {
      if part.isNamed("vcpusched") {
        let limit = limit
        try Self.take("vcpus", of: part, beside: &processors) { $0 < limit }
      } else if part.isNamed("iothreadsched") {
        let all = self.threads
        try Self.take("iothreads", of: part, beside: &threads) { UInt32(exactly: $0).flatMap { all.index($0) } != nil }
      }
    }
  }

  /// Adds the numbers in an attribute to those that have a scheduler already.
  private static func take(
    _ name: StaticString, of element: XMLElement, beside taken: inout NumberSet, isThere: (Int) -> Bool
  ) throws(VirtError) {
    let text = element[name] ?? ""
    guard let set = NumberSet(text) else { throw element.wrong(.invalidArg, "'\(name)' is no list of numbers: '\(text)'", .none) }
    guard set.filtered(isThere) == set else {
      throw element.wrong(.configUnsupported, "the guest has not all of '\(name)': '\(text)'")
    }
    guard set.isDisjoint(with: taken) else { throw element.wrong(.xmlDetail, "another one is for some of '\(name)': '\(text)'") }
    taken.formUnion(set)
  }
}

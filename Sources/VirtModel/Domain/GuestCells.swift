internal import VirtCore
internal import VirtXML

/// The memory nodes of a guest, which have its processors: the element `numa` in `cpu`.
enum GuestCells {
  /// The element with its cells numbered, their memory in KiB, and the distances between them the same in both directions.
  ///
  /// - Parameter processors: How many processors the guest has at most.
  static func complete(_ nodes: XMLElement, processors: UInt32) throws(VirtError) -> XMLElement {
    var number = 0
    var cells: [XMLElement] = []
    let complete = try nodes.replacingElements { (cell) throws(VirtError) in
      guard cell.isNamed("cell") else { return cell }
      let own = number
      number += 1
      let complete = try self.complete(cell: cell, number: own)
      cells.append(complete)
      return complete
    }
    try check(cells, processors)
    let distances = try Distances(cells)
    if let connections = nodes.first("interconnects") { try check(connections, cells) }
    number = 0
    return try complete.replacingElements { (cell) throws(VirtError) in
      guard cell.isNamed("cell") else { return cell }
      defer { number += 1 }
      return distances.filled(in: cell, number)
    }
  }

  private static func complete(cell: XMLElement, number: Int) throws(VirtError) -> XMLElement {
    guard let memory = cell["memory"] else { throw cell.wrong(.xmlError, "'memory' is missing", .xml) }
    guard UInt64(memory) != nil else { throw cell.wrong(.xmlError, "this is no size: '\(memory)'", .xml) }
    let size = try ScaledSize.kibibytes(memory, of: cell)
    var made = [XMLAttribute("id", cell["id"] ?? "\(number)")]
    if let processors = try NumberSet.arranged("cpus", of: cell)["cpus"] { made.append(XMLAttribute("cpus", processors)) }
    made += [XMLAttribute("memory", "\(size)"), XMLAttribute("unit", "KiB")]
    return cell.keepingOthers(behind: made)
  }

  private static func check(_ cells: [XMLElement], _ count: UInt32) throws(VirtError) {
    var seen: Set<String> = []
    var taken: [Int: String] = [:]
    for cell in cells {
      let id = cell["id"] ?? ""
      guard seen.insert(id).inserted else { throw cell.wrong(.xmlError, "another cell has the number \(id)") }
      guard let number = UInt32(id), number < cells.count else {
        throw cell.wrong(.xmlError, "the numbers of cells begin at 0 and have no gaps: '\(id)'")
      }
      try checkCaches(of: cell)
      guard let processors = cell["cpus"].flatMap({ NumberSet($0) }), let last = processors.last else { continue }
      for processor in 0...last where processors.contains(processor) {
        if let other = taken.updateValue(id, forKey: processor) {
          throw cell.wrong(.configUnsupported, "the processor \(processor) is in the cells \(other) and \(id)")
        }
      }
      guard last < count else { throw cell.wrong(.internalError, "there is no processor \(last)") }
    }
  }

  private static func checkCaches(of cell: XMLElement) throws(VirtError) {
    var levels: [String] = []
    for cache in cell.elements where cache.isNamed("cache") {
      let level = cache["level"] ?? ""
      guard let number = UInt32(level), number <= 3 else { throw cache.wrong(.xmlError, "'level' is 3 at most, not \(level)") }
      guard !levels.contains(level) else { throw cache.wrong(.xmlError, "another cache of the cell has the 'level' \(level)") }
      levels.append(level)
    }
  }

  // MARK: - Between cells

  /// Refuses times and rates between cells, or their caches, that are not there, and what is said twice.
  private static func check(_ connections: XMLElement, _ cells: [XMLElement]) throws(VirtError) {
    var seen: [[String]] = []
    for connection in connections.elements where connection.isNamed("latency") || connection.isNamed("bandwidth") {
      let ends = try (["initiator", "target"] as [StaticString]).map { (name) throws(VirtError) -> XMLElement in
        guard let cell = cells.first(where: { $0["id"] == connection[name] }) else {
          throw connection.wrong(.xmlError, "there is no cell for '\(name)': '\(connection[name] ?? "")'")
        }
        return cell
      }
      guard ends[0]["cpus"] != nil else { throw connection.wrong(.xmlError, "the cell of 'initiator' has processors") }
      let level = connection["cache"] ?? "0"
      guard level == "0" || ends[1].elements.contains(where: { $0.isNamed("cache") && $0["level"] == level }) else {
        throw connection.wrong(.xmlError, "the cell of 'target' has no cache of the level \(level)")
      }
      _ = try ScaledSize.bytes(0, of: connection)
      let own = [connection.name, connection["type"] ?? ""] + ends.map { $0["id"] ?? "" } + [level]
      guard !seen.contains(own) else { throw connection.wrong(.xmlError, "another one says it of the same cells") }
      seen.append(own)
    }
  }

  /// How far cells are from one another, as far as it is said, in one direction at least.
  private struct Distances {
    private var values: [Int: [Int: String]] = [:]
    private let count: Int

    init(_ cells: [XMLElement]) throws(VirtError) {
      count = cells.count
      for cell in cells {
        guard let from = cell["id"].flatMap({ Int($0) }), let distances = cell.first("distances") else { continue }
        for sibling in distances.elements where sibling.isNamed("sibling") {
          guard let to = sibling["id"].flatMap({ Int($0) }), let value = sibling["value"] else { continue }
          guard to < count, to >= 0 else { throw sibling.wrong(.xmlError, "there is no cell \(to)") }
          // 10 is the way of a cell to itself, 255 that to one out of reach.
          guard let distance = UInt32(value), (10...255).contains(distance), (distance == 10) == (from == to) else {
            throw sibling.wrong(.xmlError, "'value' is 10 for the cell itself and 11 to 255 for others, not \(value)")
          }
          values[from, default: [:]][to] = value
        }
      }
    }

    /// A cell with the distances that others say.
    func filled(in cell: XMLElement, _ number: Int) -> XMLElement {
      guard !values.isEmpty, let from = cell["id"].flatMap({ Int($0) }) else { return cell }
      let siblings = (0..<count).compactMap { to -> XMLElement? in
        let value = values[from]?[to] ?? values[to]?[from] ?? (from == to ? "10" : nil)
        return value.map { XMLElement("sibling", [XMLAttribute("id", "\(to)"), XMLAttribute("value", $0)]) }
      }
      let made = XMLElement("distances", elements: siblings)
      return cell.first("distances") == made ? cell : cell.replacing("distances", with: made)
    }
  }
}

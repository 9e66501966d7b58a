internal import VirtCore
internal import VirtXML

/// The processors that a guest sees: the element `cpu`.
enum ProcessorReader {
  /// Checks the element and fills in what it leaves out; nil when it says nothing.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement? {
    guard element.saysSomething else { return nil }
    var complete = try numbered(element.without("arch"))
    let model = complete.first("model").flatMap { $0.isEmpty ? nil : $0 }
    if let model {
      if element["mode"] == nil { complete = complete.setting("mode", "custom", inFront: true) }
      if complete.has("mode", "custom") {
        if element["match"] == nil { complete = complete.setting("match", "exact") }
        if model["fallback"] == nil {
          complete = complete.replacing("model", with: model.setting("fallback", "allow", inFront: true))
        }
      }
    } else if complete.first("model") != nil {
      complete = complete.without("model")
    }
    try checkFeatures(complete, hasModel: model != nil)
    complete = try complete.changingFirst("topology") { topology in
      guard topology["dies"] == nil, let sockets = topology["sockets"] else { return topology }
      return topology.keepingOthers(behind: [XMLAttribute("sockets", sockets), XMLAttribute("dies", "1")])
    }
    return complete.saysSomething ? complete : nil
  }

  /// Refuses features and a vendor without a model, and features without a name or with that of another.
  static func checkFeatures(_ element: XMLElement, hasModel: Bool) throws(VirtError) {
    if !hasModel, element["mode"] == nil || element.has("mode", "custom") {
      if element.first("vendor") != nil { throw element.wrong(.xmlError, "a <vendor> needs a <model>", .cpu) }
      if element.first("feature") != nil { throw element.wrong(.xmlError, "a <feature> needs a <model>", .cpu) }
    }
    var seen: Set<String> = []
    for feature in element.elements where feature.isNamed("feature") {
      guard let name = feature["name"], !name.isEmpty else { throw feature.wrong(.xmlError, "a name is missing", .cpu) }
      guard seen.insert(name).inserted else { throw feature.wrong(.xmlError, "it is mentioned twice: '\(name)'", .cpu) }
    }
  }

  // MARK: - Nodes of memory

  /// The element with its cells numbered, their memory in KiB, and the distances between them the same in both directions.
  private static func numbered(_ element: XMLElement) throws(VirtError) -> XMLElement {
    guard let nodes = element.first("numa") else { return element }
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
    try check(cells)
    let distances = try Distances(cells)
    number = 0
    let filled = try complete.replacingElements { (cell) throws(VirtError) in
      guard cell.isNamed("cell") else { return cell }
      defer { number += 1 }
      return distances.filled(in: cell, number)
    }
    return filled == nodes ? element : element.replacing("numa", with: filled)
  }

  private static func complete(cell: XMLElement, number: Int) throws(VirtError) -> XMLElement {
    guard let memory = cell["memory"] else { throw cell.wrong(.xmlError, "'memory' is missing", .xml) }
    guard UInt64(memory) != nil else { throw cell.wrong(.xmlError, "this is no size: '\(memory)'", .xml) }
    let size = try ScaledSize.kibibytes(memory, of: cell)
    var made = [XMLAttribute("id", cell["id"] ?? "\(number)")]
    if let processors = cell["cpus"] { made.append(XMLAttribute("cpus", NumberSet(processors)?.text ?? processors)) }
    made += [XMLAttribute("memory", "\(size)"), XMLAttribute("unit", "KiB")]
    return cell.keepingOthers(behind: made)
  }

  private static func check(_ cells: [XMLElement]) throws(VirtError) {
    var seen: Set<String> = []
    var taken: [Int: String] = [:]
    for cell in cells {
      let id = cell["id"] ?? ""
      guard seen.insert(id).inserted else { throw cell.wrong(.xmlError, "another cell has the number \(id)") }
      guard let number = UInt32(id), number < cells.count else {
        throw cell.wrong(.xmlError, "the numbers of cells begin at 0 and have no gaps: '\(id)'")
      }
      guard let processors = cell["cpus"].flatMap({ NumberSet($0) }), let last = processors.last else { continue }
      for processor in 0...last where processors.contains(processor) {
        if let other = taken.updateValue(id, forKey: processor) {
          throw cell.wrong(.configUnsupported, "the processor \(processor) is in the cells \(other) and \(id)")
        }
      }
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

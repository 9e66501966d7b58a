internal import VirtCore
package import VirtXML

/// A NUMA cell of a host: processors and the memory that is near to them.
package struct HostCell: Sendable {
  /// Its element.
  package let element: XMLElement

  /// Where a processor is.
  package struct Processor: Sendable, Equatable {
    /// Its number in the host.
    package var id: UInt32
    /// The socket, the die in it, and the core in that.
    package var socket: UInt32
    package var die: UInt32
    package var core: UInt32
    /// The processors of the same core, itself among them.
    package var siblings: NumberSet

    /// Says where one is.
    package init(id: UInt32, socket: UInt32, die: UInt32 = 0, core: UInt32, siblings: NumberSet) {
      self.id = id
      self.socket = socket
      self.die = die
      self.core = core
      self.siblings = siblings
    }
  }

  /// How many pages of a size there are.
  package struct Pages: Sendable, Equatable {
    /// KiB.
    package var size: UInt64
    package var count: UInt64

    /// Counts pages of a size in KiB.
    package init(size: UInt64, count: UInt64) {
      self.size = size
      self.count = count
    }
  }

  init(element: XMLElement) { self.element = element }

  /// Describes a cell.
  ///
  /// - Parameters:
  ///   - memory: KiB.
  ///   - distances: How far other cells' memory is: 10 is the cell's own. None are told when it is empty.
  package init(
    _ id: UInt32, memory: UInt64, pages: [Pages] = [], distances: [(cell: UInt32, value: UInt32)] = [], processors: [Processor]
  ) {
    var parts = [XMLElement("memory", [XMLAttribute("unit", "KiB")], [.text("\(memory)")])]
    parts += pages.map { pages in
      XMLElement("pages", [XMLAttribute("unit", "KiB"), XMLAttribute("size", "\(pages.size)")], [.text("\(pages.count)")])
    }
    if !distances.isEmpty {
      let siblings = distances.map {
        XMLElement("sibling", [XMLAttribute("id", "\($0.cell)"), XMLAttribute("value", "\($0.value)")])
      }
      parts.append(XMLElement("distances", elements: siblings))
    }
    let list = processors.map { one in
      XMLElement(
        "cpu",
        [
          XMLAttribute("id", "\(one.id)"), XMLAttribute("socket_id", "\(one.socket)"), XMLAttribute("die_id", "\(one.die)"),
          XMLAttribute("core_id", "\(one.core)"), XMLAttribute("siblings", one.siblings.text),
        ])
    }
    parts.append(XMLElement("cpus", [XMLAttribute("num", "\(processors.count)")], elements: list))
    element = XMLElement("cell", [XMLAttribute("id", "\(id)")], elements: parts)
  }

  /// Its number.
  package var id: UInt32 { element.figure("id") }
  /// Its memory in KiB; nil where it does not say.
  package var memory: UInt64? { element.first("memory").flatMap { try? ScaledSize.kibibytes($0) } }
  /// Its pages by their size.
  package var pages: [Pages] {
    element.all("pages").map { Pages(size: $0["size"].flatMap { UInt64($0) } ?? 0, count: UInt64($0.text) ?? 0) }
  }
  /// How far a cell's memory is; nil where it does not say.
  package func distance(to cell: UInt32) -> UInt32? {
    element.first("distances")?.all("sibling").first { $0.figure("id") == cell }?.figure("value")
  }
  /// Its processors.
  package var processors: [Processor] {
    element.first("cpus")?.all("cpu").map { one in
      Processor(
        id: one.figure("id"), socket: one.figure("socket_id"), die: one.figure("die_id"), core: one.figure("core_id"),
        siblings: one["siblings"].flatMap { NumberSet($0) } ?? NumberSet())
    } ?? []
  }

  /// Refuses what contradicts itself.
  ///
  /// - Parameter cells: The numbers of all cells.
  func check(_ cells: Set<UInt32>) throws(VirtError) {
    if let memory = element.first("memory") { _ = try ScaledSize.kibibytes(memory) }
    for pages in element.all("pages") where pages.isEmpty { throw pages.wrong(.xmlError, "there is no number of pages") }
    for sibling in element.first("distances")?.all("sibling") ?? [] where !cells.contains(sibling.figure("id")) {
      throw sibling.wrong(.xmlError, "there is no cell '\(sibling.figure("id"))'")
    }
    guard let list = element.first("cpus") else { return }
    try list.checkList(of: "cpu")
    for one in list.all("cpu") { try one.checkNumbers("siblings") }
  }
}

/// A cache that some of a host's processors share.
package struct CacheBank: Sendable {
  /// Its element.
  package let element: XMLElement

  /// What is kept in it.
  package enum Kind: String, Sendable {
    case both, code, data
  }

  init(element: XMLElement) { self.element = element }

  /// Describes one.
  ///
  /// - Parameters:
  ///   - level: How far from the processors; 1 is the nearest.
  ///   - size: KiB.
  package init(_ id: UInt32, level: UInt32, _ kind: Kind, size: UInt64, processors: NumberSet) {
    element = XMLElement(
      "bank",
      [
        XMLAttribute("id", "\(id)"), XMLAttribute("level", "\(level)"), XMLAttribute("type", kind.rawValue),
        XMLAttribute("size", "\(size)"), XMLAttribute("unit", "KiB"), XMLAttribute("cpus", processors.text),
      ])
  }

  /// Its number among those of its level.
  package var id: UInt32 { element.figure("id") }
  /// How far from the processors it is; 1 is the nearest.
  package var level: UInt32 { element.figure("level") }
  /// What is kept in it.
  package var kind: Kind { element["type"].flatMap { Kind(rawValue: $0) } ?? .both }
  /// Its size in bytes.
  package var size: UInt64 {
    element["size"].flatMap { UInt64($0) }.flatMap { try? ScaledSize.bytes($0, of: element) } ?? 0
  }
  /// The processors that share it.
  package var processors: NumberSet { element["cpus"].flatMap { NumberSet($0) } ?? NumberSet() }

  func check() throws(VirtError) {
    if let size = try element.number("size", UInt64.self) { _ = try ScaledSize.bytes(size, of: element) }
    try element.checkNumbers("cpus")
  }
}

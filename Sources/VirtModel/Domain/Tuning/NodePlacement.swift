internal import VirtXML

/// From which of the host's memory nodes a domain's memory comes (`numatune`).
package struct NodePlacement: Sendable, Equatable {
  /// The ways in which nodes are chosen, by the numbers of `virDomainNumatuneMemMode`.
  package static let modes = ["strict", "preferred", "interleave", "restrictive"]

  /// Which way.
  package var mode: Int = 0
  /// The nodes; absent when nothing is said of them.
  package var nodes: NumberSet?
  /// Whether the host chooses the nodes.
  package private(set) var isAutomatic = false

  /// Reads the placement of a domain.
  package init(_ hardware: DomainHardware) {
    guard let memory = hardware.setting("numatune", in: .placement)?.first("memory") else { return }
    mode = memory["mode"].flatMap { Self.modes.firstIndex(of: $0) } ?? 0
    nodes = memory["nodeset"].flatMap { NumberSet($0) }
    isAutomatic = memory["placement"] == "auto"
  }

  /// The hardware with this placement.
  package func applied(to hardware: DomainHardware) -> DomainHardware {
    let element = hardware.setting("numatune", in: .placement) ?? XMLElement("numatune")
    var memory = (element.first("memory") ?? XMLElement("memory")).setting(
      "mode", Self.modes[Self.modes.indices.contains(mode) ? mode : 0])
    if let nodes {
      memory = memory.setting("nodeset", nodes.text).setting("placement", nil)
    }
    return hardware.changing("numatune", in: .placement, to: element.changing("memory", to: memory, in: .numatune))
  }
}

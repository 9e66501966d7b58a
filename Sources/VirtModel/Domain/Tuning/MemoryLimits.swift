internal import VirtXML

/// How much memory of the host a domain may use (`memtune`), in KiB.
package struct MemoryLimits: Sendable, Equatable {
  /// What stands for no limit.
  package static let unlimited: UInt64 = 9_007_199_254_740_991

  /// What it never exceeds.
  package var hard = unlimited
  /// To what it is held when memory is short.
  package var soft = unlimited
  /// What memory and swap space together never exceed.
  package var swap = unlimited

  /// Reads the limits of a domain.
  package init(_ hardware: DomainHardware) {
    guard let element = hardware.setting("memtune", in: .limits) else { return }
    hard = Self.read(element, "hard_limit")
    soft = Self.read(element, "soft_limit")
    swap = Self.read(element, "swap_hard_limit")
  }

  private static func read(_ element: XMLElement, _ name: StaticString) -> UInt64 {
    element.first(name).flatMap { UInt64($0.text) } ?? unlimited
  }

  /// The hardware with these limits.
  package func applied(to hardware: DomainHardware) -> DomainHardware {
    var element = hardware.setting("memtune", in: .limits) ?? XMLElement("memtune")
    let values: [(StaticString, UInt64)] = [("hard_limit", hard), ("soft_limit", soft), ("swap_hard_limit", swap)]
    for (name, value) in values {
      let limit = value < Self.unlimited ? XMLElement("\(name)", [XMLAttribute("unit", "KiB")], [.text("\(value)")]) : nil
      element = element.changing(name, to: limit, in: .memtune)
    }
    return hardware.changing("memtune", in: .limits, to: element.unlessEmpty)
  }
}

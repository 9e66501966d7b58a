internal import VirtXML

/// The balloon that takes memory from a guest and reports about it.
package enum Balloon {
  /// The hardware with a balloon that reports every so many seconds; 0 for never.
  package static func reporting(every seconds: UInt32, at index: Int, in hardware: DomainHardware) -> DomainHardware {
    let stats = seconds == 0 ? nil : XMLElement("stats", [XMLAttribute("period", "\(seconds)")])
    let changed = hardware.devices[index].element.changing("stats", to: stats, in: DeviceKind.memballoon.parts)
    return hardware.changing(deviceAt: index, to: changed)
  }
}

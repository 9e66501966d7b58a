internal import VirtCore
internal import VirtXML

/// What parts of a domain's document must not say together.
enum DomainChecks {
  /// Refuses devices that do not fit the rest of a domain.
  static func check(_ devices: [Device], memory: UInt64, platform: [XMLElement]) throws(VirtError) {
    var total: UInt64 = 0
    for device in devices {
      switch device.kind {
      case .memory:
        let (sum, overflow) = total.addingReportingOverflow(MemoryDevice.size(device.element))
        guard !overflow, sum <= memory else { throw device.element.wrong(.xmlError, "there is more of it than of all memory") }
        total = sum
        let hasCells = platform.contains { $0.isNamed("cpu") && $0.first("numa") != nil }
        if device.element.first("target")?.first("node") != nil, !hasCells {
          throw device.element.wrong(.xmlDetail, "the guest has no cells")
        }
      case .iommu:
        guard device.element.first("driver")?["intremap"] == "on" else { continue }
        let controller = platform.first { $0.isNamed("features") }?.first("ioapic")
        guard controller?["driver"] == "qemu" else {
          throw device.element.wrong(.configUnsupported, "'intremap' needs <ioapic driver='qemu'/>")
        }
      default: continue
      }
    }
  }

  /// Whether devices say in which order the guest boots from them.
  static func ordersBoot(_ devices: [Device]) -> Bool {
    devices.contains { device in
      switch device.kind {
      case .disk, .interface, .hostdev, .redirdev: device.element.first("boot")?["order"] != nil
      default: false
      }
    }
  }
}

/// What a device can be or do, as filters of lists name it. The bits are those of the API's flags.
package struct DeviceKinds: OptionSet, Sendable {
  /// The bits.
  package let rawValue: UInt32

  /// Wraps any bits.
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The names by bit.
  package static let names = [
    "system", "pci", "usb_device", "usb", "net", "scsi_host", "scsi_target", "scsi", "storage", "fc_host", "vports",
    "scsi_generic", "drm", "mdev_types", "mdev", "ccw", "css", "vdpa", "ap_card", "ap_queue", "ap_matrix", "vpd", "ccwgroup",
    "ccwgroup_member",
  ]

  /// All of them.
  package static let all = DeviceKinds(rawValue: 1 << UInt32(names.count) - 1)
  /// A mediated device.
  package static let mediated = DeviceKinds(rawValue: 1 << 14)
  /// A function of a PCI device.
  package static let pci = DeviceKinds(rawValue: 1 << 1)
  /// An adapter of a storage network.
  package static let fibreChannel = DeviceKinds(rawValue: 1 << 9)
  /// Such an adapter that has room for virtual ones.
  package static let virtualPorts = DeviceKinds(rawValue: 1 << 10)

  /// The kind of that name; nothing when there is none.
  package init(named name: String) {
    self.init(rawValue: Self.names.firstIndex(of: name).map { 1 << UInt32($0) } ?? 0)
  }

  /// What a type of a capability in a document says.
  init(type: String) { self.init(named: type == "vport_ops" ? "vports" : type) }
}

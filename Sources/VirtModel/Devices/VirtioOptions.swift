internal import VirtCore
internal import VirtXML

/// What drivers of virtio devices alone are told.
enum VirtioOptions {
  private static let names: [StaticString] = ["iommu", "ats", "packed", "page_per_vq"]

  /// Refuses these options where the device is not one of virtio.
  static func check(_ device: XMLElement, _ kind: DeviceKind) throws(VirtError) {
    guard kind == .interface || kind == .video || kind == .vsock, let driver = device.first("driver") else { return }
    guard let name = names.first(where: { driver[$0] != nil }), !device.isVirtio else { return }
    throw driver.wrong(.configUnsupported, "only devices of virtio have '\(name)'")
  }
}

extension XMLElement {
  /// Whether a device, or the <model> in it, is of virtio.
  var isVirtio: Bool {
    let model = self["model"] ?? first("model")?["type"]
    return model == "virtio" || model == "virtio-transitional" || model == "virtio-non-transitional"
  }
}

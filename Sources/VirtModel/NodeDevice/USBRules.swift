extension DeviceRules {
  /// A device on a USB bus.
  static let usbDevice = capability(
    "usb_device", [number("bus"), number("device"), .value("port"), identified("product"), identified("vendor")])

  /// An interface of such a device.
  static let usbInterface = capability(
    "usb", [number("number"), number("class"), number("subclass"), number("protocol"), .value("description")])
}

internal import VirtXML

extension DeviceKind {
  /// The order of a device's parts; nil where the document's order stays.
  var shape: Shape? {
    switch self {
    case .disk: Self.diskShape
    case .controller: Self.controllerShape
    case .interface: Self.interfaceShape
    case .filesystem: Self.filesystemShape
    case .serial, .parallel, .console, .channel: Self.characterShape
    case .input: Self.inputShape
    case .graphics: Self.graphicsShape
    case .video: Self.videoShape
    case .watchdog: Self.watchdogShape
    case .hostdev: Self.hostShape
    default: nil
    }
  }

  /// The order of a device's parts, for changing them.
  var parts: Shape { shape ?? Shape() }

  private static let driver = Shape([
    "name", "type", "cache", "error_policy", "rerror_policy", "io", "ioeventfd", "event_idx", "copy_on_read", "discard", "iothread",
    "detect_zeroes", "queues",
  ])
  private static let address = Shape([
    "type", "domain", "controller", "bus", "slot", "port", "function", "target", "unit", "multifunction",
  ])
  private static let target = Shape(["type", "dev", "bus", "name", "port", "state", "tray", "removable", "rotation_rate"])

  private static let diskShape = Shape(
    ["type", "device", "model", "rawio", "sgio", "snapshot"],
    [
      ("driver", driver), ("auth", nil), ("source", nil), ("backingStore", nil), ("backenddomain", nil), ("geometry", nil),
      ("blockio", nil), ("mirror", nil), ("target", target), ("iotune", DiskLimits.shape), ("throttlefilters", nil),
      ("readonly", nil),
      ("shareable", nil), ("transient", nil), ("serial", nil), ("wwn", nil), ("vendor", nil), ("product", nil),
      ("encryption", nil), ("boot", nil), ("alias", nil), ("address", address),
    ])
  private static let controllerShape = Shape(
    ["type", "index", "model", "ports", "vectors", "maxGrantFrames", "maxEventChannels"],
    [
      ("model", nil), ("target", nil), ("master", nil), ("driver", driver), ("pcihole64", nil), ("alias", nil),
      ("address", address),
    ])
  private static let interfaceShape = Shape(
    ["type", "managed", "trustGuestRxFilters"],
    [
      ("mac", nil), ("source", nil), ("backend", nil), ("virtualport", nil), ("vlan", nil), ("port", nil), ("bandwidth", nil),
      ("ip", nil),
      ("route", nil), ("script", nil), ("downscript", nil), ("backenddomain", nil), ("target", target), ("guest", nil),
      ("model", nil), ("driver", driver), ("tune", nil), ("filterref", nil), ("boot", nil), ("link", nil), ("mtu", nil),
      ("coalesce", nil), ("alias", nil), ("address", address),
    ])
  private static let filesystemShape = Shape(
    ["type", "model", "accessmode", "multidevs", "fmode", "dmode"],
    [
      ("driver", driver), ("source", nil), ("target", target), ("readonly", nil), ("space_hard_limit", nil),
      ("space_soft_limit", nil), ("alias", nil), ("address", address),
    ])
  private static let characterShape = Shape(
    ["type", "tty"],
    [("source", nil), ("protocol", nil), ("log", nil), ("target", target), ("acpi", nil), ("alias", nil), ("address", address)])
  private static let inputShape = Shape(
    ["type", "bus", "model"], [("driver", driver), ("source", nil), ("alias", nil), ("address", address)])
  private static let graphicsShape = Shape(
    [
      "type", "port", "tlsPort", "autoport", "websocket", "websocketGenerated", "keymap", "defaultMode", "listen", "socket",
      "passwd", "passwdValidTo", "connected", "sharePolicy", "display", "xauth", "fullscreen", "replaceUser", "multiUser",
    ],
    [("listen", Shape(["type", "address", "network", "socket"]))])
  private static let videoShape = Shape(
    [],
    [
      ("driver", nil), ("model", Shape(["type", "ram", "vram", "vram64", "vgamem", "heads", "primary", "blob", "edid"])),
      ("alias", nil), ("address", address),
    ])
  private static let watchdogShape = Shape(["model", "action"], [("alias", nil), ("address", address)])
  private static let hostShape = Shape(
    ["mode", "type", "managed", "sgio", "rawio", "model", "display", "ramfb"],
    [("driver", nil), ("source", nil), ("boot", nil), ("rom", nil), ("alias", nil), ("address", address)])
}

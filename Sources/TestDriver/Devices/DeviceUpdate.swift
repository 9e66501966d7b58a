internal import VirtCore
internal import VirtModel
internal import VirtXML

/// The rules by which a device that a domain has becomes another one. They are those of the reference's driver for QEMU.
struct DeviceUpdate {
  /// What the domain is: what runs, or what starts next.
  let present: DomainValues
  /// Whether the guest runs.
  let isLive: Bool

  private func refusal(_ code: ErrorCode, _ text: String, _ domain: ErrorDomain = .test) -> VirtError {
    VirtError(code, domain, "", "\(text): '\(present.name)'")
  }

  /// The hardware with the device that a description means as it says.
  func applied(_ described: XMLElement, _ context: ModelContext) throws(VirtError) -> DomainHardware {
    let hardware = present.hardware
    let device = try Device.read(described, beside: hardware, context)
    let place: Int
    switch device.kind {
    case .disk:
      guard let index = hardware.index(of: device) else {
        throw refusal(isLive ? .internalError : .invalidArg, "it has no disk '\(Disk.target(device.element))'")
      }
      place = index
    case .interface: place = try interface(described)
    case .graphics:
      guard let index = hardware.index(of: device) else {
        throw refusal(isLive ? .deviceMissing : .invalidArg, "it has no such <graphics>")
      }
      place = index
    case .memory:
      guard let index = memory(device.element) else {
        throw refusal(isLive ? .configUnsupported : .invalidArg, "it has no such <memory>")
      }
      place = index
    default:
      let isOfContainers = device.element.has("mode", "capabilities")
      throw refusal(
        isLive || isOfContainers ? .configUnsupported : .operationUnsupported,
        "devices of the kind <\(device.kind)> stay as they are")
    }
    let old = hardware.devices[place]
    guard isLive else { return try hardware.replacing(at: place, with: replacement(old, device, described), context) }
    if let alias = described.first("alias")?["name"], alias != old.alias {
      throw refusal(.operationDenied, "a running device keeps its alias '\(old.alias ?? "")'", .domain)
    }
    let changed =
      switch device.kind {
      case .disk: try changed(disk: old.element, to: device.element, described)
      case .interface: try changed(interface: old.element, to: device.element, described)
      case .graphics: try changed(graphics: old.element, to: device.element)
      default: try changed(memory: old.element, to: device.element)
      }
    return try hardware.replacing(at: place, with: Device(kind: device.kind, element: device.kind.arranged(changed)), context)
  }

  /// What a device becomes in the configuration: what is described, in its old place where none is.
  private func replacement(_ old: Device, _ new: Device, _ described: XMLElement) -> Device {
    var element = new.element
    if new.kind == .interface {
      if described.first("target") == nil, let target = old.element.first("target") {
        element = element.replacing("target", with: target)
      }
      if described.first("address") == nil, let address = old.element.first("address") {
        element = element.replacing("address", with: address)
      }
    }
    return Device(kind: new.kind, element: new.kind.arranged(element))
  }

  private func interface(_ described: XMLElement) throws(VirtError) -> Int {
    let found = present.hardware.interfaces(like: described, named: isLive)
    guard let place = found.first else { throw refusal(.deviceMissing, "it has no such interface", .domain) }
    guard found.count == 1 else { throw refusal(.operationFailed, "several interfaces fit the description", .domain) }
    return place
  }

  /// The memory device of a model, size and node.
  private func memory(_ described: XMLElement) -> Int? {
    present.hardware.devices.firstIndex { device in
      guard device.kind == .memory, device.element["model"] == described["model"] else { return false }
      let mine = device.element.first("target"), its = described.first("target")
      return mine?.first("size") == its?.first("size") && mine?.first("node")?.text == its?.first("node")?.text
    }
  }

  /// Refuses another value of one of some attributes; those that the new one does not have stay.
  private func keep(
    _ names: [StaticString], _ old: XMLElement?, _ new: XMLElement?, strict: Bool = false
  ) throws(VirtError) {
    for name in names where (strict || new?[name] != nil) && new?[name] != old?[name] {
      throw refusal(.operationUnsupported, "'\(name)' of a running <\((new ?? old)?.name ?? "")> stays as it is")
    }
  }

  /// Refuses another one of some parts.
  private func keep(_ names: [StaticString], in old: XMLElement, _ new: XMLElement) throws(VirtError) {
    for name in names where old.first(name) != new.first(name) {
      throw refusal(.operationUnsupported, "<\(name)> of a running <\(old.name)> stays as it is")
    }
  }

  // MARK: - While it runs

  private func changed(disk old: XMLElement, to new: XMLElement, _ described: XMLElement) throws(VirtError) -> XMLElement {
    let isRemovable = old.has("device", "cdrom") || old.has("device", "floppy")
    let isSameSource = old.first("source") == new.first("source") && old["type"] == new["type"]
    if new["device"] != old["device"] || (!isSameSource && !isRemovable) {
      throw refusal(.configUnsupported, "only disks with media take another source")
    }
    try keep(["bus", "removable", "rotation_rate"], old.first("target"), new.first("target"), strict: true)
    try keep(["tray"], old.first("target"), new.first("target"))
    try keep(
      [
        "name", "cache", "error_policy", "rerror_policy", "io", "ioeventfd", "event_idx", "copy_on_read", "discard",
        "detect_zeroes",
        "iothread", "queues",
      ], old.first("driver"), new.first("driver"))
    try keep(["model", "rawio", "sgio", "snapshot"], old, new)
    try keep(
      [
        "readonly", "shareable", "transient", "serial", "wwn", "vendor", "product", "geometry", "blockio", "iotune", "encryption",
        "boot",
      ], in: old, new)
    if isSameSource { return old }
    var changed = old.setting("type", new["type"]).filtered { !$0.isNamed("source") && !$0.isNamed("backingStore") }
    if let driver = new.first("driver") { changed = changed.replacing("driver", with: driver) }
    if let source = new.first("source") { changed = changed.appending(source) }
    if let store = new.first("backingStore") { changed = changed.appending(store) }
    return changed
  }

  private func changed(
    interface old: XMLElement, to new: XMLElement, _ described: XMLElement
  ) throws(VirtError) -> XMLElement {
    try keep(["type", "managed"], old, new, strict: true)
    try keep(["address"], old.first("mac"), new.first("mac"), strict: true)
    if described.first("target") != nil { try keep(["dev"], old.first("target"), new.first("target")) }
    try keep(
      [
        "model", "driver", "script", "downscript", "rom", "boot", "mtu", "tune", "guest", "backend", "ip", "route",
        "backenddomain",
      ], in: old, new)
    var changed = new
    for name in ["target", "alias", "address"] as [StaticString] {
      if let part = old.first(name) { changed = changed.replacing(name, with: part) }
    }
    return changed
  }

  private func changed(graphics old: XMLElement, to new: XMLElement) throws(VirtError) -> XMLElement {
    try keep(
      [
        "port", "tlsPort", "autoport", "websocket", "keymap", "defaultMode", "listen", "socket", "sharePolicy", "display", "xauth",
        "fullscreen", "multiUser", "replaceUser",
      ], old, new, strict: true)
    try keep(
      ["listen", "gl", "channel", "image", "jpeg", "zlib", "playback", "streaming", "clipboard", "mouse", "filetransfer"], in: old,
      new)
    let changed = ["passwd", "passwdValidTo", "connected"] as [StaticString]
    return changed.reduce(old) { $0.setting($1, new[$1]) }
  }

  private func changed(memory old: XMLElement, to new: XMLElement) throws(VirtError) -> XMLElement {
    try keep(["access", "discard"], old, new, strict: true)
    guard old.has("model", "virtio-mem"), let target = old.first("target"), let requested = new.first("target")?.first("requested")
    else { throw refusal(.configUnsupported, "only memory of the model 'virtio-mem' changes while it runs") }
    return old.replacing("target", with: target.replacing("requested", with: requested))
  }
}

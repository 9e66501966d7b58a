internal import VirtCore
internal import VirtEngine
internal import VirtModel
internal import VirtXML

/// The rules by which devices come into a domain and leave it. They are those of the reference's driver for QEMU, with a guest that
/// lets go of everything at once.
struct DevicePlug {
  /// What the domain is: what runs, or what starts next.
  let present: DomainValues
  /// Whether the guest runs.
  let isLive: Bool
  /// The jobs that go on.
  let record: DomainRecord

  private var when: String { isLive ? "while it runs" : "in its configuration" }

  /// Says that something is no change for a domain.
  func refusal(_ code: ErrorCode, _ text: String, _ domain: ErrorDomain = .test) -> VirtError {
    VirtError(code, domain, "", "\(text): '\(present.name)'")
  }

  private func unsupported(_ kind: DeviceKind) -> VirtError {
    refusal(.operationUnsupported, "devices of the kind <\(kind)> neither come nor go \(when)")
  }

  /// The device, unless it cannot be added.
  func checked(_ device: Device) throws(VirtError) -> Device {
    let hardware = present.hardware, element = device.element
    if let alias = device.alias, hardware.index(ofAlias: alias) != nil {
      throw refusal(.configUnsupported, "another device has the alias '\(alias)'", .domain)
    }
    let twin = hardware.index(of: device)
    switch device.kind {
    case .disk:
      if twin != nil {
        throw isLive
          ? refusal(.xmlError, "another disk is '\(Disk.target(element))'", .domain)
          : refusal(.operationInvalid, "another disk is '\(Disk.target(element))'")
      }
      if isLive { try checkBus(of: element) }
    case .controller:
      if isLive, !element.has("type", "scsi") {
        throw refusal(.operationUnsupported, "only SCSI controllers come and go while it runs")
      }
      if twin != nil {
        throw refusal(isLive ? .operationFailed : .operationInvalid, "there is such a controller: '\(element["index"] ?? "")'")
      }
    case .lease, .hostdev, .shmem:
      if device.kind == .hostdev, element.has("mode", "capabilities") {
        throw refusal(.configUnsupported, "capabilities of the host are for containers")
      }
      if twin != nil {
        throw refusal(isLive && device.kind == .hostdev ? .operationFailed : .operationInvalid, "it has this <\(device.kind)>")
      }
    case .filesystem:
      if isLive, element.first("driver")?["type"] != "virtiofs" {
        throw refusal(.operationUnsupported, "only file systems of virtiofs come while it runs")
      }
      if twin != nil { throw refusal(.operationInvalid, "another file system has this target") }
    case .console where device.isSerialConsole:
      throw refusal(isLive ? .configUnsupported : .operationUnsupported, "a console comes with its serial line")
    case .serial, .parallel, .console, .channel:
      if device.kind != .console, twin != nil { throw refusal(.operationInvalid, "it has this <\(device.kind)>") }
    case .watchdog, .vsock:
      if device.kind == .vsock || isLive || twin != nil || element["model"] != nil,
        hardware.devices.contains(where: { $0.kind == device.kind })
      {
        throw refusal(.operationInvalid, "it has a <\(device.kind)>")
      }
    case .memory: try checkMemory()
    case .input:
      if isLive, !Self.pluggableInput.contains(element["bus"] ?? "") {
        throw refusal(.operationUnsupported, "input devices on this bus stay while it runs")
      }
    case .sound: if isLive { throw unsupported(.sound) }
    case .interface, .redirdev, .rng: break
    default: throw unsupported(device.kind)
    }
    return device
  }

  private static let pluggableInput = ["usb", "virtio"]
  private static let pluggableDisks = ["virtio", "usb", "scsi"]

  private func checkBus(of disk: XMLElement) throws(VirtError) {
    guard disk["device"] != "floppy", Self.pluggableDisks.contains(disk.first("target")?["bus"] ?? "") else {
      throw refusal(.operationUnsupported, "disks on this bus neither come nor go while it runs")
    }
  }

  private func checkMemory() throws(VirtError) {
    guard let limit = present.memoryLimit else {
      throw refusal(.configUnsupported, "memory devices need a <maxMemory>", .domain)
    }
    guard present.hardware.devices.reduce(0, { $1.kind == .memory ? $0 + 1 : $0 }) < limit.slots else {
      throw refusal(.configUnsupported, "all slots for memory devices are taken", .domain)
    }
  }

  /// Refuses to take away a device that stays.
  func checkRemoval(at place: Int) throws(VirtError) {
    let device = present.hardware.devices[place], element = device.element
    try checkLeaving(device)
    switch device.kind {
    case .disk:
      guard isLive else { return }
      try checkBus(of: element)
      guard record.blockJobs[Disk.target(element)] == nil else {
        throw refusal(.operationUnsupported, "a job goes on with '\(Disk.target(element))'")
      }
    case .controller:
      guard isLive else { return }
      let isUsed = present.hardware.devices.contains { disk in
        disk.kind == .disk && disk.element.first("target")?["bus"] == "scsi"
          && disk.element.first("address")?["controller"] == element["index"]
      }
      if isUsed { throw refusal(.operationFailed, "disks are on this controller") }
    case .lease, .hostdev, .input, .filesystem, .shmem, .serial, .parallel, .console, .channel, .watchdog, .vsock, .memory,
      .interface, .redirdev, .rng,
      .sound:
      return
    default: throw unsupported(device.kind)
    }
  }

  /// Where the device is that a description means.
  func place(of described: XMLElement, _ context: ModelContext) throws(VirtError) -> Int {
    let kind = DeviceKind(described.name)
    switch kind {
    case .interface: return try interface(described)
    // These are known by what is needed to tell them apart.
    case .disk, .controller, .lease, .filesystem:
      try checkLeaving(Device(kind: kind, element: described))
      guard let place = present.hardware.index(of: Device(kind: kind, element: described)) else { throw missing(kind) }
      return place
    default:
      let device = try Device.read(described, beside: present.hardware, context)
      try checkLeaving(device)
      if let alias = device.alias, Device.isUserAlias(alias) {
        guard let place = present.hardware.index(ofAlias: alias), present.hardware.devices[place].kind == kind else {
          throw missing(kind)
        }
        return place
      }
      guard let place = present.hardware.index(of: device) else { throw missing(kind) }
      return place
    }
  }

  /// Says what is wrong with a device as such, before it is looked for.
  private func checkLeaving(_ device: Device) throws(VirtError) {
    switch device.kind {
    case .smartcard, .tpm, .graphics, .audio, .video, .hub, .memballoon, .nvram, .panic, .iommu, .crypto, .pstore:
      throw unsupported(device.kind)
    case .sound where isLive: throw unsupported(.sound)
    case .console where device.isSerialConsole && !isLive:
      throw refusal(.operationInvalid, "a console goes with its serial line")
    case .controller where isLive && !device.element.has("type", "scsi"):
      throw refusal(.operationUnsupported, "only SCSI controllers come and go while it runs")
    case .hostdev where isLive && device.element.has("mode", "capabilities"):
      throw refusal(.configUnsupported, "capabilities of the host stay while it runs")
    case .input where isLive && !Self.pluggableInput.contains(device.element["bus"] ?? ""):
      throw refusal(.operationUnsupported, "input devices on this bus stay while it runs")
    default: break
    }
  }

  /// The interface that a description means, the only one.
  func interface(_ described: XMLElement) throws(VirtError) -> Int {
    if let mac = described.first("mac"), !NetworkInterface.isMAC(mac["address"] ?? "") {
      throw VirtError(.xmlError, .domain, "this is no MAC address", mac["address"] ?? "")
    }
    let found = present.hardware.interfaces(like: described, named: isLive)
    guard let place = found.first else { throw refusal(.deviceMissing, "it has no such interface", .domain) }
    guard found.count == 1 else { throw refusal(.operationFailed, "several interfaces fit the description", .domain) }
    return place
  }

  private func missing(_ kind: DeviceKind) -> VirtError {
    let code: ErrorCode =
      switch kind {
      case .serial, .parallel, .console, .channel: isLive ? .deviceMissing : .invalidArg
      case .vsock: isLive ? .deviceMissing : .operationFailed
      case .redirdev: isLive ? .operationInvalid : .deviceMissing
      default: .deviceMissing
      }
    return refusal(code, "it has no such <\(kind)>")
  }
}

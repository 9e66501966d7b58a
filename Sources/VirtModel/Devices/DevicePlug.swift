package import VirtCore
package import VirtXML

extension DomainHardware {
  /// The same hardware with one more device, and with what that implies: controllers, a console for the first serial line.
  package func plugging(_ device: Device, _ context: ModelContext) throws(VirtError) -> DomainHardware {
    with(devices: try DeviceReader.adding(device, to: devices, context.with(system: system.type)))
  }

  /// The same hardware without a device. The first serial line takes the console with it that shows it.
  package func unplugging(at index: Int) -> DomainHardware {
    var devices = devices
    guard devices.indices.contains(index) else { return self }
    let gone = devices.remove(at: index)
    if gone.kind == .serial, devices.firstIndex(where: { $0.kind == .serial }).map({ $0 >= index }) ?? true {
      devices.removeAll { $0.isSerialConsole && ($0.element.first("target")?["port"] ?? "0") == "0" }
    }
    return with(devices: devices)
  }

  /// The same hardware with a device exchanged, and with the controllers that it needs.
  package func replacing(at index: Int, with device: Device, _ context: ModelContext) throws(VirtError) -> DomainHardware {
    var devices = devices
    guard devices.indices.contains(index) else { return self }
    devices[index] = device
    return with(devices: try DeviceReader.adding(nil, to: devices, context.with(system: system.type)))
  }

  /// An alias for a device of a kind that is plugged in while the guest runs, as hypervisors choose them; nil for none.
  package func freeAlias(for device: Device) -> String? {
    let element = device.element
    switch device.kind {
    case .lease: return nil
    case .controller: return "\(element["type"] ?? "controller")\(element["index"] ?? "0")"
    case .disk: return Disk.alias(element)
    default:
      let name = device.aliasName
      var number = devices.reduce(0) { $1.kind == device.kind ? $0 + 1 : $0 }
      while index(ofAlias: "\(name)\(number)") != nil { number += 1 }
      return "\(name)\(number)"
    }
  }
}

extension Device {
  /// Reads one device's description for a domain that has others.
  package static func read(
    _ element: XMLElement, beside hardware: DomainHardware, _ context: ModelContext
  ) throws(VirtError) -> Device {
    try DeviceReader.readOne(element, beside: hardware.devices, context)
  }

  /// Whether it shows a serial line.
  package var isSerialConsole: Bool { kind == .console && element.first("target")?.has("type", "serial") == true }

  /// What hypervisors call such devices, before their number.
  fileprivate var aliasName: String {
    switch kind {
    case .filesystem: "fs"
    case .interface: "net"
    case .redirdev: "redir"
    case .memballoon: "balloon"
    case .memory: element.has("model", "virtio-mem") || element.has("model", "virtio-pmem") ? "virtiomem" : "dimm"
    default: "\(kind)"
    }
  }
}

extension DomainDefinition {
  /// The same domain without the aliases that the hypervisor gave; itself when there are none.
  package var withoutGivenAliases: DomainDefinition {
    let devices = values.hardware.devices
    let isGiven = { (device: Device) in device.alias.map { !Device.isUserAlias($0) } ?? false }
    guard devices.contains(where: isGiven) else { return self }
    return changing { $0.hardware = $0.hardware.with(devices: devices.map { isGiven($0) ? $0.named(nil) : $0 }) }
  }
}

extension DomainDefinition {
  /// The same domain as older releases on another host understand it: where displays do not listen on a network is not said.
  package var migratable: DomainDefinition {
    let devices = values.hardware.devices
    let isOther = { (device: Device) in
      guard device.kind == .graphics, let listen = device.element.first("listen") else { return false }
      return listen.has("type", "none") || listen.has("type", "socket")
    }
    guard devices.contains(where: isOther) else { return self }
    let changed = devices.map { device -> Device in
      guard isOther(device) else { return device }
      let quiet = device.element.without("listen")
      let said = device.element.has("type", "spice") ? quiet.defaulting("autoport", "no") : quiet
      return Device(kind: .graphics, element: device.kind.arranged(said))
    }
    return changing { $0.hardware = $0.hardware.with(devices: changed) }
  }
}

package import VirtXML

/// What a disk reads: the file in use and the files behind it.
package struct DiskChain: Sendable, Equatable {
  /// One file of a chain.
  package struct Layer: Sendable, Equatable {
    /// The kind of place: `file`, `block`, `network`, ….
    package var type: String
    /// The format, where it is known.
    package var format: String?
    /// Where it is.
    package var source: XMLElement?

    /// Describes a layer.
    package init(type: String, format: String?, source: XMLElement?) {
      self.type = type
      self.format = format
      self.source = source
    }

    /// A layer in a file.
    package init(file: String, format: String?) {
      self.init(type: "file", format: format, source: XMLElement("source", [XMLAttribute("file", file)]))
    }

    /// The file or device.
    package var path: String? { source.flatMap { $0["file"] ?? $0["dev"] ?? $0["name"] } }
  }

  /// The one in use first.
  package var layers: [Layer]

  /// Reads the chain of a disk.
  package init(_ disk: XMLElement) {
    layers = [Layer(type: disk["type"] ?? "file", format: disk.first("driver")?["type"], source: disk.first("source"))]
    var below = disk.first("backingStore")
    while let store = below, let source = store.first("source") {
      layers.append(Layer(type: store["type"] ?? "file", format: store.first("format")?["type"], source: source))
      below = store.first("backingStore")
    }
  }

  /// The place in the chain of a file; `vda[2]` counts from the one in use.
  package func index(of name: String, disk: String) -> Int? {
    if let index = layers.firstIndex(where: { $0.path == name }) { return index }
    guard name.hasPrefix(disk + "["), name.hasSuffix("]") else { return nil }
    guard let index = Int(name.dropFirst(disk.utf8.count + 1).dropLast()), layers.indices.contains(index) else { return nil }
    return index
  }

  /// A disk with this chain.
  package func written(in disk: XMLElement) -> XMLElement {
    guard let top = layers.first else { return disk }
    var made = disk.setting("type", top.type).filtered { !["source", "backingStore"].contains($0.name) }
    if let format = top.format {
      let driver = made.first("driver") ?? XMLElement("driver", [XMLAttribute("name", "qemu")], [])
      made = made.replacing("driver", with: driver.setting("type", format))
    }
    if let source = top.source { made = made.appending(source) }
    var below: XMLElement?
    for layer in layers.dropFirst().reversed() {
      // What is not known is taken as it is: a file behind another one needs a format.
      var parts = [XMLElement("format", [XMLAttribute("type", layer.format ?? "raw")], [])]
      if let source = layer.source { parts.append(source) }
      parts.append(below ?? XMLElement("backingStore"))
      below = XMLElement("backingStore", [XMLAttribute("type", layer.type)], elements: parts)
    }
    if let below { made = made.appending(below) }
    return DeviceKind.disk.arranged(made)
  }
}

extension DomainDefinition {
  /// The disk that the guest sees under a name, or whose file that is: its place among the devices.
  package func disk(_ name: String) -> Int? {
    let devices = values.hardware.devices
    return devices.firstIndex { $0.kind == .disk && Disk.target($0.element) == name }
      ?? devices.firstIndex { $0.kind == .disk && DiskChain($0.element).layers[0].path == name }
  }

  /// The same domain with a disk's chain changed.
  package func changing(disk index: Int, _ chain: DiskChain) -> DomainDefinition {
    var devices = values.hardware.devices
    guard devices.indices.contains(index) else { return self }
    devices[index].element = chain.written(in: devices[index].element)
    return changing { $0.hardware = $0.hardware.with(devices: devices) }
  }
}

extension DomainHardware {
  /// The same with other devices.
  func with(devices: [Device]) -> DomainHardware {
    DomainHardware(
      generation: generation, tuning: tuning, placement: placement, system: system, platform: platform, actions: actions,
      power: power, devices: devices, other: other)
  }
}

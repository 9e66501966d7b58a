internal import VirtCore
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension TestDriver {
  /// The files that a snapshot of disks puts on top of what they have, by the guest's names; the snapshot learns those that
  /// its document leaves out.
  static func layers(
    _ disks: inout [SnapshotDefinition.Disk], of definition: DomainDefinition, snapshot: String
  ) throws(VirtError) -> [String: DiskChain.Layer] {
    var layers: [String: DiskChain.Layer] = [:]
    for index in disks.indices where disks[index].place == .external {
      guard let place = definition.disk(disks[index].name) else { continue }
      let chain = DiskChain(definition.values.hardware.devices[place].element)
      let asked = disks[index].content.compactMap { part in
        if case .element(let element) = part { element } else { nil }
      }
      let format: String = asked.first { $0.name == "driver" }?["type"] ?? "qcow2"
      if !disks[index].attributes.contains(where: { $0.name == "type" }) {
        disks[index].attributes.append(XMLAttribute("type", "file"))
      }
      if let source = asked.first(where: { $0.name == "source" }) {
        let type = disks[index].attributes.first { $0.name == "type" }?.value ?? "file"
        layers[disks[index].name] = .init(type: type, format: format, source: source)
        continue
      }
      guard chain.layers[0].type == "file", let path = chain.layers[0].path else {
        throw disks[index].wrong("it must say where the disk goes on: '\(disks[index].name)'")
      }
      let layer = DiskChain.Layer(file: "\(stem(path)).\(snapshot)", format: format)
      disks[index].content = [.element(XMLElement("driver", [XMLAttribute("type", format)]))]
      if let source = layer.source { disks[index].content.append(.element(source)) }
      layers[disks[index].name] = layer
    }
    var used: Set<String> = []
    for disk in disks { used.formUnion(definition.chain(disk.name)?.layers.compactMap(\.path) ?? []) }
    for path in layers.values.compactMap(\.path) where !used.insert(path).inserted {
      throw VirtError(.configUnsupported, .domainSnapshot, "the file is in use already:", path)
    }
    return layers
  }

  /// A path without what follows the last dot of its last part.
  private static func stem(_ path: String) -> Substring {
    let name = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    guard let dot = path[name...].lastIndex(of: "."), dot > name else { return path[...] }
    return path[..<dot]
  }
}

extension DomainRecord {
  /// Has disks write to new files, on top of what they have.
  mutating func write(to layers: [String: DiskChain.Layer]) {
    guard !layers.isEmpty else { return }
    definition = definition.putting(layers)
    next = next?.putting(layers)
  }
}

extension DomainDefinition {
  /// The same with new files on top of what disks have.
  func putting(_ layers: [String: DiskChain.Layer]) -> DomainDefinition {
    layers.reduce(self) { definition, layer in
      guard let place = definition.disk(layer.key) else { return definition }
      var chain = DiskChain(definition.values.hardware.devices[place].element)
      chain.layers.insert(layer.value, at: 0)
      return definition.changing(disk: place, chain)
    }
  }
}

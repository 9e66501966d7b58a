internal import VirtXML

extension DomainDefinition {
  /// The same domain with the processor that a host gives its guest, where the document leaves that to the host (`host-model`, or
  /// at least a model); itself otherwise.
  package func updatingProcessor(from host: ProcessorHost) -> DomainDefinition {
    guard let index = values.hardware.platform.firstIndex(where: { $0.isNamed("cpu") }) else { return self }
    let asked = values.hardware.platform[index]
    guard asked.has("mode", "host-model") || asked.has("mode", "custom") && asked.has("match", "minimum"),
      ProcessorFamily(architecture: values.hardware.system.architecture) == .x86,
      let given = try? ProcessorSelection.nearest(to: host.features, vendor: host.vendor, says: true)
    else { return self }
    var platform = values.hardware.platform
    platform[index] = asked.filled(from: given.element(expanded: false))
    return changing { $0.hardware = $0.hardware.copy(platform: platform) }
  }
}

extension XMLElement {
  /// What a guest asked for, as a model of a host's; what it says of single features stays.
  fileprivate func filled(from given: XMLElement) -> XMLElement {
    let others = attributes.filter { !["mode", "match"].contains($0.name) }
    let own = elements.filter { $0.isNamed("feature") }
    let said = Set(own.compactMap { $0["name"] })
    let features = given.elements.filter { $0.isNamed("feature") && !said.contains($0["name"] ?? "") } + own
    let chosen = given.elements.filter { !$0.isNamed("feature") }
    let rest = elements.filter { !$0.isNamed("feature") && !$0.isNamed("model") && !$0.isNamed("vendor") }
    let parts = chosen + rest.filter { !$0.isNamed("numa") } + features + rest.filter { $0.isNamed("numa") }
    return XMLElement("cpu", given.attributes + others, parts.map { .element($0) })
  }
}

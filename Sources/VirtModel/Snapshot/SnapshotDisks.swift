package import VirtCore
internal import VirtXML

extension SnapshotDefinition {
  /// What happens to each disk of a domain, in the domain's order.
  ///
  /// - Parameters:
  ///   - asked: What a document says of some of them, by the guest's names or by their files.
  ///   - kept: Where the others are kept, unless they are read-only, empty, or left out by the domain itself.
  ///   - isUniform: Whether all that are kept must be kept there.
  package static func disks(
    _ asked: [Disk], of domain: DomainDefinition, kept: Place, isUniform: Bool
  ) throws(VirtError) -> [Disk] {
    let devices = domain.values.hardware.devices
    var disks: [Disk] = []
    var places: [Int: Int] = [:]
    for (place, device) in devices.enumerated() where device.kind == .disk {
      let element = device.element
      let isKept = element.first("readonly") == nil && element.first("source") != nil
      let own: Place? = element["snapshot"].flatMap(Place.init(rawValue:))
      places[place] = disks.count
      let usual: Place = isUniform && own != Place.none ? kept : own ?? kept
      disks.append(Disk(name: VirtModel.Disk.target(element), place: isKept ? usual : Place.none))
    }
    var named: Set<Int> = []
    for one in asked {
      guard let index = domain.disk(one.name).flatMap({ places[$0] }) else {
        throw one.wrong("the domain has no disk '\(one.name)'")
      }
      guard named.insert(index).inserted else {
        throw one.wrong("it is named twice: '\(one.name)'")
      }
      let place = one.place ?? disks[index].place
      let mayStay = place == Place.none && (kept == .external || disks[index].place == Place.none)
      guard !isUniform || place == kept || mayStay else {
        throw one.wrong("it must be kept where the others are: '\(one.name)'")
      }
      if one.hasSource, place != .external {
        throw one.wrong("only a disk that is kept outside has a file for it: '\(one.name)'")
      }
      disks[index].place = place
      disks[index].content = one.content
      disks[index].attributes = one.attributes
      disks[index].line = one.line
    }
    return disks
  }
}

extension SnapshotDefinition.Disk {
  /// An error about the disk as a document names it.
  package func wrong(_ rule: String) -> VirtError {
    VirtError(.configUnsupported, .domainSnapshot, in: "disk", line: line, rule)
  }
}

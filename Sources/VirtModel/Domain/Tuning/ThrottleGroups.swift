internal import VirtXML

extension DomainHardware {
  private var groups: XMLElement? { setting("throttlegroups", in: .placement) }

  /// The limits of a group of disks; nil when there is no such group.
  package func throttleGroup(_ name: String) -> DiskLimits? {
    groups?.elements.first { $0.first("group_name")?.text == name }.map { DiskLimits(limits: $0) }
  }

  /// Whether a disk is in a group.
  package func usesThrottleGroup(_ name: String) -> Bool {
    devices.contains { device in
      device.kind == .disk && device.element.first("throttlefilters")?.elements.contains { $0["group"] == name } ?? false
    }
  }

  /// The same hardware with a group's limits set or, with nil, without the group.
  package func changing(throttleGroup name: String, to limits: DiskLimits?) -> DomainHardware {
    let all = groups?.elements.map { $0 } ?? []
    var changed: [XMLElement] = []
    var isFound = false
    for group in all {
      guard group.first("group_name")?.text == name else {
        changed.append(group)
        continue
      }
      isFound = true
      if let limits { changed.append(limits.element(from: group)) }
    }
    if !isFound, let limits { changed.append(limits.element(from: XMLElement("throttlegroup"))) }
    let whole = XMLElement("throttlegroups", elements: changed)
    return changing("throttlegroups", in: .placement, to: whole.unlessEmpty)
  }
}

package import VirtCore
internal import VirtXML

extension SnapshotRequest {
  private static let states: Set<String> = [
    "running", "blocked", "paused", "shutdown", "shutoff", "crashed", "pmsuspended", "disk-snapshot",
  ]

  /// The definition that a document gives which an earlier description was.
  package func redefinition(_ name: String) throws(VirtError) -> SnapshotDefinition {
    guard let time = existing.creationTime else {
      throw element.wrong(.internalError, "<creationTime> is missing", .domainSnapshot)
    }
    guard let state = existing.state else {
      throw element.wrong(.xmlError, "<state> is missing", .domainSnapshot)
    }
    guard Self.states.contains(state) else {
      throw element.part("state", .configUnsupported, "a snapshot has no such state: '\(state)'", .domainSnapshot)
    }
    let isOff = state == "shutoff" || state == "disk-snapshot"
    if isOff, let memory, memory != .none {
      throw element.part(
        "memory", .xmlError, "a domain that was off, or of which only disks are kept, has none", .domainSnapshot)
    }
    var definition = SnapshotDefinition(name: name, state: state, creationTime: time, memory: memory ?? (isOff ? .none : .internal))
    definition.description = description
    definition.memoryFile = memoryFile
    definition.disks = disks
    definition.domain = existing.domain
    definition.inactiveDomain = existing.inactiveDomain
    definition.other = other
    return definition
  }
}

extension SnapshotDefinition {
  /// Whether reverting starts the domain.
  private var isOnline: Bool { state == "running" || state == "paused" }

  /// Takes the domain of the definition it replaces where it has none, and refuses to become a snapshot of something else.
  package mutating func check(replaces former: SnapshotDefinition) throws(VirtError) {
    guard let past = former.domain else { return }
    if let domain {
      if let difference = domain.difference(fromGuestOf: past) {
        throw VirtError(.configUnsupported, .domain, "", "snapshot '\(name)' would be of another guest: \(difference)")
      }
    } else {
      domain = past
      inactiveDomain = former.inactiveDomain
    }
    guard isOnline == former.isOnline, (state == "disk-snapshot") == (former.state == "disk-snapshot") else {
      throw VirtError(.invalidArg, .domainSnapshot, "", "snapshot '\(name)' is '\(former.state)' and cannot become '\(state)'")
    }
  }

  /// Says what happens to each disk of its domain.
  package mutating func alignDisks() throws(VirtError) {
    guard let domain else {
      guard disks.isEmpty else {
        throw VirtError(.internalError, .domainSnapshot, "a redefined snapshot with disks needs its <domain>:", name)
      }
      return
    }
    let isApart = state == "disk-snapshot" || memory == .external
    disks = try Self.disks(disks, of: domain, kept: isApart ? .external : .internal, isUniform: false)
  }
}

extension DomainDefinition {
  /// What a guest would notice if this were put in the place of another definition; nil when there is nothing.
  package func difference(fromGuestOf other: DomainDefinition) -> String? {
    let mine = values, past = other.values
    if mine.uuid != past.uuid { return "another UUID" }
    if mine.name != past.name { return "another name" }
    if mine.memory != past.memory { return "another size of memory" }
    if mine.processors != past.processors { return "another number of processors" }
    if mine.hardware.system.architecture != past.hardware.system.architecture { return "another architecture" }
    let shown = { (device: Device) -> String in
      let target = device.element.first("target")
      return "\(device.kind.rawValue) \(device.kind == .disk ? target?["dev"] ?? "" : "") \(target?["bus"] ?? "")"
    }
    return mine.hardware.devices.map(shown).sorted() == past.hardware.devices.map(shown).sorted() ? nil : "other devices"
  }
}

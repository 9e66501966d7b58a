internal import VirtXML

/// What two pools cannot both use.
extension StoragePoolDefinition {
  /// What it takes for itself, and what it must not find taken; mostly the same.
  package var claims: (taken: [String], wanted: [String]) {
    let source = source ?? XMLElement("source")
    let devices = source.elements.filter { $0.isNamed("device") }.compactMap { $0["path"] }
    switch kind {
    case .dir: return both([path ?? ""])
    case .fs, .logical, .disk, .zfs: return both(devices, of: "device")
    case .scsi: return both(source.first("adapter").flatMap { StorageAdapter.identity($0) }.map { [$0] } ?? [])
    case .mpath: return both([""])
    case .vstorage: return both([source.first("name")?.text ?? ""])
    case .netfs: return ofHost(source, [source.first("dir")?["path"] ?? ""])
    case .gluster: return ofHost(source, ["\(source.first("name")?.text ?? "")\0\(source.first("dir")?["path"] ?? "")"])
    case .sheepdog: return ofHost(source, [""])
    case .iscsi:
      let initiator = source.first("initiator")?.first("iqn")?["name"] ?? ""
      return ofHost(source, devices.map { "\($0)\0\(initiator)" })
    case .rbd, .iscsiDirect: return ([], [])
    }
  }

  private func both(_ names: [String], of group: String? = nil) -> (taken: [String], wanted: [String]) {
    let keys = names.map { "\(group ?? kind.rawValue)\0\($0)" }
    return (keys, keys)
  }

  /// A pool with one host takes what it uses there; one with several leaves it to others.
  private func ofHost(_ source: XMLElement, _ names: [String]) -> (taken: [String], wanted: [String]) {
    let hosts = source.elements.filter { $0.isNamed("host") }
    guard let host = hosts.first else { return ([], []) }
    let wanted = names.map { "\(kind.rawValue)\0\(host["name"] ?? "")\0\(host["port"] ?? "")\0\($0)" }
    return (hosts.count == 1 ? wanted : [], wanted)
  }
}

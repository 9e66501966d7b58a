internal import VirtXML

/// The order in which the parts of documents about storage are written.
enum StorageShape {
  /// What of a pool is read into values, or counted by who has it.
  static let poolValues = Shape(names: ["name", "uuid", "capacity", "allocation", "available"])
  static let permissions = Shape([], [("mode", nil), ("owner", nil), ("group", nil), ("label", nil)])
  static let adapter = Shape(
    ["type", "name", "parent", "parent_wwnn", "parent_wwpn", "parent_fabric_wwn", "managed", "wwnn", "wwpn"])
  /// The parts of a pool's source.
  static let source = Shape(
    [],
    [
      ("host", Shape(["name", "port"])), ("device", Shape(["path", "part_separator"])), ("dir", nil), ("adapter", adapter),
      ("name", nil), ("initiator", nil), ("format", nil), ("auth", Shape(["type", "username"])), ("protocol", nil),
      ("vendor", nil), ("product", nil),
    ])
  /// What a source can have several of.
  static let repeated = Shape(names: ["host", "device"])
  static let poolTarget = Shape([], [("path", nil), ("permissions", permissions)])
  static let pool = Shape(["type"], [("features", nil), ("source", nil), ("target", nil), ("refresh", nil)])

  /// What of a volume's target is read into values, or is told rather than asked for.
  static let targetValues = Shape(names: ["path", "format", "timestamps", "nocow"])
  static let encryption = Shape(
    ["format", "engine"],
    [
      ("secret", Shape(["type", "uuid", "usage"])), ("cipher", Shape(["name", "size", "mode", "hash"])),
      ("ivgen", Shape(["name", "hash"])),
    ])
  static let volumeTarget = Shape(
    [],
    [
      ("permissions", permissions), ("encryption", encryption), ("compat", nil), ("clusterSize", nil), ("features", nil),
    ])
  static let backing = Shape([], [("path", nil), ("format", nil), ("permissions", permissions)])
}

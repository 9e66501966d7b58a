internal import VirtCore
package import VirtXML

/// How much a disk may do (`iotune`).
package struct DiskLimits: Sendable, Equatable {
  /// The numbers, in the order in which they are written, and the group's name among them.
  package static let names: [StaticString] = [
    "total_bytes_sec", "read_bytes_sec", "write_bytes_sec", "total_iops_sec", "read_iops_sec", "write_iops_sec",
    "total_bytes_sec_max", "read_bytes_sec_max", "write_bytes_sec_max", "total_iops_sec_max", "read_iops_sec_max",
    "write_iops_sec_max", "size_iops_sec", "group_name", "total_bytes_sec_max_length", "read_bytes_sec_max_length",
    "write_bytes_sec_max_length", "total_iops_sec_max_length", "read_iops_sec_max_length", "write_iops_sec_max_length",
  ]
  /// Where among ``names`` the group's name stands.
  package static let group = 13
  /// The largest number.
  package static let most: UInt64 = 1_000_000_000_000_000

  /// A number for each name; 0 for no limit.
  package var values = [UInt64](repeating: 0, count: names.count)
  /// The group of disks that share the limits; absent for none.
  package var groupName: String?

  /// Reads the limits of a disk.
  package init(_ disk: XMLElement) {
    self.init(limits: disk.first("iotune") ?? XMLElement("iotune"))
  }

  /// No limits, of a group of disks or of one alone.
  package init(group: String? = nil) { groupName = group }

  /// Reads the element that the limits stand in.
  package init(limits element: XMLElement) {
    for (index, name) in Self.names.enumerated() where index != Self.group {
      values[index] = element.first(name).flatMap { UInt64($0.text) } ?? 0
    }
    groupName = element.first("group_name")?.text
  }

  /// The disk with these limits.
  package func applied(to disk: XMLElement) -> XMLElement {
    let element = element(from: disk.first("iotune") ?? XMLElement("iotune"))
    return disk.changing("iotune", to: element.unlessEmpty, in: DeviceKind.disk.parts)
  }

  /// An element with these limits.
  func element(from before: XMLElement) -> XMLElement {
    var element = before
    for (index, name) in Self.names.enumerated() {
      let text = index == Self.group ? groupName : values[index] == 0 ? nil : "\(values[index])"
      let below = text.map { XMLElement("\(name)", [], [.text($0)]) }
      element = element.changing(name, to: below, in: .iotune)
    }
    return element
  }

  /// Checks the limits in a document; those that limit nothing are left out.
  static func complete(_ disk: XMLElement) throws(VirtError) -> XMLElement {
    guard let element = disk.first("iotune") else { return disk }
    for (index, name) in names.enumerated() where index != group {
      guard let below = element.first(name), below.hasText else { continue }
      guard UInt64(below.text) != nil else {
        throw below.wrong(.xmlError, "this is no number: '\(below.text)'")
      }
    }
    let limits = DiskLimits(disk)
    if let conflict = limits.total {
      throw element.wrong(.xmlError, "limits are in total or apart, not both: <\(conflict)>")
    }
    return limits.applied(to: disk)
  }

  /// A limit in total that stands beside one for reading or writing.
  private var total: StaticString? {
    for total in [0, 3, 6, 9] where values[total] != 0 && (values[total + 1] != 0 || values[total + 2] != 0) {
      return Self.names[total]
    }
    return nil
  }

  /// What the limits contradict themselves in: the name of a number that clashes; nil when they can stand.
  package var conflict: StaticString? {
    if let total { return total }
    for index in 0..<6 where values[index] > values[index + 6] { return Self.names[index] }
    return nil
  }

  /// The same for a group, whose numbers have a most only where one is given.
  package var groupConflict: StaticString? {
    if let total { return total }
    for index in 0..<6 where values[index + 6] != 0 && values[index] > values[index + 6] { return Self.names[index] }
    return nil
  }
}

internal import CVirt
internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

/// Where a guest has its file systems; both lie on its first disk.
enum GuestFileSystem: String, CaseIterable {
  case root = "/"
  case boot = "/boot"

  /// The number of the partition.
  var partition: Int { self == .root ? 1 : 2 }
  /// The kind of file system.
  static let type = "ext4"

  /// The name of the disk; nil when the guest has none.
  static func disk(_ values: DomainValues) -> String? {
    values.hardware.devices.first { $0.kind == .disk && $0.element["device"] == "disk" }.map { Disk.target($0.element) }
  }

  /// Those that are mounted there; all when nothing is named.
  static func named(_ places: [BorrowedText]) throws(VirtError) -> [GuestFileSystem] {
    if places.isEmpty { return allCases }
    var found: [GuestFileSystem] = []
    for place in places {
      guard let known = GuestFileSystem(rawValue: place.string) else {
        throw VirtError(.operationInvalid, .test, "the guest has no file system at", place.string)
      }
      if !found.contains(known) { found.append(known) }
    }
    return found
  }
}

extension TestDriver {
  /// How many file systems take no writes now that did before.
  func freeze(_ domain: Domain, _ places: [BorrowedText], _ flags: UInt32) throws(VirtError) -> Int32 {
    try acceptNone(flags, in: "domainFSFreeze")
    return try changeFrozen(of: domain, places) { $0.union($1) }
  }

  /// How many file systems take writes again.
  func thaw(_ domain: Domain, _ places: [BorrowedText], _ flags: UInt32) throws(VirtError) -> Int32 {
    try acceptNone(flags, in: "domainFSThaw")
    return try changeFrozen(of: domain, places) { $0.subtracting($1) }
  }

  /// Changes which file systems take no writes; for how many that changed.
  private func changeFrozen(
    of domain: Domain, _ places: [BorrowedText], _ change: (Set<String>, [String]) -> Set<String>
  ) throws(VirtError) -> Int32 {
    try running(domain) { (record) throws(VirtError) in
      let before = record.guest.frozen
      let after = change(before, try GuestFileSystem.named(places).map(\.rawValue))
      record.guest.frozen = after
      return Int32(clamping: abs(after.count - before.count))
    }
  }

  func trim(_ domain: Domain, _ place: BorrowedText?, _ least: UInt64, _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "domainFSTrim")
    try running(domain) { (record) throws(VirtError) in
      if let place { _ = try GuestFileSystem.named([place]) }
    }
  }

  func fileSystems(_ domain: Domain, _ flags: UInt32) throws(VirtError) -> [UnsafeMutablePointer<virDomainFSInfo>?] {
    try acceptNone(flags, in: "domainGetFSInfo")
    guard let disk = try running(domain, { GuestFileSystem.disk($0.definition.values) }) else { return [] }
    var answer: [UnsafeMutablePointer<virDomainFSInfo>?] = []
    for place in GuestFileSystem.allCases {
      var info = virDomainFSInfo()
      info.mountpoint = try hostText(place.rawValue)
      info.name = try hostText("\(disk)\(place.partition)")
      info.fstype = try hostText(GuestFileSystem.type)
      info.ndevAlias = 1
      info.devAlias = try hostArray([try hostText(disk)])
      answer.append(try hostStruct(info))
    }
    return answer
  }
}

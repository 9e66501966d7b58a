internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine

extension TestDriver {
  func setPassword(
    _ domain: Domain, _ user: BorrowedText, _ password: BorrowedText, _ flags: DomainSetUserPasswordFlags
  ) throws(VirtError) {
    try accept(flags, only: .encrypted, in: "domainSetUserPassword")
    let user = user.string, password = password.string
    try running(domain) { $0.guest.passwords[user] = password }
  }

  func keys(_ domain: Domain, _ user: BorrowedText, _ flags: UInt32) throws(VirtError) -> [String] {
    try acceptNone(flags, in: "domainAuthorizedSSHKeysGet")
    let user = user.string
    return try running(domain) { $0.guest.keys[user] ?? [] }
  }

  /// Replaces a user's keys, or adds some or takes some away.
  func setKeys(
    _ domain: Domain, _ user: BorrowedText, _ keys: [BorrowedText], _ flags: DomainAuthorizedSSHKeysSetFlags
  ) throws(VirtError) {
    try accept(flags, only: .known, in: "domainAuthorizedSSHKeysSet")
    let user = user.string, keys = keys.map(\.string)
    guard !user.isEmpty else { throw VirtError(.invalidArg, .test, "a user has a name") }
    guard !keys.isEmpty || flags.isDisjoint(with: [.append, .remove]) else {
      throw VirtError(.invalidArg, .domain, "which keys are added or removed is missing")
    }
    try running(domain) { record in
      let present = record.guest.keys[user] ?? []
      var changed: [String] = []
      if flags.contains(.remove) {
        changed = present.filter { !keys.contains($0) }
      } else {
        if flags.contains(.append) { changed = present }
        for key in keys where !changed.contains(key) { changed.append(key) }
      }
      record.guest.keys[user] = changed.isEmpty ? nil : changed
    }
  }
}

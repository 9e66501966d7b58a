internal import CVirt
internal import CVirtRuntime
internal import Glibc
internal import VirtCore

/// What a plugin's ELF note says, read without loading the plugin.
struct DriverNote {
  /// The driver's name.
  var name = ""
  /// Bit n: the driver is primary for the group with id n.
  var groups: UInt32 = 0
  /// Bit n: it offers the group with id n to others.
  var companionGroups: UInt32 = 0
  /// What URIs it answers.
  var rules: [MatchRule] = []
  /// Order among equals; larger goes first.
  var rank = 0
  /// Whether it can propose a URI.
  var proposes = false

  /// Why a plugin is not used.
  enum Refusal: Error {
    /// It is a shared object, but none of ours.
    case foreign
    /// It is broken or does not fit, for this reason.
    case refused(String)
  }

  /// Reads the note of an open file.
  init(descriptor: Int32) throws(Refusal) {
    let capacity = 16384
    let buffer = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 8)
    defer { buffer.deallocate() }
    var length = 0
    var reason: UnsafePointer<CChar>?
    let result = virt_note_read(descriptor, VIRT_DRIVER_NOTE_OWNER, VIRT_DRIVER_NOTE_TYPE, buffer, capacity, &length, &reason)
    switch result {
    case VIRT_NOTE_FOUND: break
    case VIRT_NOTE_NONE: throw .foreign
    default: throw .refused(reason.map { String(cString: $0) } ?? "it cannot be read")
    }
    try parse(UnsafeRawBufferPointer(start: buffer, count: length))
  }

  /// Takes a note's body apart.
  private mutating func parse(_ body: UnsafeRawBufferPointer) throws(Refusal) {
    let least = MemoryLayout<virt_driver_note>.size
    guard body.count >= least, let base = body.baseAddress else { throw .refused("its note is too short") }
    let head = base.loadUnaligned(as: virt_driver_note.self)
    let size = Int(head.size)
    guard size >= least, size <= body.count else { throw .refused("its note's header has a wrong size") }
    let (major, minor) = (UInt32(head.abi_major), UInt32(head.abi_minor_least))
    let here = "this library speaks \(VIRT_DRIVER_ABI_MAJOR).\(VIRT_DRIVER_ABI_MINOR)"
    guard major == VIRT_DRIVER_ABI_MAJOR else { throw .refused("it is built for driver ABI \(major), \(here)") }
    guard minor <= VIRT_DRIVER_ABI_MINOR else { throw .refused("it needs driver ABI \(major).\(minor), \(here)") }
    guard UInt64(head.api_least) <= UInt64(virt_library_version()) else {
      throw .refused("it needs API release \(head.api_least), this library has \(virt_library_version())")
    }
    let textSize = Int(head.text_size)
    guard textSize <= body.count - size else { throw .refused("its note's text is cut off") }
    var start = size
    for end in size..<size + textSize where body[end] == 0 {
      if end > start { try read(String(decoding: UnsafeRawBufferPointer(rebasing: body[start..<end]), as: UTF8.self)) }
      start = end + 1
    }
    guard !name.isEmpty, name.utf8.allSatisfy(Self.isNameByte) else { throw .refused("its note gives no usable name") }
    if rules.isEmpty && companionGroups == 0 { throw .refused("its note has no match rule and no companion group") }
    for index in rules.indices where rules[index].rank == nil { rules[index].rank = rank }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2d
  }

  private mutating func read(_ record: String) throws(Refusal) {
    guard let sign = record.firstIndex(of: "=") else { return }
    let value = String(record[record.index(after: sign)...])
    switch record[..<sign] {
    case "name": name = value
    case "group": groups |= Groups.bit(value)
    case "companion": companionGroups |= Groups.bit(value)
    case "match":
      guard let rule = MatchRule(value) else { throw .refused("its match rule is not one: \(value)") }
      rules.append(rule)
    case "rank":
      guard let number = Int(value) else { throw .refused("its rank is no number: \(value)") }
      rank = number
    case "propose": proposes = value == "yes"
    default: break
    }
  }
}

/// Names of operation groups.
enum Groups {
  /// By id; id 0 is no group.
  static let names = ["", "hypervisor", "network", "interface", "storage", "nodedev", "nwfilter", "secret"]

  /// The bit of a group's id; none for an unknown name.
  static func bit(_ name: String) -> UInt32 {
    names.firstIndex(of: name).map { $0 == 0 ? 0 : 1 << UInt32($0) } ?? 0
  }
}

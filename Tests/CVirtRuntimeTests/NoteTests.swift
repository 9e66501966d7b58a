import CVirtRuntime
import Glibc
import Testing

/// The note reader meets files of all kinds and never more than says why not.
@Suite struct NoteTests {
  /// A minimal 64-bit shared object for this machine with one note segment.
  static func object(owner: String = "VIRTDRV", type: UInt32 = 1, body: [UInt8] = Array(1...40)) -> [UInt8] {
    var note: [UInt8] = []
    append(UInt32(owner.utf8.count + 1), to: &note)
    append(UInt32(body.count), to: &note)
    append(type, to: &note)
    note += Array(owner.utf8) + [0]
    while note.count % 4 != 0 { note.append(0) }
    note += body
    while note.count % 4 != 0 { note.append(0) }
    #if arch(x86_64)
      let machine: UInt16 = 62
    #else
      let machine: UInt16 = 183
    #endif
    var file: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 9)
    append(UInt16(3), to: &file)
    append(machine, to: &file)
    append(UInt32(1), to: &file)
    append(UInt64(0), to: &file)
    append(UInt64(64), to: &file)
    append(UInt64(0), to: &file)
    append(UInt32(0), to: &file)
    for half in [64, 56, 1, 64, 0, 0] as [UInt16] { append(half, to: &file) }
    append(UInt32(4), to: &file)
    append(UInt32(4), to: &file)
    append(UInt64(120), to: &file)
    append(UInt64(0), to: &file)
    append(UInt64(0), to: &file)
    append(UInt64(note.count), to: &file)
    append(UInt64(note.count), to: &file)
    append(UInt64(4), to: &file)
    return file + note
  }

  static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }

  /// What the reader says about these bytes.
  static func read(_ bytes: [UInt8], capacity: Int = 256) -> (result: virt_note_result, body: [UInt8], reason: String?) {
    let file = tmpfile()
    defer { fclose(file) }
    let descriptor = fileno(file)
    _ = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    var buffer = [UInt8](repeating: 0, count: capacity)
    var length = 0
    var reason: UnsafePointer<CChar>?
    let result = virt_note_read(descriptor, "VIRTDRV", 1, &buffer, capacity, &length, &reason)
    return (result, Array(buffer.prefix(length)), reason.map { String(cString: $0) })
  }

  @Test func findsTheNote() {
    let found = Self.read(Self.object())
    #expect(found.result == VIRT_NOTE_FOUND)
    #expect(found.body == Array(1...40))
    #expect(Self.read(Self.object(body: Array(1...41))).body == Array(1...41))
  }

  @Test func passesOverOtherNotes() {
    #expect(Self.read(Self.object(owner: "GNU")).result == VIRT_NOTE_NONE)
    #expect(Self.read(Self.object(owner: "VIRTDRX")).result == VIRT_NOTE_NONE)
    #expect(Self.read(Self.object(type: 2)).result == VIRT_NOTE_NONE)
  }

  @Test func refusesWhatIsTooLarge() {
    #expect(Self.read(Self.object(), capacity: 39).result == VIRT_NOTE_BAD)
    #expect(Self.read(Self.object(), capacity: 40).result == VIRT_NOTE_FOUND)
  }

  @Test func everyTruncationHasAReason() {
    let whole = Self.object()
    for length in 0..<whole.count {
      let read = Self.read(Array(whole.prefix(length)))
      #expect(read.result != VIRT_NOTE_FOUND)
      #expect(read.reason != nil)
    }
  }

  @Test func everyByteMayBeAnything() {
    let whole = Self.object()
    for index in whole.indices {
      for value: UInt8 in [0, 1, 2, 0x7f, 0x80, 0xfe, 0xff] where whole[index] != value {
        var changed = whole
        changed[index] = value
        let read = Self.read(changed)
        #expect(read.result != VIRT_NOTE_BAD || read.reason != nil)
        #expect(read.body.count <= 256)
      }
    }
  }

  @Test func readsRealObjects() throws {
    let descriptor = open("/proc/self/exe", O_RDONLY)
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 64)
    var length = 0
    var reason: UnsafePointer<CChar>?
    #expect(virt_note_read(descriptor, "VIRTDRV", 1, &buffer, 64, &length, &reason) != VIRT_NOTE_FOUND)
    let directory = open("/", O_RDONLY)
    defer { close(directory) }
    #expect(virt_note_read(directory, "VIRTDRV", 1, &buffer, 64, &length, &reason) == VIRT_NOTE_BAD)
    #expect(virt_note_read(-1, "VIRTDRV", 1, &buffer, 64, &length, &reason) == VIRT_NOTE_BAD)
  }
}

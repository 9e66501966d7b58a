internal import VirtCore
internal import VirtXML

/// What the two hosts of a migration tell each other between its phases.
struct MigrationCookie: Sendable {
  /// The world that the domain leaves.
  var world: UUID
  /// Whether the guest ran before it was stopped for the move.
  var isRunning: Bool

  /// As it is sent.
  var text: String {
    var writer = XMLWriter(capacity: 128)
    let attributes = [XMLAttribute("world", "\(world)"), XMLAttribute("state", isRunning ? "running" : "paused")]
    writer.write(XMLElement("migration", attributes, []), depth: 0)
    return String(decoding: writer.array, as: UTF8.self)
  }

  /// Bytes of the text with its NUL.
  static func length(_ text: String) -> Int32 { Int32(clamping: text.utf8.count + 1) }

  /// Reads what the other side sent.
  static func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(VirtError) -> MigrationCookie {
    let element = try XMLReader.read(bytes, for: .test)
    guard element.name == "migration", let world = element["world"].flatMap({ UUID($0) }) else {
      throw VirtError(.internalError, .test, "the other host of the migration is no test driver")
    }
    return MigrationCookie(world: world, isRunning: element.has("state", "running"))
  }
}

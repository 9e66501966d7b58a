/// A pattern for names: `*` stands for any characters, `?` for one.
struct Pattern: Sendable {
  private let bytes: [UInt8]

  init(_ text: String) { bytes = Array(text.utf8) }

  /// Whether the whole name fits. Takes at most the product of the lengths.
  func fits(_ name: String) -> Bool {
    let name = Array(name.utf8)
    var place = 0, position = 0
    var star: (place: Int, position: Int)?
    while position < name.count {
      if place < bytes.count, bytes[place] == UInt8(ascii: "*") {
        star = (place, position)
        place += 1
      } else if place < bytes.count, bytes[place] == UInt8(ascii: "?") || bytes[place] == name[position] {
        place += 1
        position += 1
      } else if let last = star {
        star = (last.place, last.position + 1)
        place = last.place + 1
        position = last.position + 1
      } else {
        return false
      }
    }
    return bytes[place...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}

internal import VirtCore
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension SecretRecord {
  /// What is kept of a secret as it is now; nothing of one that is never written to disk.
  static func bytes(_ object: LiveObject<SecretRecord>) throws(VirtError) -> [UInt8]? {
    let record = object.record.withLock { $0 }
    guard !record.definition.isEphemeral else { return nil }
    var form = StoredForm()
    if let value = record.value { form.add(XMLElement("value", text: Base64.text(value))) }
    return try form.bytes(record.definition.text)
  }
}

/// Bytes as a text of 64 characters.
enum Base64 {
  private static let characters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// Writes bytes.
  static func text(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32((3 - group.count) * 8)
      for place in 0...3 {
        text.append(place > group.count ? UInt8(ascii: "=") : characters[Int(bits >> UInt32(18 - place * 6) & 63)])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Reads them; nil when the text is none.
  static func bytes(_ text: String) -> [UInt8]? {
    let digits = text.utf8.filter { $0 > 0x20 }
    guard digits.count % 4 == 0 else { return nil }
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: digits.count, by: 4) {
      let group = digits[start..<start + 4]
      let fill = group.reversed().prefix { $0 == UInt8(ascii: "=") }.count
      guard fill <= (start + 4 == digits.count ? 2 : 0) else { return nil }
      var bits: UInt32 = 0
      for digit in group.dropLast(fill) {
        guard let value = characters.firstIndex(of: digit) else { return nil }
        bits = bits << 6 | UInt32(value)
      }
      bits <<= UInt32(fill * 6)
      for place in 0..<(3 - fill) { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(16 - place * 8))) }
    }
    return bytes
  }
}
